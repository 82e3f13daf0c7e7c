/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../bench/neighbours.h"

#include "../check.h"

static struct neighbour_finding finding(enum neighbour_limit limit, double got,
					double high)
{
	return (struct neighbour_finding){.limit = limit,
					  .got = got,
					  .asked = neighbour_limit_share(limit),
					  .ratio = {.high = high}};
}

static bool holds(enum neighbour_limit limit, double got, double high)
{
	struct neighbour_finding one = finding(limit, got, high);

	return neighbours_limit_holds(&one);
}

int main(void)
{
	CHECK(holds(LIMIT_QUOTA, 0.21, 0.5));
	CHECK(!holds(LIMIT_QUOTA, 0.35, 0.9)); /* not for the victim's sake */
	CHECK(holds(LIMIT_WEIGHT, 0.12, 0.5));
	CHECK(!holds(LIMIT_WEIGHT, 0.5, 0.5)); /* as with equal weights */
	CHECK(holds(LIMIT_CPUSET, 1, 0.95));
	CHECK(!holds(LIMIT_CPUSET, 1, 0.55)); /* it is still on the same CPU */
	CHECK_STR(neighbour_limit_name(LIMIT_CPUSET), "cpuset");
	return check_done();
}
