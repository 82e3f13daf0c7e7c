/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../bench/cgroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"

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
	char dir[] = "/tmp/tare-test-lxc-XXXXXX";
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

int main(void)
{
	test_parse();
	test_with();
	test_number();
	test_remove();
	return check_done();
}
