/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/lxc_config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/lxc_instance.h"
#include "tests/check.h"

struct scene {
	struct setting settings[5];
	struct platform platform;
	struct image image;
	unsigned cpus[3];
	struct spec spec;
	struct lxc_place place;
};

static void scene_init(struct scene *scene)
{
	*scene = (struct scene){
		.settings = {{"memory", "limit"},
			     {"cpuset", "pinned"},
			     {"idmap", "none"},
			     {"network", "empty"},
			     {"seccomp", "default"}},
		.image = {.root = "/image/root"},
		.cpus = {3, 1, 2},
		.place = {.log = "/run/x.log"},
	};
	scene->platform = (struct platform){.settings = scene->settings,
					    .setting_nr = 5,
					    .file = (char *)(uintptr_t) "lxc.yaml"};
	scene->spec = (struct spec){.id = "tare-1-a-7",
				    .platform = &scene->platform,
				    .image = &scene->image,
				    .cpus = scene->cpus,
				    .cpu_nr = 3,
				    .memory_bytes = (1u << 30) + 1};
}

/* The `nth` value of a key, or "(none)". */
static const char *value_of(const struct lxc_items *items, const char *key, unsigned nth)
{
	for (size_t i = 0; i < items->nr; i++)
		if (!strcmp(items->list[i].key, key) && nth-- == 0)
			return items->list[i].value;
	return "(none)";
}

static void build(const struct scene *scene, struct lxc_items *items)
{
	struct err err = {0};

	CHECK_INT(lxc_items_build(&scene->spec, &scene->place, items, &err), 0);
	CHECK_STR(err.text, "");
}

static void test_privileged(void)
{
	struct lxc_items items = {.nr = 0};
	struct scene scene;

	scene_init(&scene);
	build(&scene, &items);
	CHECK_STR(items.list[0].key, "lxc.log.file");
	CHECK_STR(value_of(&items, "lxc.rootfs.path", 0), "dir:/image/root");
	CHECK_STR(value_of(&items, "lxc.rootfs.options", 0), "ro");
	CHECK_STR(value_of(&items, "lxc.idmap", 0), "(none)");
	CHECK(strstr(value_of(&items, "lxc.cap.drop", 0), "sys_module") != NULL);
	CHECK_STR(value_of(&items, "lxc.net.0.type", 0), "empty");
	CHECK_STR(value_of(&items, "lxc.cgroup.cpuset.cpus", 0), "1-3");
	CHECK_STR(value_of(&items, "lxc.cgroup.memory.limit_in_bytes", 0), "1073741824");
	CHECK_STR(value_of(&items, "lxc.cgroup.dir.container", 0), "tare-1-a-7.payload");
	CHECK_STR(value_of(&items, "lxc.cgroup.dir.monitor", 0), "tare-1-a-7.monitor");
	CHECK_STR(value_of(&items, "lxc.cgroup.dir.monitor.pivot", 0),
		  "tare-1-a-7.pivot");
	CHECK_STR(value_of(&items, "lxc.mount.entry", 2), "(none)");
	CHECK_STR(value_of(&items, "lxc.seccomp.profile", 0), "(none)");
	CHECK_STR(value_of(&items, "lxc.apparmor.allow_incomplete", 0), "(none)");
	lxc_items_release(&items);
	CHECK_INT(items.nr, 0);
}

static void test_devices(void)
{
	struct lxc_items items = {.nr = 0};
	struct scene scene;

	scene_init(&scene);
	build(&scene, &items);
	CHECK_STR(value_of(&items, "lxc.cgroup.devices.deny", 0), "(none)");
	lxc_items_release(&items);
	scene.place.devices = true;
	build(&scene, &items);
	CHECK_STR(value_of(&items, "lxc.cgroup.devices.deny", 0), "a");
	CHECK_STR(value_of(&items, "lxc.cgroup.devices.allow", 2), "c 1:3 rwm");
	lxc_items_release(&items);
}

static void test_unprivileged(void)
{
	struct lxc_items items = {.nr = 0};
	struct scene scene;

	scene_init(&scene);
	scene.settings[2].value = "100000:65536";
	scene.spec.scratch = "/srv/my disk\\1";
	scene.spec.disk_bytes = 4096;
	build(&scene, &items);
	CHECK_STR(value_of(&items, "lxc.idmap", 0), "u 0 100000 65536");
	CHECK_STR(value_of(&items, "lxc.idmap", 1), "g 0 100000 65536");
	CHECK_STR(value_of(&items, "lxc.rootfs.options", 0), "ro,idmap=container");
	CHECK_STR(value_of(&items, "lxc.cap.drop", 0), "(none)");
	CHECK_STR(value_of(&items, "lxc.mount.entry", 2),
		  "tmpfs data tmpfs nosuid,nodev,mode=0755 0 0");
	CHECK_STR(value_of(&items, "lxc.mount.entry", 3),
		  "/srv/my\\040disk\\1341/disk.img data/disk.img none "
		  "bind,create=file,idmap=container 0 0");
	lxc_items_release(&items);
}

/* Without a data file: a folder to make files in, on the host's disk. */
static void test_folder(void)
{
	struct lxc_items items = {.nr = 0};
	struct scene scene;

	scene_init(&scene);
	scene.spec.scratch = "/srv/d";
	build(&scene, &items);
	CHECK_STR(value_of(&items, "lxc.mount.entry", 2), "/srv/d data none bind 0 0");
	CHECK_STR(value_of(&items, "lxc.mount.entry", 3), "(none)");
	lxc_items_release(&items);
}

/* A key of the other hierarchy would be ignored in silence. */
static void test_unified(void)
{
	struct lxc_items items = {.nr = 0};
	struct scene scene;

	scene_init(&scene);
	scene.place.cpuset_unified = scene.place.memory_unified = true;
	scene.place.seccomp = "/profile";
	scene.place.apparmor = true;
	build(&scene, &items);
	CHECK_STR(value_of(&items, "lxc.cgroup2.cpuset.cpus", 0), "1-3");
	CHECK_STR(value_of(&items, "lxc.cgroup2.memory.max", 0), "1073741824");
	CHECK_STR(value_of(&items, "lxc.cgroup.cpuset.cpus", 0), "(none)");
	CHECK_STR(value_of(&items, "lxc.cgroup.memory.limit_in_bytes", 0), "(none)");
	CHECK_STR(value_of(&items, "lxc.seccomp.profile", 0), "/profile");
	CHECK_STR(value_of(&items, "lxc.apparmor.allow_incomplete", 0), "1");
	lxc_items_release(&items);
}

static void test_no_limits(void)
{
	struct lxc_items items = {.nr = 0};
	struct scene scene;

	scene_init(&scene);
	scene.settings[0].value = scene.settings[1].value = "none";
	build(&scene, &items);
	CHECK_STR(value_of(&items, "lxc.cgroup.cpuset.cpus", 0), "(none)");
	CHECK_STR(value_of(&items, "lxc.cgroup.memory.limit_in_bytes", 0), "(none)");
	lxc_items_release(&items);
}

static void test_refused(void)
{
	struct lxc_items items = {.nr = 77};
	struct scene scene;
	struct err err = {0};

	scene_init(&scene);
	scene.settings[2].value = "0:65536";
	CHECK_INT(lxc_items_build(&scene.spec, &scene.place, &items, &err), -EINVAL);
	CHECK(strstr(err.text, "lxc.yaml") && strstr(err.text, "'0:65536'"));
	CHECK_INT(items.nr, 77);
}

static void test_idmap(void)
{
	static const char *const wrong[] = {"",
					    "none ",
					    "100000",
					    "100000:",
					    ":65536",
					    "-1:5",
					    "100000:65536x",
					    "100000:0",
					    "0:5",
					    "4294967295:1",
					    "4294967296:1",
					    "1:4294967295",
					    "100000:65536:1",
					    " 1:1",
					    "0x1:1"};
	struct lxc_idmap map = {7, 7};
	struct err err = {0};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err_clear(&err);
		CHECK_INT(lxc_idmap_parse(wrong[i], &map, &err), -EINVAL);
		CHECK(strstr(err.text, wrong[i]) != NULL);
		CHECK_INT(map.count, 7);
	}
	err_clear(&err);
	CHECK_INT(lxc_idmap_parse("100000:65536", &map, &err), 0);
	CHECK_INT(map.host_first, 100000);
	CHECK_INT(map.count, 65536);
	CHECK_INT(lxc_idmap_parse("none", &map, &err), 0);
	CHECK_INT(map.count, 0);
}

static void check_cpus(const unsigned *cpus, size_t nr, const char *want)
{
	char text[LXC_CPUS_MAX] = "?";

	CHECK_INT(lxc_cpus_text(cpus, nr, text), 0);
	CHECK_STR(text, want);
}

static void test_cpus(void)
{
	char text[LXC_CPUS_MAX];
	unsigned many[1024];

	check_cpus((unsigned[]){1}, 1, "1");
	check_cpus((unsigned[]){1, 0}, 2, "0-1");
	check_cpus((unsigned[]){9, 1, 2, 5, 3}, 5, "1-3,5,9");
	check_cpus((unsigned[]){2, 2}, 2, "2");
	check_cpus(NULL, 0, "");
	for (unsigned i = 0; i < 1024; i++)
		many[i] = 2 * i;
	CHECK_INT(lxc_cpus_text(many, 1024, text), -E2BIG);
}

static void check_log(const char *content, const char *want)
{
	char file[] = "/tmp/tare-test-lxc-XXXXXX", got[128] = "?";
	int fd = mkstemp(file);

	CHECK(write(fd, content, strlen(content)) == (ssize_t)strlen(content));
	close(fd);
	lxc_log_error(file, got, sizeof(got));
	CHECK_STR(got, want);
	unlink(file);
}

static void test_log(void)
{
	char got[8] = "?";

	check_log("", "");
	check_log("nonsense\n ERROR \nlxc 1 WARN  start - a.c:b:1 - not this\n", "");
	check_log(
		"lxc tare 20261124091456.977 WARN     conf - c.c:f:36 - missing\n"
		"lxc tare 20261124091456.979 ERROR    start - s.c:g:99 - Denied - Why\n"
		"lxc tare 20261124091456.979 ERROR    sync - s.c:h:34 - A consequence\n",
		"Denied - Why");
	lxc_log_error("/nonexistent/log", got, sizeof(got));
	CHECK_STR(got, "");
}

int main(void)
{
	test_privileged();
	test_devices();
	test_unprivileged();
	test_folder();
	test_unified();
	test_no_limits();
	test_refused();
	test_idmap();
	test_cpus();
	test_log();
	return check_done();
}
