/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cgroup/cgroup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "tests/check.h"

#define V1_ROOT "9:name=systemd:/\n4:memory:/\n2:cpu,cpuacct:/\n0::/\n"
#define V2_SYSTEMD "0::/init.scope\n"

static void check_parse(const char *mountinfo, const char *init, const char *dir,
			const char *controllers)
{
	struct cgroup_hierarchy got = {.dir = "unset"};

	CHECK(cgroup_hierarchy_parse(mountinfo, init, &got) == (dir != NULL));
	CHECK_STR(got.dir, dir ? dir : "unset");
	if (dir)
		CHECK(strstr(got.controllers, controllers) != NULL);
}

static void test_parse(void)
{
	check_parse("33 32 0:30 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup "
		    "rw,memory\n",
		    V1_ROOT, "/sys/fs/cgroup/memory", "memory");
	check_parse("33 32 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup "
		    "rw,cpu,cpuacct\n",
		    V1_ROOT, "/sys/fs/cgroup/cpu,cpuacct", "cpuacct");
	check_parse("33 32 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
		    V2_SYSTEMD, "/sys/fs/cgroup", "");
	/* process 1 sits in a group of a container that has no cgroup namespace */
	check_parse("33 32 0:30 /docker/a /sys/fs/cgroup/memory rw - cgroup cgroup "
		    "rw,memory\n",
		    "4:memory:/docker/a\n", "/sys/fs/cgroup/memory", "");
	check_parse("33 32 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
		    "4:memory:/docker/a\n", "/sys/fs/cgroup/memory/docker/a", "");
	/* out of our sight */
	check_parse("33 32 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
		    "4:memory:/../..\n", "/sys/fs/cgroup/memory", "");
	/* "memory" must not be found in "memoryless" */
	check_parse("33 32 0:30 / /m rw - cgroup cgroup rw,memory\n",
		    "4:memoryless:/wrong\n", "/m", "");
	check_parse("22 1 254:0 / / rw - ext4 /dev/vda rw\n", V1_ROOT, NULL, "");
	check_parse("", V1_ROOT, NULL, "");
	check_parse("33 32 0:30 / /sys rw - cgroup\n", V1_ROOT, NULL, "");
}

/* --- recorded machines (tests/fixtures/cgroup) --- */

static void read_file(const char *machine, const char *name, char *to, size_t size)
{
	char path[128];
	FILE *stream;

	(void)snprintf(path, sizeof(path), "tests/fixtures/cgroup/%s/%s", machine, name);
	stream = fopen(path, "r");
	CHECK(stream != NULL);
	to[stream ? fread(to, 1, size - 1, stream) : 0] = '\0';
	if (stream)
		(void)fclose(stream);
}

static void read_machine(const char *machine, struct cgroup_hierarchies *ret)
{
	char mountinfo[16384], init[1024];
	struct err err = {0};

	read_file(machine, "mountinfo", mountinfo, sizeof(mountinfo));
	read_file(machine, "init", init, sizeof(init));
	ret->nr = 0;
	CHECK_INT(cgroup_hierarchies_parse(mountinfo, init, ret, &err), 0);
	CHECK_STR(err.text, "");
}

static void check_place(const struct cgroup_hierarchies *all, const char *controller,
			const char *dir)
{
	const struct cgroup_hierarchy *found = cgroup_hierarchy_with(all, controller);

	CHECK_STR(found ? found->dir : NULL, dir);
	CHECK(!found || (found->whole && !found->unified));
}

static size_t unified_nr(const struct cgroup_hierarchies *all)
{
	size_t nr = 0;

	for (size_t i = 0; i < all->nr; i++)
		nr += all->list[i].unified;
	return nr;
}

static void test_machines(void)
{
	struct cgroup_hierarchies all;

	read_machine("v1", &all);
	CHECK_INT(all.nr, 10);
	CHECK_INT(unified_nr(&all), 1);
	check_place(&all, "memory", "/sys/fs/cgroup/memory");
	check_place(&all, "cpu", "/sys/fs/cgroup/cpu");
	check_place(&all, "name=systemd", "/sys/fs/cgroup/systemd");
	check_place(&all, "hugetlb_", NULL);
	read_machine("hybrid", &all);
	CHECK_INT(all.nr, 8);
	CHECK_INT(unified_nr(&all), 1);
	check_place(&all, "cpu", "/sys/fs/cgroup/cpu,cpuacct");
	check_place(&all, "cpuacct", "/sys/fs/cgroup/cpu,cpuacct");
	for (int i = 0; i < 2; i++) {
		read_machine(i ? "scopes" : "v2", &all);
		CHECK_INT(all.nr, 1);
		CHECK(all.list[0].unified && all.list[0].whole);
		/* beside init.scope, not below it */
		CHECK_STR(all.list[0].dir, "/sys/fs/cgroup");
		CHECK_STR(all.list[0].root, "/sys/fs/cgroup");
	}
}

static void check_base(const char *own, const char *base)
{
	char got[64] = "untouched";
	bool found = cgroup_tenant_base(own, got, sizeof(got));

	CHECK_INT(found, base != NULL);
	CHECK_STR(got, base ? base : "untouched");
}

/* Where a tenant's groups go, by /proc/self/cgroup. */
static void test_tenant_base(void)
{
	struct cgroup_hierarchies all = {.foreign = true};
	struct err err = {0};

	check_base("0::/system.slice/run-1.scope\n", "/system.slice/run-1.scope");
	check_base("0::/system.slice/t.scope/tare-1-a.self\n", "/system.slice/t.scope");
	/* another's leaf, another's name */
	check_base("0::/a/tare.self\n", "/a/tare.self");
	check_base("0::/a/tare-1-a.payload\n", "/a/tare-1-a.payload");
	check_base("0::/tare-1-a.self\n", NULL);
	check_base("0::/\n", NULL);
	check_base("0::/../x\n", NULL);
	check_base("1:name=systemd:/a\n0::/b\n", NULL);
	check_base("", NULL);
	check_base("0::/0123456789012345678901234567890123456789012345678901234567890123",
		   NULL);
	CHECK_INT(cgroup_tenant_check(&all, &err), -EPERM);
	CHECK(strstr(err.text, "systemd-run") != NULL);
	err_clear(&err);
	CHECK_INT(cgroup_create(&all, "tare/x", &err), -EPERM);
}

/* A container's view of one hierarchy beside the host's; a blank in a mount point. */
static void test_twice(void)
{
	struct cgroup_hierarchies all;
	struct err err = {0};

	CHECK_INT(cgroup_hierarchies_parse(
			  "40 1 0:30 /box /srv/box/memory rw - cgroup cgroup rw,memory\n"
			  "41 1 0:30 / /my\\040groups rw - cgroup cgroup rw,memory\n"
			  "42 1 0:30 / /again rw - cgroup cgroup rw,memory\n",
			  V1_ROOT, &all, &err),
		  0);
	CHECK_INT(all.nr, 1);
	CHECK_STR(all.list[0].dir, "/my groups");
	CHECK(all.list[0].whole);
	CHECK_INT(cgroup_hierarchies_parse("1 1 8:1 / / rw - ext4 /dev/sda rw\n", "",
					   &all, &err),
		  -ENOENT);
	CHECK_INT(all.nr, 1);
}

static void test_with(void)
{
	struct cgroup_hierarchies all = {.nr = 2,
					 .list = {{.controllers = "rw,cpu,cpuacct"},
						  {.controllers = "memory,io"}}};

	CHECK(cgroup_hierarchy_with(&all, "cpuacct") == &all.list[0]);
	CHECK(cgroup_hierarchy_with(&all, "memory") == &all.list[1]);
	CHECK(cgroup_hierarchy_with(&all, "io") == &all.list[1]);
	CHECK(cgroup_hierarchy_with(&all, "acct") == NULL);
	CHECK(cgroup_hierarchy_with(&all, "cpuset") == NULL);
}

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[128];
	FILE *stream;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	stream = fopen(path, "w");
	CHECK(stream != NULL);
	if (stream) {
		(void)fputs(text, stream);
		(void)fclose(stream);
	}
}

static void remove_file(const char *dir, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
}

static void test_number(void)
{
	char dir[] = "/tmp/tare-test-XXXXXX";
	struct cgroup_hierarchy where = {.unified = true};
	uint64_t got = 42;

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(where.dir, sizeof(where.dir), "/tmp");
	write_file(dir, "cpu.stat", "usage_usec_more 1\nusage_usec 1234\nuser_usec 5\n");
	CHECK_INT(cgroup_number(&where, dir + 5, "cpu.stat", "usage_usec", &got), 0);
	CHECK_INT(got, 1234);
	CHECK_INT(cgroup_number(&where, dir + 5, "cpu.stat", "usage", &got) != 0, 1);
	CHECK_INT(cgroup_number(&where, dir + 5, "none", NULL, &got) != 0, 1);
	CHECK_INT(got, 1234);
	remove_file(dir, "cpu.stat");
	CHECK_INT(rmdir(dir), 0);
}

/* --- a version 2 tree of plain files --- */

struct tree {
	char dir[64];
	struct cgroup_hierarchies all;
};

static bool begin_tree(struct tree *tree, const char *handed_on)
{
	char mountinfo[128];
	struct err err = {0};

	(void)snprintf(tree->dir, sizeof(tree->dir), "/var/tmp/tare-test-XXXXXX");
	CHECK(mkdtemp(tree->dir) != NULL);
	write_file(tree->dir, "cgroup.controllers", "cpuset cpu io memory pids misc\n");
	write_file(tree->dir, "cgroup.subtree_control", handed_on);
	(void)snprintf(mountinfo, sizeof(mountinfo),
		       "29 1 0:30 / %s rw - cgroup2 cgroup2 rw\n", tree->dir);
	return !cgroup_hierarchies_parse(mountinfo, V2_SYSTEMD, &tree->all, &err);
}

static void end_tree(const struct tree *tree)
{
	remove_file(tree->dir, "cgroup.controllers");
	remove_file(tree->dir, "cgroup.subtree_control");
	CHECK_INT(rmdir(tree->dir), 0);
}

/* What the file holds after one write at its start: plain files keep the rest. */
static void check_control(const struct tree *tree, const char *begin)
{
	char got[64] = "";

	CHECK_INT(cgroup_read(&tree->all.list[0], "", "cgroup.subtree_control", got,
			      sizeof(got)),
		  0);
	got[strlen(begin)] = '\0';
	CHECK_STR(got, begin);
}

/* A dead owner's group goes, with what was handed on for it, and nobody else's. */
static void test_tree(void)
{
	struct tree tree;
	struct err err = {0};
	size_t removed = 0;
	char path[128];

	CHECK(begin_tree(&tree, "cpuset cpu memory pids\n"));
	CHECK(cgroup_hierarchy_with(&tree.all, "memory") == &tree.all.list[0]);
	CHECK(cgroup_hierarchy_with(&tree.all, "hugetlb") == NULL);
	CHECK_INT(cgroup_create(&tree.all, "tare/tare-1-ffffffffffff-0", &err), 0);
	check_control(&tree, "+io"); /* the one that was missing */
	(void)snprintf(path, sizeof(path), "%s/tare/tare-1-ffffffffffff-0", tree.dir);
	CHECK_INT(access(path, F_OK), 0);
	(void)snprintf(path, sizeof(path), "%s/tare/other", tree.dir);
	CHECK_INT(mkdir(path, 0755), 0);
	CHECK_INT(cgroup_reap(&tree.all, "tare", &removed, &err), 0);
	CHECK_INT(removed, 1);
	CHECK_INT(access(path, F_OK), 0); /* nobody's we know */
	check_control(&tree, "+io");
	CHECK_INT(rmdir(path), 0);
	CHECK_INT(cgroup_reap(&tree.all, "tare", &removed, &err), 0);
	CHECK_INT(removed, 1);
	if (geteuid() == 0) /* the note is an attribute that only root may write */
		check_control(&tree, "-io");
	CHECK_STR(err.text, "");
	end_tree(&tree);
}

/* Nothing was missing, nothing is taken back. */
static void test_tree_complete(void)
{
	struct tree tree;
	struct err err = {0};
	size_t removed = 0;

	CHECK(begin_tree(&tree, "cpuset cpu io memory pids\n"));
	CHECK_INT(cgroup_create(&tree.all, "tare/x", &err), 0);
	CHECK_INT(cgroup_remove(&tree.all, "tare/x", &err), 1);
	CHECK_INT(cgroup_reap(&tree.all, "tare", &removed, &err), 0);
	check_control(&tree, "cpuset cpu io");
	CHECK_INT(removed, 0);
	end_tree(&tree);
}

static void test_cpu_ns(void)
{
	struct tree tree;
	uint64_t got = 42;

	CHECK(begin_tree(&tree, ""));
	CHECK(cgroup_cpu_ns(&tree.all, "", &got) < 0);
	CHECK_INT(got, 42);
	write_file(tree.dir, "cpu.stat", "usage_usec 7\nuser_usec 3\n");
	CHECK_INT(cgroup_cpu_ns(&tree.all, "", &got), 0);
	CHECK_INT(got, 7000);
	remove_file(tree.dir, "cpu.stat");
	end_tree(&tree);
}

static size_t cgroup_dirs(const struct cgroup_hierarchies *all, const char *group)
{
	char path[512];
	struct stat info;
	size_t nr = 0;

	for (size_t i = 0; i < all->nr; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", all->list[i].dir, group);
		nr += !stat(path, &info);
	}
	return nr;
}

/* Real groups, where this user may make them. */
static void test_remove(void)
{
	char group[64], path[512];
	struct cgroup_hierarchies all;
	struct err err = {0};

	if (cgroup_hierarchies_read(&all, &err)) {
		SKIP("no control groups here");
		return;
	}
	(void)snprintf(group, sizeof(group), "tare-%d-0-test.pivot", (int)getpid());
	(void)snprintf(path, sizeof(path), "%s/%s", all.list[0].dir, group);
	if (mkdir(path, 0755)) {
		SKIP("may not make control groups here");
		return;
	}
	(void)strcat(path, "/lxc.pivot");
	CHECK_INT(mkdir(path, 0755), 0);
	CHECK_INT(cgroup_dirs(&all, group), 1);
	CHECK_INT(cgroup_remove(&all, group, &err), 1);
	CHECK_INT(cgroup_dirs(&all, group), 0);
	CHECK_INT(cgroup_remove(&all, group, &err), 0);
	CHECK_STR(err.text, "");
}

/* What the kernel says of this process, line by line, must be what it is found in. */
static void test_of(void)
{
	cleanup(file) FILE *file = fopen("/proc/self/cgroup", "re");
	char line[4096], name[128], path[2048], found[2048];

	while (file && fgets(line, sizeof(line), file)) {
		bool unified = sscanf(line, "%*u::%2047[^\n]", path) == 1;

		if (unified)
			name[0] = '\0';
		else if (sscanf(line, "%*u:%127[^:]:%2047[^\n]", name, path) != 2)
			continue;
		name[strcspn(name, ",")] = '\0';
		cgroup_of(getpid(), name, found, sizeof(found));
		CHECK_STR(found, path);
	}
	cgroup_of(getpid(), "no-such-controller", found, sizeof(found));
	CHECK_STR(found, "");
	cgroup_of(-1, "", found, sizeof(found));
	CHECK_STR(found, "");
}

int main(void)
{
	test_parse();
	test_tenant_base();
	test_machines();
	test_twice();
	test_with();
	test_number();
	test_tree();
	test_tree_complete();
	test_cpu_ns();
	test_remove();
	test_of();
	return check_done();
}
