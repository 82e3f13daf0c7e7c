/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict.h"

#include <math.h>
#include <stdio.h>

#define TIMES_FROM 2.0 /* from here on "times" reads better than per cent */

bool verdict_below_noise(const struct result *result)
{
	return result->known && isfinite(result->floor) &&
	       fabs(log(result->stats.ratio)) <= result->floor;
}

bool verdict_met(const struct result *result)
{
	return result->known && result->stats.half_width <= result->precision;
}

static const char *effect(double ratio, char buffer[static VERDICT_MAX])
{
	bool slower = ratio < 1;
	double times = slower ? 1 / ratio : ratio;

	if (times >= TIMES_FROM)
		(void)snprintf(buffer, VERDICT_MAX, "%.3g times %s", times,
			       slower ? "slower" : "faster");
	else
		(void)snprintf(buffer, VERDICT_MAX, "%.2f %% %s", 100 * fabs(1 - ratio),
			       slower ? "slower" : "faster");
	return buffer;
}

const char *verdict_text(const struct result *result, char buffer[static VERDICT_MAX])
{
	const struct stats_ratio *stats = &result->stats;

	if (!result->known)
		(void)snprintf(buffer, VERDICT_MAX, "no ratio: %.80s", result->why);
	else if (verdict_below_noise(result))
		(void)snprintf(buffer, VERDICT_MAX, "below noise (floor ±%.2f %%)",
			       100 * result->floor);
	else if (stats->low <= 1 && stats->high >= 1)
		(void)snprintf(buffer, VERDICT_MAX, "no difference seen (±%.2f %%)",
			       100 * stats->half_width);
	else
		return effect(stats->ratio, buffer);
	return buffer;
}
