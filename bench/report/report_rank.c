/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/report/report_rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- one platform --- */

static bool is_of(const struct result *result, const char *platform, bool disk)
{
	char name[96];

	report_platform_name(result, name, sizeof(name));
	return report_is_compared(result) && report_is_disk(result) == disk &&
	       report_is_work(result) && !strcmp(name, platform);
}

static struct stats_ratio mean_of(const struct report *report, const char *platform,
				  bool disk)
{
	double sum = 0, squares = 0, half;
	size_t nr = 0;

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!is_of(result, platform, disk))
			continue;
		sum += log(result->stats.ratio);
		squares += result->stats.half_width * result->stats.half_width;
		nr++;
	}
	if (!nr)
		return (struct stats_ratio){.ratio = NAN, .low = NAN, .high = NAN};
	sum /= (double)nr;
	half = sqrt(squares) / (double)nr;
	return (struct stats_ratio){.ratio = exp(sum),
				    .low = exp(sum - half),
				    .high = exp(sum + half),
				    .half_width = half};
}

static bool is_listed(const struct standing *list, size_t nr, const char *name)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(list[i].name, name))
			return true;
	return false;
}

size_t standings_of(const struct report *report, bool disk,
		    struct standing list[static STANDINGS_MAX])
{
	size_t nr = 0;

	for (size_t i = 0; i < report->results.nr && nr < STANDINGS_MAX; i++) {
		char name[96];

		report_platform_name(&report->results.list[i], name, sizeof(name));
		if (!is_of(&report->results.list[i], name, disk) ||
		    is_listed(list, nr, name))
			continue;
		(void)snprintf(list[nr].name, sizeof(list[nr].name), "%s", name);
		words_effects(report, name, disk, &list[nr].effects);
		list[nr].mean = mean_of(report, name, disk);
		nr++;
	}
	return nr;
}

/* --- all of them --- */

static int by_mean(const void *a, const void *b)
{
	double left = ((const struct standing *)a)->mean.ratio;
	double right = ((const struct standing *)b)->mean.ratio;

	return (left < right) - (left > right);
}

size_t standings_native(struct standing *list, size_t nr)
{
	size_t kept = 0;

	for (size_t i = 0; i < nr; i++)
		if (!list[i].effects.emulated)
			list[kept++] = list[i];
	return kept;
}

void standings_rank(struct standing *list, size_t nr)
{
	qsort(list, nr, sizeof(*list), by_mean);
}
