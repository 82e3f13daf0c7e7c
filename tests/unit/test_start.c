/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/start.h"

#include <errno.h>

#include "drivers/kvm_set_up.h"
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

static enum finding bounded(struct start_side containers, struct start_side guests,
			    struct start_side bounds)
{
	return start_order_bounded(&containers, &guests, &bounds);
}

static void test_bounded(void)
{
	const struct start_side none = {.nr = 0}, quick = side(0.5, 0.6, 0.9, 1.1),
				below = side(0.1, 0.2, 0.3, 0.4),
				above = side(1.2, 1.3, 1.4, 1.5),
				between = side(0.1, 0.2, 0.45, 0.55);

	CHECK(bounded(quick, none, below) == FINDING_HOLDS);
	CHECK(bounded(quick, none, between) == FINDING_INCONCLUSIVE);
	/* a part of a start that is quicker says nothing of the whole */
	CHECK(bounded(quick, none, above) == FINDING_INCONCLUSIVE);
	CHECK(bounded(quick, none, none) == FINDING_UNAVAILABLE);
	/* one guest is emulated, another is not */
	CHECK(bounded(quick, below, below) == FINDING_HOLDS);
	CHECK(bounded(quick, below, between) == FINDING_INCONCLUSIVE);
	CHECK(bounded(quick, between, below) == FINDING_INCONCLUSIVE);
	CHECK(bounded(quick, above, below) == FINDING_FAILS);
	CHECK(bounded(quick, below, none) == FINDING_INCONCLUSIVE);
}

/* Speeds: 1 / 1.15 is 0.8696. */
static void test_goal(void)
{
	CHECK(start_goal(0.88, 0.95, 1.15) == FINDING_HOLDS);
	CHECK(start_goal(1.2, 1.4, 1.15) == FINDING_HOLDS);
	CHECK(start_goal(0.86, 0.95, 1.15) == FINDING_INCONCLUSIVE);
	CHECK(start_goal(0.7, 0.88, 1.15) == FINDING_INCONCLUSIVE);
	CHECK(start_goal(0.7, 0.86, 1.15) == FINDING_FAILS);
	CHECK(start_goal(0.86, 0.95, 1.25) == FINDING_HOLDS);
}

/* What QEMU 7.2 says, and what is not its answer. */
static void test_set_up_answer(void)
{
	static const char greeting[] =
		"{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, "
		"\"minor\": 2, \"major\": 7}, \"package\": \"\"}, "
		"\"capabilities\": [\"oob\"]}}\r\n";
	char said[512];

	CHECK_INT(kvm_set_up_answer(""), 0);
	CHECK_INT(kvm_set_up_answer(greeting), 0);
	(void)snprintf(said, sizeof(said), "%s{\"return\": {}}\r\n", greeting);
	CHECK_INT(kvm_set_up_answer(said), 1);
	(void)snprintf(said, sizeof(said), "%s{\"error\": {\"class\": \"X\"}}\r\n",
		       greeting);
	CHECK_INT(kvm_set_up_answer(said), -EPROTO);
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
	test_bounded();
	test_goal();
	test_set_up_answer();
	return check_done();
}
