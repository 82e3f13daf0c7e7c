/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/stats.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"

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
 * All blocks in order of value, each with its epoch's number (0 … epochs − 1).  A
 * resample is a count of epochs, so its trimmed mean needs one walk and no sorting.
 */
struct groups {
	double *sorted; /* all log ratios, ascending */
	size_t *epoch;	/* of each of them */
	size_t *size;	/* blocks of an epoch */
	size_t epochs, nr;
};

static void groups_release(struct groups *groups)
{
	free(groups->sorted);
	free(groups->epoch);
	free(groups->size);
}
CLEANUP_DEFINE(groups, struct groups *, groups_release)

static int by_value(const void *a, const void *b)
{
	const struct stats_block *x = a, *y = b;

	if (x->log_ratio != y->log_ratio)
		return x->log_ratio > y->log_ratio ? 1 : -1;
	return (x->epoch > y->epoch) - (x->epoch < y->epoch);
}

/* A block's epoch and rank. */
struct place {
	uint64_t epoch;
	size_t rank;
};

static int by_epoch(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->epoch > y->epoch) - (x->epoch < y->epoch);
}

static int check_finite(const struct stats_block *blocks, size_t nr, struct err *err)
{
	for (size_t i = 0; i < nr; i++)
		if (!isfinite(blocks[i].log_ratio))
			return err_fail(err, EDOM, "a block's ratio is not a number");
	return 0;
}

static void number_epochs(struct groups *groups, const struct place *places)
{
	for (size_t i = 0; i < groups->nr; i++) {
		if (!i || places[i].epoch != places[i - 1].epoch)
			groups->epochs++;
		groups->epoch[places[i].rank] = groups->epochs - 1;
		groups->size[groups->epochs - 1]++;
	}
}

static int group(const struct stats_block *blocks, size_t nr, struct groups *ret,
		 struct err *err)
{
	cleanup(free) struct stats_block *sorted = calloc(nr + 1, sizeof(*sorted));
	cleanup(free) struct place *places = calloc(nr + 1, sizeof(*places));

	ret->nr = nr;
	ret->sorted = calloc(nr + 1, sizeof(*ret->sorted));
	ret->epoch = calloc(nr + 1, sizeof(*ret->epoch));
	ret->size = calloc(nr + 1, sizeof(*ret->size));
	if (!sorted || !places || !ret->sorted || !ret->epoch || !ret->size)
		return err_fail(err, ENOMEM, "no memory for statistics");
	if (nr)
		memcpy(sorted, blocks, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), by_value);
	for (size_t i = 0; i < nr; i++) {
		ret->sorted[i] = sorted[i].log_ratio;
		places[i] = (struct place){.epoch = sorted[i].epoch, .rank = i};
	}
	qsort(places, nr, sizeof(*places), by_epoch);
	number_epochs(ret, places);
	return 0;
}

/* Trimmed mean of `used` values, in which sorted[i] is there as often as its epoch was
 * drawn: the mean of the ordered values from the cut-th up to the (used − cut)-th. */
static double drawn_mean(const struct groups *groups, const unsigned *drawn, size_t used)
{
	size_t cut = (size_t)(TRIM * (double)used), end = used - cut, at = 0;
	double sum = 0;

	for (size_t i = 0; at < end; i++) {
		size_t next = at + drawn[groups->epoch[i]];
		size_t from = at > cut ? at : cut, to = next < end ? next : end;

		if (to > from)
			sum += (double)(to - from) * groups->sorted[i];
		at = next;
	}
	return sum / (double)(end - cut);
}

/* One resample: epochs with replacement, each with all of its blocks. */
static double resample(const struct groups *groups, gsl_rng *rng, unsigned *drawn)
{
	size_t used = 0;

	memset(drawn, 0, groups->epochs * sizeof(*drawn));
	for (size_t i = 0; i < groups->epochs; i++) {
		size_t epoch = gsl_rng_uniform_int(rng, groups->epochs);

		drawn[epoch]++;
		used += groups->size[epoch];
	}
	return drawn_mean(groups, drawn, used);
}

/*
 * Blocks of a drawn epoch are taken as they are.  Drawing them again counts their noise
 * twice, for the means of epochs differ by it already (Davison and Hinkley, "Bootstrap
 * Methods and their Application", 1997, section 3.8: strategy 1 against strategy 2).
 *
 * A bootstrap over e epochs sees their variance as (e − 1)/e of what it is, and takes
 * normal quantiles where Student's t is due (Hesterberg, "What Teachers Should Know About
 * the Bootstrap", The American Statistician 69, 2015, section 4.3: "narrowness bias" and
 * the t correction).  Distances from the estimate are therefore stretched by
 * sqrt(e/(e−1)) · t(0.975, e−1) / z(0.975).  Two epochs have three resamples; the
 * outermost are one standard error away, so that t alone is due.
 *
 * What tests/fixtures/stats-coverage.c says of it is in docs/method.md ("The statistic").
 */
double stats_stretch(size_t epochs)
{
	double e = (double)epochs, t = gsl_cdf_tdist_Pinv(0.975, e - 1);

	if (epochs == 2)
		return t;
	return sqrt(e / (e - 1)) * t / gsl_cdf_ugaussian_Pinv(0.975);
}

static int bootstrap(const struct groups *groups, uint64_t seed, struct stats_ratio *ret,
		     struct err *err)
{
	cleanup(free) unsigned *drawn = calloc(groups->epochs, sizeof(*drawn));
	cleanup(rng) gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double estimate =
		gsl_stats_trmean_from_sorted_data(TRIM, groups->sorted, 1, groups->nr);
	double estimates[STATS_RESAMPLES];
	double wider = stats_stretch(groups->epochs), low, high;

	if (!drawn || !rng)
		return err_fail(err, ENOMEM, "no memory for statistics");
	gsl_rng_set(rng, (unsigned long)seed);
	for (size_t i = 0; i < STATS_RESAMPLES; i++)
		estimates[i] = resample(groups, rng, drawn);
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

void stats_median_interval(const double *sorted, size_t nr, double *low, double *high)
{
	unsigned rank = 0;

	while (2 * rank + 2 < nr &&
	       gsl_cdf_binomial_P(rank + 1, 0.5, (unsigned)nr) <= 0.025)
		rank++;
	*low = sorted[rank];
	*high = sorted[nr - 1 - rank];
}

struct stats_mean stats_mean(const double *values, size_t nr)
{
	double mean = nr ? gsl_stats_mean(values, 1, nr) : NAN, half;

	if (nr < 2)
		return (struct stats_mean){mean, NAN, NAN};
	half = gsl_cdf_tdist_Pinv(0.975, (double)nr - 1) *
	       gsl_stats_sd_m(values, 1, nr, mean) / sqrt((double)nr);
	return (struct stats_mean){mean, mean - half, mean + half};
}
