/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/density.h"

#include "tests/check.h"

static void test_jain(void)
{
	const double equal[] = {3, 3, 3, 3}, one[] = {5, 0, 0, 0}, half[] = {1, 1, 0, 0};
	const double none[] = {0, 0};

	CHECK_NEAR(density_jain(equal, 4), 1.0, 1e-12);
	CHECK_NEAR(density_jain(one, 4), 0.25, 1e-12);
	CHECK_NEAR(density_jain(half, 4), 0.5, 1e-12);
	CHECK_NEAR(density_jain(none, 2), 0.0, 1e-12);
}

static void test_knee(void)
{
	const double counts[] = {1, 2, 4, 8};
	const double linear[] = {10, 20, 40, 80}, flat[] = {10, 20, 20, 19},
		     at_once[] = {10, 10, 10, 10};

	CHECK_INT(density_knee(counts, linear, 4), 0);
	CHECK_INT(density_knee(counts, flat, 4), 2);
	CHECK_INT(density_knee(counts, at_once, 4), 1);
	CHECK_INT(density_knee(counts, flat, 0), 0);
}

/* A stranger that swaps and a suite that asks for much are no failure of a platform. */
static void test_unreached(void)
{
	for (enum stop_rule rule = STOP_NONE; rule < STOP_RULE_NR; rule++)
		CHECK_INT(density_unreached(&(struct stop){.rule = rule}),
			  rule == STOP_START || rule == STOP_FAILURE
				  ? FINDING_FAILS
				  : FINDING_INCONCLUSIVE);
}

/* Steps whose windows are `totals` one after the other, all equally fair. */
static void fill_step(struct density_step *step, unsigned instances, double jain,
		      const double totals[4])
{
	*step = (struct density_step){.instances = instances, .nr = 4};
	for (size_t i = 0; i < 4; i++)
		step->windows[i] = (struct density_window){
			.total = totals[i], .mean = totals[i] / instances, .jain = jain};
}

static struct density_shape shape_of(const struct density_step *steps, size_t nr,
				     unsigned claimed)
{
	struct density_shape shape = {.knee = {NAN, NAN, NAN}};
	struct err err = {0};

	CHECK_INT(density_shape(steps, nr, claimed, 7, &shape, &err), 0);
	return shape;
}

/* Windows that are alike leave nothing open. */
static void test_shape_exact(void)
{
	const double one[] = {10, 10, 10, 10}, two[] = {20, 20, 20, 20},
		     four[] = {21, 21, 21, 21}, eight[] = {18, 18, 18, 18};
	struct density_step steps[4];
	struct density_shape shape;

	fill_step(&steps[0], 1, 1, one);
	fill_step(&steps[1], 2, 0.99, two);
	fill_step(&steps[2], 4, 0.95, four);
	fill_step(&steps[3], 8, 0.85, eight);
	shape = shape_of(steps, 4, 8);
	CHECK_NEAR(shape.knee.mean, 2, 0);
	CHECK_NEAR(shape.knee.low, 2, 0);
	CHECK_NEAR(shape.knee.high, 2, 0);
	CHECK_NEAR(shape.kept.mean, 18.0 / 21, 1e-12);
	CHECK_NEAR(shape.kept.high, 18.0 / 21, 1e-12);
	CHECK_NEAR(shape.fair.mean, 0.85, 1e-12);
	/* what comes behind the claim does not count against it */
	shape = shape_of(steps, 4, 3);
	CHECK_NEAR(shape.kept.mean, 1, 0);
	CHECK_NEAR(shape.fair.low, 0.95, 1e-12);
	CHECK(isnan(shape_of(steps, 3, 8).kept.mean));
	CHECK(isinf(shape_of(steps, 2, 8).knee.mean));
}

/* Windows that differ do, and no bound leaves what a share can be. */
static void test_shape_wide(void)
{
	const double one[] = {6, 10, 12, 9}, two[] = {12, 16, 30, 9},
		     eight[] = {8, 30, 11, 20};
	struct density_step steps[3];
	struct density_shape shape;

	fill_step(&steps[0], 1, 1, one);
	fill_step(&steps[1], 2, 0.99, two);
	fill_step(&steps[2], 8, 0.99, eight);
	shape = shape_of(steps, 3, 8);
	CHECK(shape.knee.low < shape.knee.high);
	CHECK(shape.kept.low < shape.kept.mean + 1e-12 && shape.kept.low > 0);
	CHECK(shape.kept.high <= 1);
	CHECK(shape.fair.high <= 1);
}

static enum finding reaches(double low, double high)
{
	const struct stats_mean value = {(low + high) / 2, low, high};

	return density_reaches(&value, 0.9);
}

static void test_verdict(void)
{
	CHECK_INT(reaches(0.9, 0.95), FINDING_HOLDS);
	CHECK_INT(reaches(0.7, 0.89), FINDING_FAILS);
	CHECK_INT(reaches(0.85, 0.95), FINDING_INCONCLUSIVE);
	CHECK_INT(reaches(NAN, NAN), FINDING_INCONCLUSIVE);
	CHECK_INT(density_both(FINDING_HOLDS, FINDING_HOLDS), FINDING_HOLDS);
	CHECK_INT(density_both(FINDING_HOLDS, FINDING_FAILS), FINDING_FAILS);
	CHECK_INT(density_both(FINDING_INCONCLUSIVE, FINDING_FAILS), FINDING_FAILS);
	CHECK_INT(density_both(FINDING_HOLDS, FINDING_INCONCLUSIVE),
		  FINDING_INCONCLUSIVE);
}

int main(void)
{
	test_shape_exact();
	test_shape_wide();
	test_verdict();
	test_jain();
	test_knee();
	test_unreached();
	return check_done();
}
