/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of what has bounds: times, rates, shares. */
#include <errno.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "bench/base/cleanup.h"
#include "bench/results/stats.h"

CLEANUP_DEFINE(rng, gsl_rng *, gsl_rng_free)

/* What a bootstrap over a few values makes too narrow, taken farther from the estimate:
 * without an upper bound on the logarithm, so that it stays above the lower one; with one
 * as it is, and no farther than either. */
static double widen(double mean, double bound, double factor, double least, double most)
{
	if (isinf(most) && mean > least && bound > least)
		return least +
		       (mean - least) * pow((bound - least) / (mean - least), factor);
	return fmin(fmax(mean + (bound - mean) * factor, least), most);
}

struct stats_mean stats_percentiles(double estimate, double *resamples, size_t nr,
				    const struct stats_bounds *bounds)
{
	double factor = bounds->values < 2 ? 1 : stats_stretch(bounds->values), low, high;

	gsl_sort(resamples, 1, nr);
	low = stats_quantile(resamples, nr, 0.025);
	high = stats_quantile(resamples, nr, 0.975);
	return (struct stats_mean){
		estimate,
		widen(estimate, fmin(low, estimate), factor, bounds->least, bounds->most),
		widen(estimate, fmax(high, estimate), factor, bounds->least,
		      bounds->most)};
}

struct stats_mean stats_bounded(const double *values, size_t nr, double least,
				double most, uint64_t seed)
{
	const struct stats_bounds bounds = {least, most, nr};
	cleanup(rng) gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double resamples[STATS_RESAMPLES];

	if (nr < 2 || !rng)
		return (struct stats_mean){nr ? values[0] : NAN, NAN, NAN};
	gsl_rng_set(rng, (unsigned long)seed);
	for (size_t i = 0; i < STATS_RESAMPLES; i++) {
		resamples[i] = 0;
		for (size_t j = 0; j < nr; j++)
			resamples[i] += values[gsl_rng_uniform_int(rng, nr)];
		resamples[i] /= (double)nr;
	}
	return stats_percentiles(gsl_stats_mean(values, 1, nr), resamples,
				 STATS_RESAMPLES, &bounds);
}
