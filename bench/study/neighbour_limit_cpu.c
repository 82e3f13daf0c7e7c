/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the limits on CPU time are set. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "bench/study/neighbour_limit.h"

#define PERIOD_US 100000

int neighbour_set_weight(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err)
{
	(void)limit;
	return neighbour_group_put(group, "cpu",
				   &(struct neighbour_file){
					   .v1 = "cpu.shares",
					   .v1_value = on ? "102" : "1024",
					   .v2 = "cpu.weight",
					   .v2_value = on ? "10" : "100",
				   },
				   err);
}

int neighbour_set_quota(const struct neighbour_limit_def *limit,
			const struct neighbour_group *group, bool on, struct err *err)
{
	long quota_us = lround(limit->asked * PERIOD_US);
	char v1[24], v2[48];

	(void)snprintf(v1, sizeof(v1), "%ld", on ? quota_us : -1);
	(void)snprintf(v2, sizeof(v2), "max %d", PERIOD_US);
	if (on)
		(void)snprintf(v2, sizeof(v2), "%ld %d", quota_us, PERIOD_US);
	return neighbour_group_put(
		group, "cpu",
		&(struct neighbour_file){"cpu.cfs_quota_us", v1, "cpu.max", v2}, err);
}

int neighbour_set_cpuset(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err)
{
	(void)limit;
	if (group->where->other == group->where->home)
		return err_fail(err, ENOTSUP, "this host has no second CPU");
	return neighbour_group_set_cpu(
		group, on ? group->where->other : group->where->home, err);
}
