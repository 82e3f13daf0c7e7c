/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of two runs in pairs, and what changed from the one to the other. */
#include "bench/compare/compare.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/json.h"

#define ALPHA 0.05

const char *compare_mark_name(enum compare_mark mark)
{
	static const char *const names[] = {
		[COMPARE_NONE] = "none",
		[COMPARE_SAME] = "same",
		[COMPARE_NO_FLOOR] = "no floor",
		[COMPARE_EMULATED] = "emulated",
		[COMPARE_REGRESSION] = "regression",
		[COMPARE_IMPROVEMENT] = "improvement",
	};

	return names[mark];
}

/*
 * The two runs are independent samples: each is resampled on its own (stats_ratio), and
 * the difference of their estimates on the log scale, d = b − a, gets its interval from
 * both bootstraps' limits [la, ua] and [lb, ub]:
 *
 *	low  = d − sqrt((b − lb)² + (ua − a)²)
 *	high = d + sqrt((ub − b)² + (a − la)²)
 *
 * (Zou and Donner, "Construction of confidence limits about effect measures: a general
 * approach", Statistics in Medicine 27, 2008, equation 7: method of variance estimates
 * recovery).  It keeps the skewness of either interval.  With few epochs each limit
 * carries its own Student's t, which makes this as wide as Cochran and Cox's approximate
 * t for two samples, or wider (by the Cauchy-Schwarz inequality).
 */
void compare_change(const struct stats_ratio *a, const struct stats_ratio *b,
		    struct stats_ratio *ret)
{
	double d = log(b->ratio / a->ratio);
	double low = d - hypot(log(b->ratio / b->low), log(a->high / a->ratio));
	double high = d + hypot(log(b->high / b->ratio), log(a->ratio / a->low));

	*ret = (struct stats_ratio){.ratio = exp(d),
				    .low = exp(low),
				    .high = exp(high),
				    .half_width = (high - low) / 2};
}

bool compare_is_beyond(const struct compare_pair *pair, double share)
{
	return pair->mark == COMPARE_REGRESSION && pair->change.high < 1 - share;
}

/* --- marks --- */

/* Distances from the estimate grow as normal quantiles do. */
static void widen(struct compare_pair *pair, size_t compared)
{
	double wider = gsl_cdf_ugaussian_Qinv(ALPHA / 2 / (double)compared) /
		       gsl_cdf_ugaussian_Qinv(ALPHA / 2);
	const struct stats_ratio *change = &pair->change;

	pair->joint_low = change->ratio * pow(change->low / change->ratio, wider);
	pair->joint_high = change->ratio * pow(change->high / change->ratio, wider);
}

static enum compare_mark mark_of(const struct compare_pair *pair)
{
	bool better = pair->change.ratio > 1;

	if (!pair->known)
		return COMPARE_NONE;
	if (pair->a->emulated)
		return COMPARE_EMULATED;
	if (pair->joint_low <= 1 && pair->joint_high >= 1)
		return COMPARE_SAME;
	if (!isfinite(pair->floor))
		return COMPARE_NO_FLOOR;
	if (fabs(log(pair->change.ratio)) <= pair->floor)
		return COMPARE_SAME;
	return better ? COMPARE_IMPROVEMENT : COMPARE_REGRESSION;
}

static void mark(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->pair_nr; i++)
		comparison->compared += comparison->pairs[i].known;
	for (size_t i = 0; i < comparison->pair_nr; i++) {
		struct compare_pair *pair = &comparison->pairs[i];

		if (pair->known)
			widen(pair, comparison->compared);
		pair->mark = mark_of(pair);
		comparison->regressions += pair->mark == COMPARE_REGRESSION;
		comparison->improvements += pair->mark == COMPARE_IMPROVEMENT;
	}
}

const char *compare_text(const struct compare_pair *pair,
			 char buffer[static COMPARE_TEXT_MAX])
{
	/* the words of a single run's ratio, said of the change */
	const struct result change = {
		.known = pair->known, .stats = pair->change, .floor = pair->floor};
	char words[VERDICT_MAX];

	(void)verdict_text(&change, words);
	switch (pair->mark) {
	case COMPARE_NONE:
		(void)snprintf(buffer, COMPARE_TEXT_MAX, "no change known: %.100s",
			       pair->why);
		break;
	case COMPARE_REGRESSION:
	case COMPARE_IMPROVEMENT:
		(void)snprintf(buffer, COMPARE_TEXT_MAX, "%s: %s",
			       compare_mark_name(pair->mark), words);
		break;
	case COMPARE_EMULATED:
		(void)snprintf(buffer, COMPARE_TEXT_MAX, "emulated: %s", words);
		break;
	case COMPARE_NO_FLOOR:
		(void)snprintf(buffer, COMPARE_TEXT_MAX, "%s, but no floor is known",
			       words);
		break;
	case COMPARE_SAME:
		(void)snprintf(buffer, COMPARE_TEXT_MAX, "%s%s", words,
			       verdict_stands_out(&change)
				       ? ", as chance does in so many cells"
				       : "");
	}
	return buffer;
}

/* --- all of it --- */

void compare_release(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->difference_nr; i++) {
		free(comparison->differences[i].name);
		free(comparison->differences[i].a);
		free(comparison->differences[i].b);
	}
	free(comparison->differences);
	free(comparison->pairs);
	free(comparison->baselines);
	free(comparison->missing);
	compare_run_release(&comparison->a);
	compare_run_release(&comparison->b);
	*comparison = (struct comparison){0};
}

int compare_make(struct comparison *comparison, struct err *err)
{
	int rc = compare_environment(comparison, err);

	if (!rc)
		rc = compare_pairs(comparison, err);
	if (!rc)
		mark(comparison);
	return rc;
}
