/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/verdict.h"

#include <math.h>
#include <stdio.h>

#define TIMES_FROM 2.0 /* from here on "times" reads better than per cent */
/* An interval that contains 1 says "no difference" only when it is narrower than this, or
 * than twice the floor. */
#define WIDE 0.1

bool verdict_below_noise(const struct result *result)
{
	return result->known && isfinite(result->floor) &&
	       fabs(log(result->stats.ratio)) <= result->floor;
}

static bool contains_one(const struct stats_ratio *stats)
{
	return stats->low <= 1 && stats->high >= 1;
}

bool verdict_undecided(const struct result *result)
{
	double floor = isfinite(result->floor) ? result->floor : 0;

	return result->known && contains_one(&result->stats) &&
	       result->stats.half_width > fmax(WIDE, 2 * floor);
}

bool verdict_stands_out(const struct result *result)
{
	return result->known && !verdict_below_noise(result) &&
	       !contains_one(&result->stats);
}

bool verdict_met(const struct result *result)
{
	return result->known && result->stats.half_width <= result->precision;
}

/* Decimals that show a small per cent value with about two digits. */
static int digits(double percent)
{
	return percent >= 10 ? 0 : percent >= 1 ? 1 : 2;
}

/* No more digits than the interval carries. */
static const char *effect(const struct stats_ratio *stats,
			  char buffer[static VERDICT_MAX])
{
	bool slower = stats->ratio < 1;
	double times = slower ? 1 / stats->ratio : stats->ratio;
	int decimals = stats->half_width >= 0.05     ? 0
		       : stats->half_width >= 0.0025 ? 1
						     : 2;

	if (times >= TIMES_FROM)
		(void)snprintf(buffer, VERDICT_MAX, "%.*f times %s", times < 9.95, times,
			       slower ? "slower" : "faster");
	else
		(void)snprintf(buffer, VERDICT_MAX, "%.*f %% %s", decimals,
			       100 * fabs(1 - stats->ratio),
			       slower ? "slower" : "faster");
	return buffer;
}

/* A path that a cache serves is compared, and never as a disk. */
static const char *cached(const struct result *result, char buffer[static VERDICT_MAX])
{
	char than[VERDICT_MAX];

	(void)snprintf(buffer, VERDICT_MAX,
		       "from a cache: %.40s than the baseline's disk",
		       effect(&result->cached, than));
	return buffer;
}

const char *verdict_text(const struct result *result, char buffer[static VERDICT_MAX])
{
	const struct stats_ratio *stats = &result->stats;

	if (!result->known && result->cached_known)
		return cached(result, buffer);
	if (!result->known)
		(void)snprintf(buffer, VERDICT_MAX, "no ratio: %.80s", result->why);
	else if (verdict_undecided(result))
		(void)snprintf(buffer, VERDICT_MAX, "undecided (%.2g to %.2g)",
			       stats->low, stats->high);
	else if (verdict_below_noise(result))
		(void)snprintf(buffer, VERDICT_MAX, "below noise (floor ±%.*f %%)",
			       digits(100 * result->floor), 100 * result->floor);
	else if (contains_one(stats))
		(void)snprintf(buffer, VERDICT_MAX, "no difference seen (±%.*f %%)",
			       digits(100 * stats->half_width), 100 * stats->half_width);
	else
		return effect(stats, buffer);
	return buffer;
}
