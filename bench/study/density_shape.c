/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the curves come down to: the knee, the share of the best total that is kept, the
 * least fairness, each with an interval by bootstrap.  A resample draws the windows of
 * every N with replacement and reads all of them off the new means, so bounds of theirs
 * hold for their intervals as well (Efron's percentile interval: Davison and Hinkley,
 * "Bootstrap Methods and their Application", 1997, section 5.3).
 */
#include <errno.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <stdlib.h>

#include "bench/results/stats.h"
#include "bench/study/density.h"

CLEANUP_DEFINE(rng, gsl_rng *, gsl_rng_free)

/* Means at each N. */
struct means {
	double counts[DENSITY_COUNTS_MAX], totals[DENSITY_COUNTS_MAX],
		fair[DENSITY_COUNTS_MAX];
	size_t nr;
};

/* rng NULL: of the windows as they are. */
static void take(const struct density_step *steps, size_t nr, gsl_rng *rng,
		 struct means *ret)
{
	ret->nr = nr;
	for (size_t i = 0; i < nr; i++) {
		const struct density_step *step = &steps[i];
		double total = 0, fair = 0;

		for (size_t j = 0; j < step->nr; j++) {
			size_t at = rng ? gsl_rng_uniform_int(rng, step->nr) : j;

			total += step->windows[at].total;
			fair += step->windows[at].jain;
		}
		ret->counts[i] = step->instances;
		ret->totals[i] = total / (double)step->nr;
		ret->fair[i] = fair / (double)step->nr;
	}
}

struct reading {
	double knee; /* INFINITY: none */
	double kept, fair;
};

/* Up to the first N that reaches what is claimed; kept NAN: none does. */
static struct reading read_off(const struct means *means, unsigned claimed)
{
	unsigned knee = density_knee(means->counts, means->totals, means->nr);
	struct reading ret = {.knee = knee ? knee : INFINITY, .kept = NAN, .fair = 1};
	double best = 0;

	for (size_t i = 0; i < means->nr && isnan(ret.kept); i++) {
		best = fmax(best, means->totals[i]);
		ret.fair = fmin(ret.fair, means->fair[i]);
		if (means->counts[i] >= claimed)
			ret.kept = best > 0 ? means->totals[i] / best : 0;
	}
	return ret;
}

/* A knee is a count and has no factor to widen it by. */
static struct stats_mean knee_interval(double estimate, double *knees)
{
	gsl_sort(knees, 1, STATS_RESAMPLES);
	return (struct stats_mean){estimate, knees[STATS_RESAMPLES / 40],
				   knees[STATS_RESAMPLES - 1 - STATS_RESAMPLES / 40]};
}

int density_shape(const struct density_step *steps, size_t nr, unsigned claimed,
		  uint64_t seed, struct density_shape *ret, struct err *err)
{
	cleanup(rng) gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double knee[STATS_RESAMPLES], kept[STATS_RESAMPLES], fair[STATS_RESAMPLES];
	const struct stats_bounds share = {0, 1, nr ? steps[0].nr : 0};
	struct reading estimate, one;
	struct means means;

	if (!rng)
		return err_fail(err, ENOMEM, "no memory for random numbers");
	gsl_rng_set(rng, (unsigned long)seed);
	take(steps, nr, NULL, &means);
	estimate = read_off(&means, claimed);
	for (size_t i = 0; i < STATS_RESAMPLES; i++) {
		take(steps, nr, rng, &means);
		one = read_off(&means, claimed);
		knee[i] = one.knee;
		kept[i] = one.kept;
		fair[i] = one.fair;
	}
	ret->knee = knee_interval(estimate.knee, knee);
	ret->fair = stats_percentiles(estimate.fair, fair, STATS_RESAMPLES, &share);
	ret->kept = (struct stats_mean){NAN, NAN, NAN};
	if (!isnan(estimate.kept)) /* then it is in every resample */
		ret->kept =
			stats_percentiles(estimate.kept, kept, STATS_RESAMPLES, &share);
	return 0;
}

enum finding density_reaches(const struct stats_mean *value, double asked)
{
	if (value->low >= asked)
		return FINDING_HOLDS;
	return value->high < asked ? FINDING_FAILS : FINDING_INCONCLUSIVE;
}

enum finding density_both(enum finding one, enum finding other)
{
	if (one == FINDING_FAILS || other == FINDING_FAILS)
		return FINDING_FAILS;
	return one == FINDING_HOLDS && other == FINDING_HOLDS ? FINDING_HOLDS
							      : FINDING_INCONCLUSIVE;
}
