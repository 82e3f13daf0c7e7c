/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

CLEANUP_DEFINE(rng, gsl_rng *, gsl_rng_free)

#define TRIM 0.2

double stats_trimmed_mean(double *values, size_t nr, double share)
{
	gsl_sort(values, 1, nr);
	return gsl_stats_trmean_from_sorted_data(share, values, 1, nr);
}

double stats_quantile(const double *sorted, size_t nr, double q)
{
	return gsl_stats_quantile_from_sorted_data(sorted, 1, nr, q);
}

/* Blocks grouped by epoch: epoch e has values[begin[e]] … values[begin[e + 1] - 1]. */
struct groups {
	double *values;
	size_t *begin, nr; /* of epochs */
};

static void groups_release(struct groups *groups)
{
	free(groups->values);
	free(groups->begin);
}
CLEANUP_DEFINE(groups, struct groups *, groups_release)

static int by_epoch(const void *a, const void *b)
{
	const struct stats_block *x = a, *y = b;

	return (x->epoch > y->epoch) - (x->epoch < y->epoch);
}

static int group(const struct stats_block *blocks, size_t nr, struct groups *ret,
		 struct err *err)
{
	cleanup(free) struct stats_block *sorted = calloc(nr + 1, sizeof(*sorted));

	ret->values = calloc(nr + 1, sizeof(*ret->values));
	ret->begin = calloc(nr + 2, sizeof(*ret->begin));
	if (!sorted || !ret->values || !ret->begin)
		return err_fail(err, ENOMEM, "no memory for statistics");
	memcpy(sorted, blocks, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), by_epoch);
	for (size_t i = 0; i < nr; i++) {
		if (!isfinite(sorted[i].log_ratio))
			return err_fail(err, EDOM, "a block's ratio is not a number");
		if (!i || sorted[i].epoch != sorted[i - 1].epoch)
			ret->begin[ret->nr++] = i;
		ret->values[i] = sorted[i].log_ratio;
	}
	ret->begin[ret->nr] = nr;
	return 0;
}

/* One resample: epochs with replacement, then blocks within each drawn epoch. */
static double resample(const struct groups *groups, gsl_rng *rng, double *room)
{
	size_t used = 0;

	for (size_t i = 0; i < groups->nr; i++) {
		size_t epoch = gsl_rng_uniform_int(rng, groups->nr);
		size_t begin = groups->begin[epoch];
		size_t size = groups->begin[epoch + 1] - begin;

		for (size_t j = 0; j < size; j++)
			room[used++] =
				groups->values[begin + gsl_rng_uniform_int(rng, size)];
	}
	return stats_trimmed_mean(room, used, TRIM);
}

/* The most blocks a resample can draw: every time the largest epoch. */
static size_t largest_draw(const struct groups *groups)
{
	size_t largest = 0;

	for (size_t i = 0; i < groups->nr; i++)
		if (groups->begin[i + 1] - groups->begin[i] > largest)
			largest = groups->begin[i + 1] - groups->begin[i];
	return largest * groups->nr;
}

/*
 * A bootstrap over e epochs sees their variance as (e − 1)/e of what it is, and takes
 * normal quantiles where Student's t is due (Hesterberg, "What Teachers Should Know About
 * the Bootstrap", The American Statistician 69, 2015, section 4.3: "narrowness bias" and
 * the t correction).  Distances from the estimate are therefore stretched by
 * sqrt(e/(e−1)) · t(0.975, e−1) / z(0.975).
 */
static double stretch(size_t epochs)
{
	double e = (double)epochs;

	return sqrt(e / (e - 1)) * gsl_cdf_tdist_Pinv(0.975, e - 1) /
	       gsl_cdf_ugaussian_Pinv(0.975);
}

static int bootstrap(const struct groups *groups, uint64_t seed, double estimate,
		     struct stats_ratio *ret, struct err *err)
{
	cleanup(free) double *room = calloc(largest_draw(groups) + 1, sizeof(*room));
	cleanup(rng) gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double estimates[STATS_RESAMPLES];
	double wider = stretch(groups->nr), low, high;

	if (!room || !rng)
		return err_fail(err, ENOMEM, "no memory for statistics");
	gsl_rng_set(rng, (unsigned long)seed);
	for (size_t i = 0; i < STATS_RESAMPLES; i++)
		estimates[i] = resample(groups, rng, room);
	gsl_sort(estimates, 1, STATS_RESAMPLES);
	low = estimate +
	      (stats_quantile(estimates, STATS_RESAMPLES, 0.025) - estimate) * wider;
	high = estimate +
	       (stats_quantile(estimates, STATS_RESAMPLES, 0.975) - estimate) * wider;
	ret->ratio = exp(estimate);
	ret->low = exp(fmin(low, estimate));
	ret->high = exp(fmax(high, estimate));
	ret->half_width = (log(ret->high) - log(ret->low)) / 2;
	return 0;
}

int stats_ratio(const struct stats_block *blocks, size_t nr, uint64_t seed,
		struct stats_ratio *ret, struct err *err)
{
	struct groups groups = {0};
	cleanup(groups) struct groups *guard = &groups;
	struct stats_ratio result = {.blocks = nr};
	cleanup(free) double *sorted = NULL;
	int rc = group(blocks, nr, guard, err);

	if (rc)
		return rc;
	if (groups.nr < 2)
		return err_fail(err, ENODATA,
				"an interval needs two epochs, there are %zu", groups.nr);
	sorted = calloc(nr, sizeof(*sorted));
	if (!sorted)
		return err_fail(err, ENOMEM, "no memory for statistics");
	memcpy(sorted, groups.values, nr * sizeof(*sorted));
	result.epochs = groups.nr;
	rc = bootstrap(&groups, seed, stats_trimmed_mean(sorted, nr, TRIM), &result, err);
	if (!rc)
		*ret = result;
	return rc;
}
