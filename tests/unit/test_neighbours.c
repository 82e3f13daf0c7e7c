/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbours.h"

#include <errno.h>

#include "tests/check.h"

/* What the neighbour had is known to ±0.01. */
static enum finding judge(enum neighbour_limit limit, double got, double low, double high)
{
	const struct neighbour_finding one = {
		.limit = &neighbour_limits[limit],
		.seen = {.ratio = {.low = low, .high = high},
			 .got = {got, got - 0.01, got + 0.01}}};

	return neighbours_judge(&one);
}

/* "0" written to cgroup.procs would move tare itself. */
static void test_no_process(void)
{
	static const char *const controllers[] = {"cpu", NULL};
	struct neighbour_host host = {0};
	struct neighbour_group group;
	struct err err = {0};

	CHECK_INT(neighbour_group_open(&group, &host, controllers, "tare-1-a", 0, &err),
		  -ESRCH);
	CHECK(!group.made);
	neighbour_group_close(&group);
}

int main(void)
{
	test_no_process();
	CHECK_INT(judge(LIMIT_QUOTA, 0.21, 0.4, 0.5), FINDING_HOLDS);
	CHECK_INT(judge(LIMIT_QUOTA, 0.35, 0.9, 1.0), FINDING_FAILS); /* a cap is a cap */
	CHECK_INT(judge(LIMIT_WEIGHT, 0.6, 0.85, 0.95), FINDING_HOLDS);
	/* as with equal weights */
	CHECK_INT(judge(LIMIT_WEIGHT, 0.5, 0.45, 0.55), FINDING_FAILS);
	CHECK_INT(judge(LIMIT_WEIGHT, 0.1, 0.5, 1.2), FINDING_INCONCLUSIVE);
	CHECK_INT(judge(LIMIT_CPUSET, 1, 0.95, 1.02), FINDING_HOLDS);
	/* still on the same CPU */
	CHECK_INT(judge(LIMIT_CPUSET, 1, 0.45, 0.55), FINDING_FAILS);
	CHECK_INT(judge(LIMIT_NONE, 1, 0.45, 0.55), FINDING_INCONCLUSIVE);
	/* the interval lies on both sides of the cap */
	CHECK_INT(judge(LIMIT_QUOTA, 0.3, 0.9, 1.0), FINDING_INCONCLUSIVE);
	CHECK_STR(neighbour_limits[LIMIT_NONE].name, "none");
	CHECK_STR(neighbour_limits[LIMIT_CPUSET].name, "cpuset");
	return check_done();
}
