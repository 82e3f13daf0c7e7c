/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_limit.h"

#define KEPT_SHARE 0.9

const struct neighbour_limit_def neighbour_limits[] = {
	{"none", "none", RESOURCE_CPU, 0, 0, NULL, neighbour_judge_none},
#define LIMIT(id, ...) {__VA_ARGS__},
#include "bench/study/neighbour_limits.def"
#undef LIMIT
};

enum finding neighbour_judge_none(const struct neighbour_limit_def *limit,
				  const struct neighbour_seen *seen)
{
	(void)limit;
	(void)seen;
	return FINDING_INCONCLUSIVE;
}

enum finding neighbour_judge_cap(const struct neighbour_limit_def *limit,
				 const struct neighbour_seen *seen)
{
	double most = limit->asked + limit->tolerance;

	if (seen->got.high <= most)
		return FINDING_HOLDS;
	return seen->got.low > most ? FINDING_FAILS : FINDING_INCONCLUSIVE;
}

static enum finding judge_victim(const struct stats_ratio *ratio, double share)
{
	if (ratio->low >= KEPT_SHARE * share)
		return FINDING_HOLDS;
	return ratio->high < KEPT_SHARE * share ? FINDING_FAILS : FINDING_INCONCLUSIVE;
}

enum finding neighbour_judge_share(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen)
{
	return judge_victim(&seen->ratio, 1 - limit->asked);
}

enum finding neighbour_judge_apart(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen)
{
	(void)limit;
	return judge_victim(&seen->ratio, 1);
}
