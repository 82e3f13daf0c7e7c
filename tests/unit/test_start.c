/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/start.h"

#include "tests/check.h"

static struct start_side side(double low, double high, double other_low,
			      double other_high)
{
	struct start_side ret = {.nr = 0};

	start_side_add(&ret, low, high);
	start_side_add(&ret, other_low, other_high);
	return ret;
}

static enum finding order(struct start_side containers, struct start_side guests)
{
	return start_order(&containers, &guests);
}

int main(void)
{
	const struct start_side none = {.nr = 0}, quick = side(0.5, 0.6, 0.9, 1.1),
				guests = side(0.003, 0.004, 0.1, 0.2);

	CHECK(order(quick, guests) == FINDING_HOLDS);
	CHECK(order(guests, quick) == FINDING_FAILS);
	/* one container overlaps with one guest */
	CHECK(order(side(0.15, 0.6, 0.9, 1.1), guests) == FINDING_INCONCLUSIVE);
	/* one guest is faster than one container, the other is not */
	CHECK(order(quick, side(0.003, 0.004, 0.7, 0.8)) == FINDING_FAILS);
	CHECK(order(quick, none) == FINDING_UNAVAILABLE);
	CHECK(order(none, guests) == FINDING_UNAVAILABLE);
	return check_done();
}
