/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STATS_H
#define TARE_STATS_H

/*
 * Statistics of paired ratios; pure functions.
 *
 * A block compares an arm with its baseline in a mirrored order; its log ratio d is the
 * mean of ln(performance of the arm) − ln(performance of the baseline) over positions,
 * so d > 0 is better than the baseline.  The estimate is the 20 % trimmed mean of d over
 * all blocks; the interval is a hierarchical bootstrap: epochs are drawn with
 * replacement, each with all of its blocks.
 */
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

/* One block's log ratio and the epoch it belongs to (any integer; equal = same epoch). */
struct stats_block {
	double log_ratio;
	uint64_t epoch;
};

struct stats_ratio {
	double ratio, low, high; /* exp of estimate and 95 % bounds */
	double half_width;	 /* of the log interval: 0.01 is about ±1 % */
	size_t blocks, epochs;
};

#define STATS_RESAMPLES 1000

/* Mean after the lowest and highest `share` (0 ≤ share < 0.5) of values are left out;
 * sorts values. nr ≥ 1. */
double stats_trimmed_mean(double *values, size_t nr, double share);

/* Needs blocks of at least 2 epochs: otherwise -ENODATA, *ret untouched. Values that
 * are not finite: -EDOM. The same seed gives the same interval. */
int stats_ratio(const struct stats_block *blocks, size_t nr, uint64_t seed,
		struct stats_ratio *ret, struct err *err);

/* Mean and its 95 % interval by Student's t, low and high NAN for one value; for none all
 * three are NAN. */
struct stats_mean {
	double mean, low, high;
};
struct stats_mean stats_mean(const double *values, size_t nr);

/* How much farther from the estimate the bounds of a bootstrap over `nr` ≥ 2 independent
 * values belong (stats.c has the reasons). */
double stats_stretch(size_t nr);

/* Of values that lie between `least` and `most` (INFINITY: no upper bound): the mean and
 * its 95 % bootstrap interval, which does not leave those bounds; low and high NAN for
 * one value. The same seed gives the same interval. */
struct stats_mean stats_bounded(const double *values, size_t nr, double least,
				double most, uint64_t seed);
/* The same of resamples, which are sorted, of whatever was estimated from `values` many
 * independent ones. */
struct stats_bounds {
	double least, most;
	size_t values;
};
struct stats_mean stats_percentiles(double estimate, double *resamples, size_t nr,
				    const struct stats_bounds *bounds);

/* Linear interpolation quantile of sorted values, 0 ≤ q ≤ 1 (type 7, as GSL's
 * gsl_stats_quantile_from_sorted_data). */
double stats_quantile(const double *sorted, size_t nr, double q);

/* Interval of the median by order statistics, at least 95 % whatever the distribution
 * (Conover, Practical Nonparametric Statistics, 3.2); below 6 values, which cannot give
 * one, the lowest and highest. sorted: nr ≥ 1. */
void stats_median_interval(const double *sorted, size_t nr, double *low, double *high);

#endif
