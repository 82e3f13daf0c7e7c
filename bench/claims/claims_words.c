/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/claims/claims_show.h"

static const char *no_text(char buffer[static CLAIM_TEXT_MAX])
{
	(void)snprintf(buffer, CLAIM_TEXT_MAX, "–");
	return buffer;
}

static void name_side(const struct claim_side *side, char *to, size_t size)
{
	(void)snprintf(to, size, "%.30s%s%.30s", side->platform, side->path ? ":" : "",
		       side->path ? side->path : "");
}

const char *claim_claimed_text(const struct claim *claim,
			       char buffer[static CLAIM_TEXT_MAX])
{
	char other[64] = "the baseline", scale[96] = "";

	if (isfinite(claim->claimed) && claim->kind == CLAIM_TIME) {
		(void)snprintf(buffer, CLAIM_TEXT_MAX, "%.4g ± %.2g %%", claim->claimed,
			       100 * claim->tolerance);
		return buffer;
	}
	if (!claim->side_nr)
		return no_text(buffer);
	if (claim->against.platform)
		name_side(&claim->against, other, sizeof(other));
	if (claim->relative_to)
		(void)snprintf(scale, sizeof(scale), ", by %.60s", claim->relative_to);
	(void)snprintf(buffer, CLAIM_TEXT_MAX, "%s %s%s",
		       claim->below ? "below" : "above", claim->relative_to ? "1" : other,
		       scale);
	return buffer;
}

/* Decimals that show the interval's half width with two digits. */
static int decimals(const struct claim_reading *reading)
{
	double half = (reading->high - reading->low) / 2;

	if (!(half > 0))
		return 3;
	return (int)fmin(4, fmax(0, 1 - floor(log10(half))));
}

const char *claim_measured_text(const struct claim_reading *reading,
				char buffer[static CLAIM_TEXT_MAX])
{
	int digits = decimals(reading);

	if (!isfinite(reading->value))
		return no_text(buffer);
	(void)snprintf(buffer, CLAIM_TEXT_MAX, "%.*f [%.*f, %.*f]", digits,
		       reading->value, digits, reading->low, digits, reading->high);
	return buffer;
}

const char *claim_platform_text(const struct claim_reading *reading,
				char buffer[static CLAIM_TEXT_MAX])
{
	(void)snprintf(buffer, CLAIM_TEXT_MAX, "%.60s%s%.60s%s", reading->platform,
		       reading->against[0] ? " / " : "", reading->against,
		       reading->emulated ? " (emulated)" : "");
	return buffer;
}

const char *claim_sides_text(const struct claim *claim,
			     char buffer[static CLAIM_TEXT_MAX])
{
	char name[64];

	if (!claim->side_nr)
		return no_text(buffer);
	name_side(&claim->sides[0], name, sizeof(name));
	(void)snprintf(buffer, CLAIM_TEXT_MAX, "%s", name);
	return buffer;
}

const char *claim_sum_text(const struct claim_findings *findings,
			   char buffer[static CLAIM_TEXT_MAX])
{
	size_t count[CLAIM_VERDICT_NR] = {0}, used = 0;

	for (size_t i = 0; i < findings->nr; i++)
		count[findings->list[i].verdict]++;
	for (int verdict = CLAIM_VERDICT_NR - 1; verdict >= 0; verdict--)
		used += (size_t)snprintf(buffer + used, CLAIM_TEXT_MAX - used, "%s%zu %s",
					 used ? ", " : "", count[verdict],
					 claim_verdict_name((enum claim_verdict)verdict));
	return buffer;
}
