/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/report/report_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/results/verdict.h"

#define TIMES_FROM 2.0 /* as in verdict.c */

/* Decimals that show a width with two digits, 0 to 5. */
static int decimals_of(double width)
{
	double digits = width > 0 ? ceil(-log10(width)) + 1 : 5;

	return (int)fmin(fmax(digits, 0), 5);
}

const char *words_ratio(const struct stats_ratio *stats, char buffer[static WORDS_MAX])
{
	double width = fmin(stats->ratio - stats->low, stats->high - stats->ratio);
	int decimals = decimals_of(width > 0 ? width : stats->high - stats->low);

	(void)snprintf(buffer, WORDS_MAX, "%.*f [%.*f, %.*f]", decimals, stats->ratio,
		       decimals, stats->low, decimals, stats->high);
	return buffer;
}

const char *words_effect(const struct stats_ratio *stats, char buffer[static WORDS_MAX])
{
	bool slower = stats->ratio < 1;
	const char *word = slower ? "slower" : "faster";
	double a = slower ? 1 / stats->high : stats->low;
	double b = slower ? 1 / stats->low : stats->high;
	double times = slower ? 1 / stats->ratio : stats->ratio;
	int decimals;

	if (times >= TIMES_FROM) {
		decimals = b - a >= 10 ? 0 : b - a >= 0.2 ? 1 : 2;
		(void)snprintf(buffer, WORDS_MAX, "%.*f times %s [%.*f, %.*f]", decimals,
			       times, word, decimals, a, decimals, b);
		return buffer;
	}
	a = 100 * (slower ? 1 - stats->high : stats->low - 1);
	b = 100 * (slower ? 1 - stats->low : stats->high - 1);
	decimals = b - a >= 10 ? 0 : b - a >= 0.5 ? 1 : 2;
	(void)snprintf(buffer, WORDS_MAX, "%.*f %% %s [%.*f %%, %.*f %%]", decimals,
		       100 * fabs(1 - stats->ratio), word, decimals, a, decimals, b);
	return buffer;
}

const char *words_floor(double floor, char buffer[static WORDS_MAX])
{
	if (!isfinite(floor))
		(void)snprintf(buffer, WORDS_MAX, "–");
	else
		(void)snprintf(buffer, WORDS_MAX, floor < 0.995 ? "±%.2g %%" : "±%.0f %%",
			       100 * floor);
	return buffer;
}

static const char *scaled(double value, const char *const *scales, size_t nr,
			  const char *unit, char buffer[static WORDS_MAX])
{
	size_t i = 0;

	for (; value >= 999.5 && i + 1 < nr; i++)
		value /= 1000;
	/* three digits, zeros at the end included */
	if (value >= 1)
		(void)snprintf(buffer, WORDS_MAX, "%.*f %s%s",
			       value < 9.995 ? 2 : value < 99.95, value, scales[i], unit);
	else
		(void)snprintf(buffer, WORDS_MAX, "%.3g %s%s", value, scales[i], unit);
	return buffer;
}

const char *words_value(double value, const char *unit, char buffer[static WORDS_MAX])
{
	static const char *const times[] = {"n", "µ", "m", ""};
	static const char *const rates[] = {"", "k", "M", "G", "T"};
	static const char *const iops[] = {"IOPS", "k IOPS", "M IOPS"};

	if (!isfinite(value)) {
		(void)snprintf(buffer, WORDS_MAX, "–");
		return buffer;
	}
	if (!strcmp(unit, "ns/op"))
		return scaled(value, times, 4, "s", buffer);
	if (!strcmp(unit, "IOPS"))
		return scaled(value, iops, 3, "", buffer);
	return scaled(value, rates, 5, unit, buffer);
}

/* --- effects --- */

static int by_size(const void *a, const void *b)
{
	double left = fabs(log((*(const struct result *const *)a)->stats.ratio));
	double right = fabs(log((*(const struct result *const *)b)->stats.ratio));

	return (left < right) - (left > right);
}

static void add(struct effects *effects, const struct result *result)
{
	effects->cells++;
	effects->emulated |= result->emulated;
	effects->floor_low = fmin(effects->floor_low, result->floor);
	effects->floor_high = fmax(effects->floor_high, result->floor);
	if (verdict_undecided(result))
		effects->undecided++;
	else if (verdict_stands_out(result) && effects->nr < WORDS_EFFECTS_MAX)
		effects->list[effects->nr++] = result;
}

void words_effects(const struct report *report, const char *platform, bool disk,
		   struct effects *ret)
{
	*ret = (struct effects){.floor_low = NAN, .floor_high = NAN};
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char name[96];

		report_platform_name(result, name, sizeof(name));
		if (report_is_compared(result) && report_is_disk(result) == disk &&
		    report_is_work(result) && !strcmp(name, platform))
			add(ret, result);
	}
	qsort(ret->list, ret->nr, sizeof(const struct result *), by_size);
}

void words_list(const struct effects *effects, size_t most, FILE *to)
{
	for (size_t i = 0; i < effects->nr && i < most; i++) {
		char text[WORDS_MAX];

		fprintf(to, "%s", i ? ", " : "");
		report_escape(to, effects->list[i]->label);
		fprintf(to, " %s", words_effect(&effects->list[i]->stats, text));
	}
	if (effects->nr > most)
		fprintf(to, " and %zu more", effects->nr - most);
}
