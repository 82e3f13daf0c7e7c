/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a neighbour has had of each resource so far. */
#include "bench/base/clock.h"
#include "bench/study/neighbour_limit.h"

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

static const char *const cpu_controllers[] = {"cpu", "cpuset", NULL};

const struct neighbour_usage neighbour_usages[RESOURCE_NR] = {
	[RESOURCE_CPU] = {"cpu", "of a CPU", true, cpu_controllers, read_cpu},
};
