/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table as the kernel's performance reports have it: the baseline's value, its relative
 * standard deviation over blocks, the change, the platform's value and deviation, and
 * what it is of.  Values are means over blocks; the change is that of the paired ratio.
 */
#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "bench/export/export.h"
#include "bench/results/results_gather.h"

CLEANUP_DEFINE(gather, struct gather *, gather_release)

static void put_value(const struct numbers *numbers, FILE *to)
{
	double mean = gsl_stats_mean(numbers->list, 1, numbers->nr);
	double sd = numbers->nr > 1 ? gsl_stats_sd(numbers->list, 1, numbers->nr) : 0;

	fprintf(to, "%14.6g ±%3.0f%%", mean, 100 * sd / mean);
}

/* Blanks would end the name. */
static void put_name(const char *text, FILE *to)
{
	char one[EXPORT_CHARACTER_MAX];

	while (*text) {
		text += export_next(text, one);
		fputs(one[0] == ' ' ? "_" : one, to);
	}
}

static void put_line(const struct result *result, const struct gathered *arm, FILE *to)
{
	char platform[EXPORT_TEXT_MAX];
	double change = result->stats.ratio;

	if (!arm->rate) /* a time: the inverse of the performance */
		change = 1 / change;
	put_value(&arm->bases, to);
	fprintf(to, "  %+8.1f%%  ", 100 * (change - 1));
	put_value(&arm->values, to);
	fputs("  ", to);
	export_platform(result, platform);
	put_name(platform, to);
	putc('.', to);
	put_name(result->label, to);
	putc('.', to);
	put_name(result->unit, to);
	putc('\n', to);
}

int export_lkp(const struct export *run, FILE *to, struct err *err)
{
	static const char line[] = "------------------------------------------------";
	struct gather gather = {0};
	cleanup(gather) struct gather *guard = &gather;
	int rc = gather_read(run->store, run->results->run, 0, guard, err);

	if (rc)
		return rc;
	fprintf(to, "run/suite/host:\n  %lld/", (long long)run->results->run);
	put_name(run->suite, to);
	putc('/', to);
	put_name(run->host, to);
	fprintf(to, "\n\n%14s %5s  %9s  %14s %5s  name\n%s%s\n", "baseline", "%stddev",
		"%change", "platform", "%stddev", line, line);
	for (size_t i = 0; i < run->results->nr; i++) {
		const struct result *result = &run->results->list[i];
		const struct gathered *arm = gather_find(guard, result->arm);

		if (result->known && arm && arm->bases.nr && arm->values.nr)
			put_line(result, arm, to);
	}
	return export_end(to, err);
}
