/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative distributions of block ratios: what a mean would hide. One figure for what
 * lies near bare metal, one for emulated guests, one for disk paths. */
#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/figure/figure.h"

#define POINTS_MAX 150 /* a curve: more cannot be seen */
#define TAIL 0.03      /* of a curve may lie outside its panel: wild blocks */
#define TICS 5

struct kind {
	const char *name, *what;
	/* emulated: only those, as ratios on a logarithmic scale; otherwise only native
	 * ones, as differences in per cent */
	bool disk, emulated;
};
struct range {
	double low, high;
};

static bool is_drawn(const struct kind *kind, const struct result *result)
{
	bool aa = !strcmp(result->role, arm_role_name(ROLE_AA));
	bool role = aa || !strcmp(result->role, arm_role_name(ROLE_PLATFORM));

	return result->known && role && report_is_disk(result) == kind->disk &&
	       report_is_work(result) && result->emulated == kind->emulated;
}

static void curve_name(const struct result *result, char *to, size_t size)
{
	if (!strcmp(result->role, arm_role_name(ROLE_AA)))
		(void)snprintf(to, size, "%s against itself (A/A)", result->platform);
	else
		report_platform_name(result, to, size);
}

static double value_of(const struct kind *kind, double log_ratio)
{
	return kind->emulated ? exp(log_ratio) : 100 * (exp(log_ratio) - 1);
}

static double *sorted_blocks(const struct report *report, const struct result *result,
			     size_t *nr, struct err *err)
{
	cleanup(free) struct stats_block *blocks = NULL;
	double *sorted;

	if (results_blocks(report->store, result->arm, &blocks, nr, err))
		return NULL;
	sorted = calloc(*nr + 1, sizeof(*sorted));
	for (size_t i = 0; sorted && i < *nr; i++)
		sorted[i] = blocks[i].log_ratio;
	if (sorted)
		gsl_sort(sorted, 1, *nr);
	return sorted;
}

/* A panel's range: all but the tails of its curves, and bare metal. */
static struct range range_of(const struct report *report, const struct kind *kind,
			     const char *label)
{
	struct range range = {0, 0};
	double pad;

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		struct err ignored = {0};
		cleanup(free) double *sorted = NULL;
		size_t nr = 0;

		if (!is_drawn(kind, result) || strcmp(result->label, label) != 0)
			continue;
		sorted = sorted_blocks(report, result, &nr, &ignored);
		if (!sorted || !nr)
			continue;
		range.low = fmin(range.low, stats_quantile(sorted, nr, TAIL));
		range.high = fmax(range.high, stats_quantile(sorted, nr, 1 - TAIL));
	}
	pad = fmax((range.high - range.low) / 12, 0.001);
	range.low = value_of(kind, range.low - pad);
	range.high = value_of(kind, range.high + pad);
	return range;
}

/* 1, 2 or 5 times a power of ten, so that about TICS of them fit. */
static double step_of(const struct range *range)
{
	static const double factors[] = {1, 2, 5};
	double rough = (range->high - range->low) / TICS;
	double power = pow(10, floor(log10(rough)));

	for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++)
		if (factors[i] * power >= rough)
			return factors[i] * power;
	return 10 * power;
}

static void write_curve(FILE *to, const struct kind *kind, const double *sorted,
			size_t nr)
{
	size_t step = nr / POINTS_MAX + 1;

	for (size_t i = 0; i < nr; i += step)
		fprintf(to, "%.6g %.5f\n", value_of(kind, sorted[i]),
			((double)i + 0.5) / (double)nr);
}

static const struct result *find(const struct report *report, const struct kind *kind,
				 const char *label, const char *curve)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char name[96];

		curve_name(result, name, sizeof(name));
		if (is_drawn(kind, result) && (!label || !strcmp(result->label, label)) &&
		    !strcmp(name, curve))
			return result;
	}
	return NULL;
}

/* A block of the data file: curve, look, panel and its range; then points, none where
 * there is no such curve. */
static int write_one(const struct report *report, const struct kind *kind,
		     const char *label, const char *curve, FILE *to, struct err *err)
{
	const struct result *result = find(report, kind, label, curve);
	struct range range = range_of(report, kind, label);
	cleanup(free) double *sorted = NULL;
	size_t nr = 0;

	figure_text(to, curve);
	fprintf(to, " %d ", figure_look(report, find(report, kind, NULL, curve)));
	figure_text(to, label);
	fprintf(to, " %.6g %.6g %.6g\n", range.low, range.high, step_of(&range));
	if (result) {
		sorted = sorted_blocks(report, result, &nr, err);
		if (!sorted)
			return err->code
				       ? -err->code
				       : err_fail(err, ENOMEM, "no memory for a figure");
	}
	if (nr)
		write_curve(to, kind, sorted, nr);
	else
		fprintf(to, "NaN NaN\n");
	fprintf(to, "\n\n");
	return 0;
}

static void blocks_of(const struct report *report, const struct kind *kind,
		      char to[static 48])
{
	size_t low = SIZE_MAX, high = 0;

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!is_drawn(kind, result))
			continue;
		low = result->stats.blocks < low ? result->stats.blocks : low;
		high = result->stats.blocks > high ? result->stats.blocks : high;
	}
	(void)figure_span(low, high, to);
}

static int draw(const struct report *report, const struct kind *kind, struct err *err)
{
	struct figure_names cells = {0}, curves = {0};
	char panels[16], curve_nr[16], blocks[48];
	const char *unit = kind->emulated ? "ratio" : "percent";
	const char *const words[] = {panels, curve_nr, unit, blocks, kind->what, NULL};
	FILE *data;
	int rc;

	for (size_t i = 0; i < report->results.nr; i++) {
		char name[96];

		if (!is_drawn(kind, &report->results.list[i]))
			continue;
		curve_name(&report->results.list[i], name, sizeof(name));
		(void)figure_name(&cells, report->results.list[i].label);
		(void)figure_name(&curves, name);
	}
	if (!cells.nr)
		return 0;
	rc = figure_data(report, kind->name, &data, err);
	for (size_t c = 0; !rc && c < cells.nr; c++)
		for (size_t k = 0; !rc && k < curves.nr; k++)
			rc = write_one(report, kind, cells.list[c], curves.list[k], data,
				       err);
	if (rc)
		return rc;
	(void)snprintf(panels, sizeof(panels), "%zu", cells.nr);
	(void)snprintf(curve_nr, sizeof(curve_nr), "%zu", curves.nr);
	blocks_of(report, kind, blocks);
	return figure_draw(report, "distribution", kind->name, data, words, err);
}

int figure_distribution(const struct report *report, struct err *err)
{
	static const struct kind kinds[] = {
		{"distribution", "CPU and memory", false, false},
		{"distribution-emulated", "CPU and memory, emulated guests", false, true},
		{"distribution-disk", "disk", true, false},
		{"distribution-disk-emulated", "disk, emulated guests", true, true},
	};
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		rc = draw(report, &kinds[i], err);
	return rc;
}
