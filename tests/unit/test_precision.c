/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "bench/precision/precision.h"
#include "tests/check.h"

/* From tables of the binomial: 15 of 16 and 16 of 16, 3 of 16. */
static void test_share(void)
{
	double low, high;

	precision_share(16, 16, &low, &high);
	CHECK_NEAR(low, 0.7941, 1e-4);
	CHECK_NEAR(high, 1, 0);
	precision_share(3, 16, &low, &high);
	CHECK_NEAR(low, 0.0405, 1e-4);
	CHECK_NEAR(high, 0.4565, 1e-4);
	/* 0.025^(1/17) is 0.805, of 16 it is 0.794 */
	CHECK_INT(precision_trials_wanted(), 17);
	precision_share(0, 4, &low, &high);
	CHECK_NEAR(low, 0, 0);
	CHECK_NEAR(high, 0.6024, 1e-4);
}

/* Below five values nothing is trimmed and it is Welch's t: for 1 … 4 against 2, 4, 6, 8
 * the standard error is sqrt(5/12 + 20/12) = 1.443376, the degrees of freedom
 * (25/12)²/((5/12)²/3 + (20/12)²/3) = 4.411765, t(0.975) of which is 2.678 or so. */
static void test_welch(void)
{
	double a[] = {4, 1, 3, 2}, b[] = {2, 8, 6, 4};
	struct precision_point point;

	precision_yuen(a, 4, b, 4, &point);
	CHECK(point.known);
	CHECK_NEAR(point.estimate, 2.5, 1e-12);
	CHECK_NEAR((point.high - point.low) / 2 / 1.443376, 2.678, 0.01);
}

/* Ten values of which two go on either side: 3 … 8 are left, squares that sum to 42.5
 * of 3, 3, 3, 4, 5, 6, 7, 8, 8, 8 about 5.5; error² = 42.5/(6·5) on each side. */
static void test_yuen(void)
{
	double a[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1000};
	double b[] = {-1000, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	struct precision_point point;

	precision_yuen(a, 10, b, 10, &point);
	CHECK(point.known);
	CHECK_NEAR(point.estimate, 0, 1e-12);
	/* t(0.975) for 10 degrees of freedom is 2.228 */
	CHECK_NEAR(point.high, 2.228 * sqrt(2 * 42.5 / 30), 1e-3);
	precision_yuen(a, 1, b, 10, &point);
	CHECK(!point.known);
}

#define TRIALS 8

/* Intervals of `half` at the last step, √2 and 2 times that wide before. */
static struct precision_trial trial_of(size_t effect, double estimate, double half)
{
	static const double seconds[] = {2.5, 5, 10};
	struct precision_trial trial = {.order = PRECISION_FRESH, .effect = effect};

	for (int i = 0; i < PRECISION_STEPS; i++) {
		double wide = half * sqrt(10 / seconds[i]);

		trial.points[PRECISION_CPU][i] =
			(struct precision_point){.known = true,
						 .seconds = seconds[i],
						 .estimate = estimate,
						 .low = estimate - wide,
						 .high = estimate + wide};
	}
	return trial;
}

static struct precision_summary sum_up(const struct precision_trial *trials, size_t nr)
{
	struct precision_summary summary = {0};
	struct err err = {0};

	CHECK_INT(precision_summarize(trials, nr, PRECISION_FRESH, 0, PRECISION_CPU,
				      &summary, &err),
		  0);
	return summary;
}

static void test_summary(void)
{
	struct precision_trial trials[TRIALS];
	struct precision_summary summary;

	for (size_t i = 0; i < TRIALS; i++)
		trials[i] = trial_of(0, i % 2 ? 0.003 : -0.003, 0.02);
	trials[0] = trial_of(3, -0.05, 0.02); /* found, though it misses the truth */
	trials[1].order = PRECISION_MIRRORED; /* not asked for */
	trials[2].cell = 1;
	trials[3].points[PRECISION_CPU][PRECISION_STEPS - 1].known = false;
	summary = sum_up(trials, TRIALS);
	CHECK_INT(summary.nr, 5);
	CHECK_INT(summary.covered, 4);
	CHECK_INT(summary.injected[3], 1);
	CHECK_INT(summary.found[3], 1);
	CHECK_INT(summary.injected[0], 4);
	CHECK_INT(summary.found[0], 0);
	CHECK_NEAR(summary.half_width, 0.02, 1e-12);
	CHECK_NEAR(summary.error,
		   sqrt((4 * 0.003 * 0.003 + pow(0.05 - log(1.02), 2)) / 5), 1e-12);
	CHECK_NEAR(summary.seconds, 10, 0);
	CHECK_NEAR(summary.slope, -0.5, 1e-9);
	CHECK_INT(summary.reach, REACH_EXTRAPOLATED);
	CHECK_NEAR(summary.reach_seconds, 40, 1e-6);
}

static void test_reach(void)
{
	struct precision_trial trial = trial_of(0, 0, 0.008);
	struct precision_summary summary = sum_up(&trial, 1);

	CHECK_INT(summary.reach, REACH_MEASURED); /* 1.13 % after 5 s, 0.8 % after 10 */
	CHECK_NEAR(summary.reach_seconds, 6.4, 1e-6);
	trial = trial_of(0, 0, 0.004); /* 0.8 % after 2.5 s */
	summary = sum_up(&trial, 1);
	CHECK_INT(summary.reach, REACH_EXTRAPOLATED);
	CHECK_NEAR(summary.reach_seconds, 1.6, 1e-6);
	trial = trial_of(0, 0, 0.02);
	trial.points[PRECISION_CPU][0] = trial.points[PRECISION_CPU][2];
	trial.points[PRECISION_CPU][0].seconds = 2.5;
	trial.points[PRECISION_CPU][1] = trial.points[PRECISION_CPU][2];
	trial.points[PRECISION_CPU][1].seconds = 5;
	summary = sum_up(&trial, 1); /* time does not help */
	CHECK_INT(summary.reach, REACH_UNSUPPORTED);
	trial = trial_of(0, 0.1, 0.02); /* narrow and wrong */
	summary = sum_up(&trial, 1);
	CHECK_INT(summary.reach, REACH_UNKNOWN);
	trial = trial_of(0, 0, 0.02);
	trial.points[PRECISION_CPU][0].known = false;
	summary = sum_up(&trial, 1);
	CHECK_INT(summary.reach, REACH_UNSUPPORTED);
	summary = sum_up(NULL, 0);
	CHECK_INT(summary.nr, 0);
	CHECK_INT(summary.reach, REACH_UNKNOWN);
}

int main(void)
{
	test_share();
	test_welch();
	test_yuen();
	test_summary();
	test_reach();
	return check_done();
}
