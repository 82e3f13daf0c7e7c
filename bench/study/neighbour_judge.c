/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Did a limit do what it says; and where that stays open, why. */
#include <math.h>

#include "bench/study/neighbour_limit.h"

#define KEPT_SHARE 0.9
#define CACHED_SHARE 0.95

static enum finding undecided(const char *reason, const char **why)
{
	*why = reason;
	return FINDING_INCONCLUSIVE;
}

enum finding neighbour_judge_none(const struct neighbour_limit_def *limit,
				  const struct neighbour_seen *seen, const char **why)
{
	(void)limit;
	(void)seen;
	return undecided("", why);
}

enum finding neighbour_judge_cap(const struct neighbour_limit_def *limit,
				 const struct neighbour_seen *seen, const char **why)
{
	double most = limit->asked + limit->tolerance;

	if (!isfinite(seen->got.value))
		return undecided("this host does not say what the neighbour had", why);
	if (seen->got.low > most)
		return FINDING_FAILS;
	if (seen->got.high > most)
		return undecided("what the neighbour had lies on both sides of the limit",
				 why);
	/* unknown: no comparison with NAN holds */
	if (seen->without.got.high <= limit->asked)
		return undecided("the neighbour wants no more without the limit", why);
	return FINDING_HOLDS;
}

static enum finding judge_victim(const struct neighbour_seen *seen, double share,
				 const char **why)
{
	const struct stats_ratio *without = &seen->without.ratio;
	double least = KEPT_SHARE * share;

	if (seen->ratio.low >= least)
		return without->blocks && without->low >= least
			       ? undecided("the victim keeps as much without the limit",
					   why)
			       : FINDING_HOLDS;
	return seen->ratio.high < least
		       ? FINDING_FAILS
		       : undecided("what the victim keeps lies on both sides of nine "
				   "tenths of what was left to it",
				   why);
}

enum finding neighbour_judge_share(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen, const char **why)
{
	return judge_victim(seen, 1 - limit->asked, why);
}

enum finding neighbour_judge_apart(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen, const char **why)
{
	(void)limit;
	return judge_victim(seen, 1, why);
}

enum finding neighbour_judge_cached(const struct neighbour_limit_def *limit,
				    const struct neighbour_seen *seen, const char **why)
{
	(void)limit;
	if (!isfinite(seen->cached.value))
		return undecided("this host does not say what of the set is cached", why);
	if (seen->without.cached.low >= CACHED_SHARE)
		return undecided("the set stays cached without it as well", why);
	if (seen->cached.low >= CACHED_SHARE)
		return FINDING_HOLDS;
	return seen->cached.high < CACHED_SHARE
		       ? FINDING_FAILS
		       : undecided("what stays of the set lies on both sides of 95 %",
				   why);
}
