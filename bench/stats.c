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

/*
 * Blocks grouped by epoch: epoch e has the blocks begin[e] … begin[e + 1] - 1.  A block
 * is known by the rank of its log ratio among all, so that a resample is a count of
 * ranks: its trimmed mean needs one walk and no sorting.
 */
struct groups {
	double *sorted; /* all log ratios, ascending */
	size_t *rank;	/* of each block, epoch after epoch */
	size_t *begin, epochs, nr;
};

static void groups_release(struct groups *groups)
{
	free(groups->sorted);
	free(groups->rank);
	free(groups->begin);
}
CLEANUP_DEFINE(groups, struct groups *, groups_release)

static int by_value(const void *a, const void *b)
{
	const struct stats_block *x = a, *y = b;

	return (x->log_ratio > y->log_ratio) - (x->log_ratio < y->log_ratio);
}

/* A block's epoch and rank. */
struct place {
	uint64_t epoch;
	size_t rank;
};

static int by_epoch(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->epoch != y->epoch)
		return x->epoch > y->epoch ? 1 : -1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

static int check_finite(const struct stats_block *blocks, size_t nr, struct err *err)
{
	for (size_t i = 0; i < nr; i++)
		if (!isfinite(blocks[i].log_ratio))
			return err_fail(err, EDOM, "a block's ratio is not a number");
	return 0;
}

static void fill_groups(struct groups *groups, const struct place *places)
{
	for (size_t i = 0; i < groups->nr; i++) {
		if (!i || places[i].epoch != places[i - 1].epoch)
			groups->begin[groups->epochs++] = i;
		groups->rank[i] = places[i].rank;
	}
	groups->begin[groups->epochs] = groups->nr;
}

static int group(const struct stats_block *blocks, size_t nr, struct groups *ret,
		 struct err *err)
{
	cleanup(free) struct stats_block *sorted = calloc(nr + 1, sizeof(*sorted));
	cleanup(free) struct place *places = calloc(nr + 1, sizeof(*places));

	ret->nr = nr;
	ret->sorted = calloc(nr + 1, sizeof(*ret->sorted));
	ret->rank = calloc(nr + 1, sizeof(*ret->rank));
	ret->begin = calloc(nr + 2, sizeof(*ret->begin));
	if (!sorted || !places || !ret->sorted || !ret->rank || !ret->begin)
		return err_fail(err, ENOMEM, "no memory for statistics");
	if (nr)
		memcpy(sorted, blocks, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), by_value);
	for (size_t i = 0; i < nr; i++) {
		ret->sorted[i] = sorted[i].log_ratio;
		places[i] = (struct place){.epoch = sorted[i].epoch, .rank = i};
	}
	qsort(places, nr, sizeof(*places), by_epoch);
	fill_groups(ret, places);
	return 0;
}

/* Trimmed mean of `used` values, of which count[i] are sorted[i]: the mean of the ordered
 * values from the cut-th up to the (used − cut)-th. */
static double counted_mean(const double *sorted, const unsigned *count, size_t used)
{
	size_t cut = (size_t)(TRIM * (double)used), end = used - cut, at = 0;
	double sum = 0;

	for (size_t i = 0; at < end; i++) {
		size_t next = at + count[i];
		size_t from = at > cut ? at : cut, to = next < end ? next : end;

		if (to > from)
			sum += (double)(to - from) * sorted[i];
		at = next;
	}
	return sum / (double)(end - cut);
}

/* One resample: epochs with replacement, then blocks within each drawn epoch. */
static double resample(const struct groups *groups, gsl_rng *rng, unsigned *count)
{
	size_t used = 0;

	memset(count, 0, groups->nr * sizeof(*count));
	for (size_t i = 0; i < groups->epochs; i++) {
		size_t epoch = gsl_rng_uniform_int(rng, groups->epochs);
		size_t begin = groups->begin[epoch];
		size_t size = groups->begin[epoch + 1] - begin;

		for (size_t j = 0; j < size; j++)
			count[groups->rank[begin + gsl_rng_uniform_int(rng, size)]]++;
		used += size;
	}
	return counted_mean(groups->sorted, count, used);
}

/*
 * A bootstrap over e epochs sees their variance as (e − 1)/e of what it is, and takes
 * normal quantiles where Student's t is due (Hesterberg, "What Teachers Should Know About
 * the Bootstrap", The American Statistician 69, 2015, section 4.3: "narrowness bias" and
 * the t correction).  Distances from the estimate are therefore stretched by
 * sqrt(e/(e−1)) · t(0.975, e−1) / z(0.975).
 *
 * Simulated by tests/fixtures/stats-coverage.c (400 trials each; 2 to 16 epochs of 1 to
 * 100 blocks; epochs' sigma 0, 1 or 3 times the blocks'; normal noise, 5 % wild blocks on
 * both sides or on one, Student's t with 2 degrees of freedom), 95 % intervals hold the
 * truth in 92 to 100 % of trials: about 95 % where epochs differ by more than their
 * blocks do, and nearly always where they do not, for blocks drawn within drawn epochs
 * count their noise twice.
 */
static double stretch(size_t epochs)
{
	double e = (double)epochs;

	return sqrt(e / (e - 1)) * gsl_cdf_tdist_Pinv(0.975, e - 1) /
	       gsl_cdf_ugaussian_Pinv(0.975);
}

static int bootstrap(const struct groups *groups, uint64_t seed, struct stats_ratio *ret,
		     struct err *err)
{
	cleanup(free) unsigned *count = calloc(groups->nr, sizeof(*count));
	cleanup(rng) gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double estimate =
		gsl_stats_trmean_from_sorted_data(TRIM, groups->sorted, 1, groups->nr);
	double estimates[STATS_RESAMPLES];
	double wider = stretch(groups->epochs), low, high;

	if (!count || !rng)
		return err_fail(err, ENOMEM, "no memory for statistics");
	gsl_rng_set(rng, (unsigned long)seed);
	for (size_t i = 0; i < STATS_RESAMPLES; i++)
		estimates[i] = resample(groups, rng, count);
	gsl_sort(estimates, 1, STATS_RESAMPLES);
	low = estimate +
	      (stats_quantile(estimates, STATS_RESAMPLES, 0.025) - estimate) * wider;
	high = estimate +
	       (stats_quantile(estimates, STATS_RESAMPLES, 0.975) - estimate) * wider;
	*ret = (struct stats_ratio){
		.ratio = exp(estimate),
		.low = exp(fmin(low, estimate)),
		.high = exp(fmax(high, estimate)),
		.half_width = (fmax(high, estimate) - fmin(low, estimate)) / 2,
		.blocks = groups->nr,
		.epochs = groups->epochs,
	};
	return 0;
}

int stats_ratio(const struct stats_block *blocks, size_t nr, uint64_t seed,
		struct stats_ratio *ret, struct err *err)
{
	struct groups groups = {0};
	cleanup(groups) struct groups *guard = &groups;
	int rc = check_finite(blocks, nr, err);

	if (!rc)
		rc = group(blocks, nr, guard, err);
	if (rc)
		return rc;
	if (groups.epochs < 2)
		return err_fail(err, ENODATA, "%zu of 2 epochs", groups.epochs);
	return bootstrap(&groups, seed, ret, err);
}
