/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The disk that limits are for, and what is written for it: on made-up machines. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/remove_tree.h"
#include "bench/study/neighbour_limit.h"
#include "tests/check.h"

/* A machine's files below a folder of its own; sda with sda1 on it, and a group. */
struct machine {
	char root[64];
	struct neighbour_host host;
	struct neighbour_group group;
};

static void put(const struct machine *machine, const char *name, const char *text)
{
	char path[PATH_MAX];
	cleanup(file) FILE *stream = NULL;

	(void)snprintf(path, sizeof(path), "%s/%s", machine->root, name);
	for (char *slash = strchr(path + strlen(machine->root) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0755);
		*slash = '/';
	}
	stream = fopen(path, "w");
	CHECK(stream != NULL);
	if (stream)
		(void)fputs(text, stream);
}

static const char *get(const struct machine *machine, const char *name)
{
	static char text[256];
	char path[PATH_MAX];
	cleanup(file) FILE *stream = NULL;

	(void)snprintf(path, sizeof(path), "%s/%s", machine->root, name);
	stream = fopen(path, "r");
	if (!stream || !fgets(text, sizeof(text), stream))
		return NULL;
	return text;
}

static void begin(struct machine *machine, const char *scheduler, bool unified)
{
	char from[PATH_MAX];
	struct cgroup_hierarchy *one = &machine->group.groups.list[0];

	*machine = (struct machine){.root = "/tmp/tare-test-XXXXXX"};
	CHECK(mkdtemp(machine->root));
	put(machine, "sys/devices/sda/dev", "8:0\n");
	put(machine, "sys/devices/sda/stat", "1 0 8 0 1 0 8 0\n");
	put(machine, "sys/devices/sda/queue/scheduler", scheduler);
	put(machine, "sys/devices/sda/sda1/partition", "1\n");
	put(machine, "sys/devices/sda/sda1/stat", "1 0 8 0 1 0 8 0\n");
	put(machine, "sys/dev/block/.here", "");
	(void)snprintf(from, sizeof(from), "%s/sys/dev/block/8:0", machine->root);
	CHECK_INT(symlink("../../devices/sda", from), 0);
	(void)snprintf(from, sizeof(from), "%s/sys/dev/block/8:1", machine->root);
	CHECK_INT(symlink("../../devices/sda/sda1", from), 0);
	neighbour_device_at(machine->root, makedev(8, 1), "ext4", &machine->host.device);
	machine->group.where = &machine->host;
	machine->group.groups.nr = 1;
	one->unified = unified;
	(void)snprintf(one->controllers, sizeof(one->controllers), "%s",
		       unified ? "cpu io memory" : "rw,blkio");
	(void)snprintf(one->dir, sizeof(one->dir), "%s/cgroup", machine->root);
	(void)snprintf(one->root, sizeof(one->root), "%s/cgroup", machine->root);
	(void)snprintf(machine->group.name, sizeof(machine->group.name), "g");
	put(machine, "cgroup/g/cgroup.procs", "");
}

/* says: in the reason; NULL: it can be set. */
static void check_set(const struct machine *machine, enum neighbour_limit limit, bool on,
		      const char *says)
{
	const struct neighbour_limit_def *def = &neighbour_limits[limit];
	struct err err = {0};

	CHECK_INT(def->set(def, &machine->group, on, &err), says ? -ENOTSUP : 0);
	if (!strstr(err.text, says ? says : ""))
		CHECK_STR(err.text, says);
}

static void check_file(const struct machine *machine, const char *name, const char *text)
{
	CHECK_STR(get(machine, name), text);
}

static void test_device(void)
{
	struct machine machine;
	struct neighbour_device none;

	begin(&machine, "none [mq-deadline] bfq\n", false);
	/* the whole disk, not the partition */
	CHECK_INT(machine.host.device.major, 8);
	CHECK_INT(machine.host.device.minor, 0);
	CHECK_STR(machine.host.device.scheduler, "mq-deadline");
	CHECK_STR(machine.host.device.missing, "");
	/* a file system of memory, of several disks, of a share */
	neighbour_device_at(machine.root, makedev(0, 42), "tmpfs", &none);
	CHECK(strstr(none.missing, "(tmpfs)") != NULL);
	CHECK(strstr(none.missing, "--scratch") != NULL);
	remove_tree(machine.root);
}

static void test_missing(void)
{
	struct machine machine;

	begin(&machine, "[bfq]\n", false);
	neighbour_device_at(machine.root, makedev(0, 42), "btrfs", &machine.host.device);
	put(&machine, "cgroup/g/blkio.throttle.read_bps_device", "");
	put(&machine, "cgroup/g/blkio.throttle.write_bps_device", "");
	check_set(&machine, LIMIT_IO_BPS, true, "(btrfs)");
	check_set(&machine, LIMIT_IO_WEIGHT, true, "");
	check_file(&machine, "cgroup/g/blkio.throttle.read_bps_device", NULL);
	remove_tree(machine.root);
}

static void test_v1(void)
{
	struct machine machine;

	begin(&machine, "[none] bfq\n", false);
	put(&machine, "cgroup/g/blkio.throttle.read_bps_device", "");
	put(&machine, "cgroup/g/blkio.throttle.write_bps_device", "");
	put(&machine, "cgroup/g/blkio.throttle.read_iops_device", "");
	check_set(&machine, LIMIT_IO_BPS, true, NULL);
	check_file(&machine, "cgroup/g/blkio.throttle.read_bps_device", "8:0 4194304");
	check_file(&machine, "cgroup/g/blkio.throttle.write_bps_device", "8:0 4194304");
	put(&machine, "cgroup/g/blkio.throttle.read_bps_device", "");
	check_set(&machine, LIMIT_IO_BPS, false, NULL);
	check_file(&machine, "cgroup/g/blkio.throttle.read_bps_device", "8:0 0");
	/* a kernel without the file for writes */
	check_set(&machine, LIMIT_IO_IOPS, true, "write_iops_device");
	check_set(&machine, LIMIT_QUOTA, true, "");
	remove_tree(machine.root);
}

static void test_v2(void)
{
	struct machine machine;

	begin(&machine, "[mq-deadline] none\n", true);
	put(&machine, "cgroup/g/io.max", "");
	put(&machine, "cgroup/g/io.weight", "");
	check_set(&machine, LIMIT_IO_IOPS, true, NULL);
	check_file(&machine, "cgroup/g/io.max", "8:0 riops=500 wiops=500");
	put(&machine, "cgroup/g/io.max", "");
	check_set(&machine, LIMIT_IO_IOPS, false, NULL);
	check_file(&machine, "cgroup/g/io.max", "8:0 riops=max wiops=max");
	/* a weight that nobody heeds is none */
	check_set(&machine, LIMIT_IO_WEIGHT, true, "'mq-deadline' and io.cost");
	check_file(&machine, "cgroup/g/io.weight", NULL);
	put(&machine, "cgroup/io.cost.qos", "8:16 enable=1\n8:0 enable=0 ctrl=auto\n");
	check_set(&machine, LIMIT_IO_WEIGHT, true, "");
	put(&machine, "cgroup/io.cost.qos", "8:16 enable=0\n8:0 enable=1 ctrl=auto\n");
	check_set(&machine, LIMIT_IO_WEIGHT, true, NULL);
	check_file(&machine, "cgroup/g/io.weight", "10");
	remove_tree(machine.root);
}

static void test_bfq(void)
{
	for (int unified = 0; unified < 2; unified++) {
		const char *file =
			unified ? "cgroup/g/io.bfq.weight" : "cgroup/g/blkio.bfq.weight";
		struct machine machine;

		begin(&machine, "none mq-deadline [bfq]\n", unified);
		put(&machine, file, "");
		check_set(&machine, LIMIT_IO_WEIGHT, true, NULL);
		check_file(&machine, file, "10");
		check_set(&machine, LIMIT_IO_WEIGHT, false, NULL);
		check_file(&machine, file, "100");
		remove_tree(machine.root);
	}
}

static int moved(const struct machine *machine, struct neighbour_moved *ret)
{
	return neighbour_device_moved(&machine->host.device,
				      &machine->group.groups.list[0], "g", ret);
}

/* Of this disk alone, each number in its place. */
static void test_moved(void)
{
	struct machine machine;
	struct neighbour_moved got = {.read_ios = 9};

	begin(&machine, "[none]\n", false);
	CHECK_INT(moved(&machine, &got), -ENOTSUP);
	CHECK_INT(got.read_ios, 9);
	put(&machine, "cgroup/g/blkio.throttle.io_service_bytes",
	    "8:16 Read 7\n8:0 Read 4096\n8:0 Write 8192\n8:0 Total 12288\n"
	    "8:32 Write 7\nTotal 9\n");
	put(&machine, "cgroup/g/blkio.throttle.io_serviced",
	    "8:0 Read 1\n8:0 Write 2\n8:0 Sync 3\n");
	CHECK_INT(moved(&machine, &got), 0);
	CHECK_INT(got.read_bytes, 4096);
	CHECK_INT(got.write_bytes, 8192);
	CHECK_INT(got.read_ios, 1);
	CHECK_INT(got.write_ios, 2);
	remove_tree(machine.root);
	begin(&machine, "[none]\n", true);
	put(&machine, "cgroup/g/io.stat",
	    "8:16 rbytes=1 wbytes=1 rios=1 wios=1 dbytes=0 dios=0\n"
	    "8:0 rbytes=10 wbytes=20 rios=30 wios=40 dbytes=0 dios=0\n");
	CHECK_INT(moved(&machine, &got), 0);
	CHECK_INT(got.read_bytes + 100 * got.write_bytes, 2010);
	CHECK_INT(got.read_ios + 100 * got.write_ios, 4030);
	put(&machine, "cgroup/g/io.stat", ""); /* nothing was done yet */
	CHECK_INT(moved(&machine, &got), 0);
	CHECK_INT(got.read_bytes, 0);
	remove_tree(machine.root);
}

/* What was had is known to ±0.1; what would have been without the limit. */
static enum finding judge(enum neighbour_limit limit, double got, double without)
{
	const struct neighbour_seen seen = {
		.got = {got, got - 0.1, got + 0.1},
		.without.got = {without, without - 0.1, without + 0.1}};
	const char *why;

	return neighbour_limits[limit].judge(&neighbour_limits[limit], &seen, &why);
}

static void test_judge(void)
{
	CHECK_INT(judge(LIMIT_IO_BPS, 4.1, 200), FINDING_HOLDS);
	CHECK_INT(judge(LIMIT_IO_BPS, 142, 200), FINDING_FAILS);
	CHECK_INT(judge(LIMIT_IO_BPS, 4.6, 200), FINDING_INCONCLUSIVE);
	CHECK_INT(judge(LIMIT_IO_IOPS, 512, 9000), FINDING_HOLDS);
	CHECK_INT(judge(LIMIT_IO_IOPS, 600, 9000), FINDING_FAILS);
	/* it wants no more, so that nothing is shown */
	CHECK_INT(judge(LIMIT_IO_IOPS, 380, 390), FINDING_INCONCLUSIVE);
	CHECK_INT(judge(LIMIT_IO_BPS, NAN, 200), FINDING_INCONCLUSIVE); /* not known */
}

int main(void)
{
	test_device();
	test_missing();
	test_v1();
	test_v2();
	test_bfq();
	test_moved();
	test_judge();
	return check_done();
}
