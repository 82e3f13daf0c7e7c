/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a neighbour has had of each resource so far. */
#include <math.h>

#include "bench/base/clock.h"
#include "bench/study/neighbour_limit.h"

#define MIB 1048576.0

static double number(const struct neighbour_group *group,
		     const struct neighbour_number *what)
{
	const struct cgroup_hierarchy *where =
		neighbour_controller(&group->groups, what->controller);
	uint64_t value;

	if (!where || !group->name[0] ||
	    cgroup_number(where, group->name, where->unified ? what->v2 : what->v1,
			  where->unified ? what->v2_key : what->v1_key, &value))
		return NAN;
	return (double)value;
}

double neighbour_hits(const struct neighbour_usage *usage,
		      const struct neighbour_group *group)
{
	return usage->hits.controller ? number(group, &usage->hits) : NAN;
}

double neighbour_cached_bytes(const struct neighbour_group *group)
{
	static const struct neighbour_number cached = {"memory", "memory.stat", "cache",
						       "memory.stat", "file"};

	return number(group, &cached);
}

/* By our own group's counter where it counts: a process that was moved there is charged
 * to the group of its platform no more. */
static int read_cpu(struct runner *runner, const struct neighbour_group *group,
		    double *ret, struct err *err)
{
	struct account account = {0};
	uint64_t ns;
	int rc = 0;

	if (group->made && !cgroup_cpu_ns(&group->groups, group->name, &ns))
		account.cpu_ns = ns;
	else
		rc = runner->driver->account(runner->instance, &account, err);
	if (!rc)
		*ret = (double)account.cpu_ns / NS_PER_S;
	return rc;
}

static int read_pids(struct runner *runner, const struct neighbour_group *group,
		     double *ret, struct err *err)
{
	static const struct neighbour_number now = {"pids", "pids.current", NULL,
						    "pids.current", NULL};

	(void)runner;
	(void)err;
	*ret = number(group, &now);
	return 0;
}

static int read_memory(struct runner *runner, const struct neighbour_group *group,
		       double *ret, struct err *err)
{
	static const struct neighbour_number now = {"memory", "memory.usage_in_bytes",
						    NULL, "memory.current", NULL};

	(void)runner;
	(void)err;
	*ret = number(group, &now);
	return 0;
}

/* By the controller's account: where the neighbour says itself what it did, that is taken
 * (neighbours_disk.c). */
static double moved(const struct neighbour_group *group, bool operations)
{
	const struct cgroup_hierarchy *where = neighbour_controller(&group->groups, "io");
	struct neighbour_moved moved;

	if (!where || !group->name[0] ||
	    neighbour_device_moved(&group->where->device, where, group->name, &moved))
		return NAN;
	return operations ? (double)(moved.read_ios + moved.write_ios)
			  : (double)(moved.read_bytes + moved.write_bytes) / MIB;
}

static int read_disk(struct runner *runner, const struct neighbour_group *group,
		     double *ret, struct err *err)
{
	(void)runner;
	(void)err;
	*ret = moved(group, false);
	return 0;
}

static int read_operations(struct runner *runner, const struct neighbour_group *group,
			   double *ret, struct err *err)
{
	(void)runner;
	(void)err;
	*ret = moved(group, true);
	return 0;
}

static const char *const disk_controllers[] = {"io", NULL};
static const char *const cpu_controllers[] = {"cpu", "cpuset", NULL};
static const char *const pids_controllers[] = {"pids", NULL};
static const char *const memory_controllers[] = {"memory", NULL};

const struct neighbour_usage neighbour_usages[RESOURCE_NR] = {
	[RESOURCE_CPU] = {.name = "cpu",
			  .unit = "of a CPU",
			  .words = "% of a CPU",
			  .counter = true,
			  .shown = 0.01,
			  .controllers = cpu_controllers,
			  .read = read_cpu,
			  .hits = {"cpu", "cpu.stat", "nr_throttled", "cpu.stat",
				   "nr_throttled"}},
	[RESOURCE_PIDS] = {.name = "pids",
			   .unit = "processes",
			   .words = "processes",
			   .shown = 1,
			   .controllers = pids_controllers,
			   .read = read_pids,
			   .stays = true,
			   .hits = {"pids", "pids.events", "max", "pids.events", "max"},
			   .own_kernel = "a guest's processes are its own kernel's: the "
					 "host's pids controller does not count them"},
	[RESOURCE_MEMORY] = {.name = "memory",
			     .unit = "bytes",
			     .words = "MiB",
			     .shown = 1 << 20,
			     .controllers = memory_controllers,
			     .read = read_memory,
			     .stays = true,
			     .hits = {"memory", "memory.failcnt", NULL, "memory.events",
				      "max"},
			     .own_kernel = "a guest's page cache is its own kernel's: "
					   "the host's memory controller sees one "
					   "process"},
	[RESOURCE_DISK] = {.name = "disk",
			   .unit = "MiB/s",
			   .words = "MiB/s",
			   .counter = true,
			   .shown = 1,
			   .controllers = disk_controllers,
			   .read = read_disk},
	[RESOURCE_DISK_OPERATIONS] = {.name = "disk",
				      .unit = "I/O per second",
				      .words = "I/O per second",
				      .counter = true,
				      .shown = 1,
				      .controllers = disk_controllers,
				      .read = read_operations},
};
