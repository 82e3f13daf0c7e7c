/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/precision/precision.h"
#include "bench/results/stats.h"

#define TRIM 0.2
#define WANTED_HALF_WIDTH 0.01
/* A slope this near to −1/2 supports 1/√t. */
#define SLOPE_SLACK 0.25
/* Intervals that say 95 % and hold the truth less often than this have no "time to". */
#define COVERED_LEAST 0.8

const double precision_effects[PRECISION_EFFECTS] = {0, 0.005, 0.01, 0.02};

const char *precision_order_name(enum precision_order order)
{
	static const char *const names[] = {
		[PRECISION_MIRRORED] = "tare",
		[PRECISION_SEPARATE] = "AAAA BBBB",
		[PRECISION_FRESH] = "fresh runs",
	};

	return names[order];
}

void precision_share(size_t k, size_t n, double *ret_low, double *ret_high)
{
	double hits = (double)k, misses = (double)(n - k);

	*ret_low = k ? gsl_cdf_beta_Pinv(0.025, hits, misses + 1) : 0;
	*ret_high = n - k ? gsl_cdf_beta_Pinv(0.975, hits + 1, misses) : 1;
}

size_t precision_trials_wanted(void)
{
	double low = 0, high;
	size_t nr = 0;

	while (low < COVERED_LEAST) {
		nr++;
		precision_share(nr, nr, &low, &high);
	}
	return nr;
}

/* One sample's part of Yuen's statistic. */
struct side {
	double mean, left, error2; /* values left, squared standard error */
};

static bool take_side(double *values, size_t nr, struct side *ret)
{
	size_t cut = (size_t)(TRIM * (double)nr), left = nr - 2 * cut;
	double mean = 0, sum = 0;

	if (nr < 2 || left < 2)
		return false;
	ret->mean = stats_trimmed_mean(values, nr, TRIM); /* sorts */
	for (size_t i = 0; i < cut; i++) {
		values[i] = values[cut];
		values[nr - 1 - i] = values[nr - 1 - cut];
	}
	for (size_t i = 0; i < nr; i++)
		mean += values[i] / (double)nr;
	for (size_t i = 0; i < nr; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	ret->left = (double)left;
	ret->error2 = sum / (ret->left * (ret->left - 1));
	return true;
}

void precision_yuen(double *a, size_t a_nr, double *b, size_t b_nr,
		    struct precision_point *ret)
{
	struct side x, y;
	double error2, freedom, half;

	ret->known = take_side(a, a_nr, &x) && take_side(b, b_nr, &y);
	if (!ret->known)
		return;
	error2 = x.error2 + y.error2;
	freedom =
		error2 * error2 /
		(x.error2 * x.error2 / (x.left - 1) + y.error2 * y.error2 / (y.left - 1));
	half = error2 > 0 ? gsl_cdf_tdist_Pinv(0.975, freedom) * sqrt(error2) : 0;
	ret->estimate = y.mean - x.mean;
	ret->low = ret->estimate - half;
	ret->high = ret->estimate + half;
}

static double half_width(const struct precision_point *point)
{
	return (point->high - point->low) / 2;
}

/* What the ratio is in truth: so much more work takes so much longer. */
static double truth(const struct precision_trial *trial)
{
	return -log1p(precision_effects[trial->effect]);
}

static bool is_found(const struct precision_point *point)
{
	return point->high < 0;
}

static void add_trial(const struct precision_trial *trial,
		      const struct precision_point *point,
		      struct precision_summary *summary)
{
	double error = point->estimate - truth(trial);

	summary->nr++;
	summary->error += error * error;
	summary->half_width += half_width(point);
	summary->seconds += point->seconds;
	summary->covered += point->low <= truth(trial) && truth(trial) <= point->high;
	summary->injected[trial->effect]++;
	summary->found[trial->effect] += is_found(point);
}

static double median(double *values, size_t nr)
{
	gsl_sort(values, 1, nr);
	return stats_quantile(values, nr, 0.5);
}

/* Trials that belong to it, and that have an interval at the last step. */
static bool belongs(const struct precision_trial *trial, enum precision_order order,
		    size_t cell, enum precision_clock clock)
{
	return trial->order == order && (cell == SIZE_MAX || trial->cell == cell) &&
	       trial->points[clock][PRECISION_STEPS - 1].known;
}

/* Steps that fewer than half of the trials have an interval at stay NAN. */
static void set_step(const struct precision_trial **list, size_t nr,
		     enum precision_clock clock, int step, double *values,
		     struct precision_summary *ret)
{
	size_t known = 0;

	ret->step_seconds[step] = ret->step_half_width[step] = NAN;
	for (size_t i = 0; i < nr; i++)
		if (list[i]->points[clock][step].known)
			values[known++] = list[i]->points[clock][step].seconds;
	if (!known || 2 * known < nr)
		return;
	ret->step_seconds[step] = median(values, known);
	known = 0;
	for (size_t i = 0; i < nr; i++)
		if (list[i]->points[clock][step].known)
			values[known++] = half_width(&list[i]->points[clock][step]);
	ret->step_half_width[step] = median(values, known);
}

static double fit_slope(const struct precision_summary *summary)
{
	double x[PRECISION_STEPS], y[PRECISION_STEPS], c0, c1, v00, v01, v11, sum;

	for (int i = 0; i < PRECISION_STEPS; i++) {
		x[i] = log(summary->step_seconds[i]);
		y[i] = log(summary->step_half_width[i]);
		if (!isfinite(x[i]) || !isfinite(y[i]))
			return NAN;
	}
	(void)gsl_fit_linear(x, 1, y, 1, PRECISION_STEPS, &c0, &c1, &v00, &v01, &v11,
			     &sum);
	return c1;
}

/* Between two steps, on the line through them in logarithms. */
static double between(const struct precision_summary *summary, int step)
{
	double x0 = log(summary->step_seconds[step - 1]);
	double x1 = log(summary->step_seconds[step]);
	double y0 = log(summary->step_half_width[step - 1]);
	double y1 = log(summary->step_half_width[step]);

	return exp(x0 + (x1 - x0) * (log(WANTED_HALF_WIDTH) - y0) / (y1 - y0));
}

static void extrapolate(struct precision_summary *summary, int step)
{
	double times = summary->step_half_width[step] / WANTED_HALF_WIDTH;

	summary->reach = REACH_UNSUPPORTED;
	if (!(fabs(summary->slope + 0.5) <= SLOPE_SLACK))
		return;
	summary->reach = REACH_EXTRAPOLATED;
	summary->reach_seconds = summary->step_seconds[step] * times * times;
}

static void set_reach(struct precision_summary *summary)
{
	int step = 0;

	summary->reach_seconds = NAN;
	summary->reach = REACH_UNKNOWN;
	if (!summary->nr ||
	    (double)summary->covered < COVERED_LEAST * (double)summary->nr)
		return;
	while (step < PRECISION_STEPS &&
	       !(summary->step_half_width[step] <= WANTED_HALF_WIDTH))
		step++;
	if (step == 0 || step == PRECISION_STEPS) {
		extrapolate(summary, step ? PRECISION_STEPS - 1 : 0);
		return;
	}
	if (!isfinite(summary->step_half_width[step - 1]))
		return;
	summary->reach = REACH_MEASURED;
	summary->reach_seconds = between(summary, step);
}

int precision_summarize(const struct precision_trial *trials, size_t nr,
			enum precision_order order, size_t cell,
			enum precision_clock clock, struct precision_summary *ret,
			struct err *err)
{
	cleanup(free) const struct precision_trial **list =
		calloc(nr + 1, sizeof(struct precision_trial *));
	cleanup(free) double *values = calloc(nr + 1, sizeof(*values));
	struct precision_summary summary = {0};

	if (!list || !values)
		return err_fail(err, ENOMEM, "no memory for a summary");
	for (size_t i = 0; i < nr; i++) {
		if (!belongs(&trials[i], order, cell, clock))
			continue;
		list[summary.nr] = &trials[i];
		add_trial(&trials[i], &trials[i].points[clock][PRECISION_STEPS - 1],
			  &summary);
	}
	if (summary.nr) {
		summary.error = sqrt(summary.error / (double)summary.nr);
		summary.half_width /= (double)summary.nr;
		summary.seconds /= (double)summary.nr;
		precision_share(summary.covered, summary.nr, &summary.covered_low,
				&summary.covered_high);
	}
	for (int step = 0; step < PRECISION_STEPS; step++)
		set_step(list, summary.nr, clock, step, values, &summary);
	summary.slope = fit_slope(&summary);
	set_reach(&summary);
	*ret = summary;
	return 0;
}
