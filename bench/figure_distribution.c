/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative distributions of block ratios: what a mean would hide. */
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "figure.h"

#define POINTS_MAX 400 /* a curve: more cannot be seen */
#define TAIL 0.01      /* left out at each end: one wild block would flatten the rest */

/* Emulated guests lie so far off that their curve would be the only one seen. */
static bool is_drawn(const struct result *result)
{
	bool role = !strcmp(result->role, arm_role_name(ROLE_PLATFORM)) ||
		    !strcmp(result->role, arm_role_name(ROLE_AA));

	return result->known && role && !report_is_disk(result) && !result->emulated &&
	       strcmp(result->family, workload_family_name(FAMILY_CONTROL)) != 0;
}

static void curve_name(const struct result *result, char *to, size_t size)
{
	bool control = strcmp(result->role, arm_role_name(ROLE_PLATFORM)) != 0;

	(void)snprintf(to, size, "%s%s", result->platform,
		       control ? " against itself (A/A)" : "");
}

static void write_curve(FILE *to, const struct stats_block *blocks, size_t nr)
{
	cleanup(free) double *sorted = calloc(nr + 1, sizeof(*sorted));
	size_t step = nr / POINTS_MAX + 1;

	for (size_t i = 0; sorted && i < nr; i++)
		sorted[i] = blocks[i].log_ratio;
	if (!sorted)
		return;
	gsl_sort(sorted, 1, nr);
	for (size_t i = 0; i < nr; i += step) {
		double share = ((double)i + 0.5) / (double)nr;

		if (share >= TAIL && share <= 1 - TAIL)
			fprintf(to, "%.5f %.5f\n", 100 * (exp(sorted[i]) - 1), share);
	}
}

static const struct result *find(const struct report *report, const char *label,
				 const char *curve)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char name[80];

		curve_name(result, name, sizeof(name));
		if (is_drawn(result) && !strcmp(result->label, label) &&
		    !strcmp(name, curve))
			return result;
	}
	return NULL;
}

/* One block of the data file: panel and curve, then points; none where there is none. */
static int write_one(const struct report *report, FILE *to, const char *label,
		     const char *curve, struct err *err)
{
	const struct result *result = find(report, label, curve);
	cleanup(free) struct stats_block *blocks = NULL;
	size_t nr = 0;
	int rc = result ? results_blocks(report->store, result->arm, &blocks, &nr, err)
			: 0;

	figure_text(to, label);
	fprintf(to, " ");
	figure_text(to, curve);
	fprintf(to, "\n");
	if (!rc && nr)
		write_curve(to, blocks, nr);
	else
		fprintf(to, "NaN NaN\n");
	fprintf(to, "\n\n");
	return rc;
}

int figure_distribution(const struct report *report, struct err *err)
{
	struct figure_names cells = {0}, curves = {0};
	char panels[16], platforms[16];
	const char *const words[] = {panels, platforms, NULL};
	FILE *data;
	int rc;

	for (size_t i = 0; i < report->results.nr; i++) {
		char name[80];

		if (!is_drawn(&report->results.list[i]))
			continue;
		curve_name(&report->results.list[i], name, sizeof(name));
		(void)figure_name(&cells, report->results.list[i].label);
		(void)figure_name(&curves, name);
	}
	if (!cells.nr)
		return 0;
	rc = figure_data(report, "distribution", &data, err);
	for (size_t c = 0; !rc && c < cells.nr; c++)
		for (size_t k = 0; !rc && k < curves.nr; k++)
			rc = write_one(report, data, cells.list[c], curves.list[k], err);
	if (rc)
		return rc;
	(void)snprintf(panels, sizeof(panels), "%zu", cells.nr);
	(void)snprintf(platforms, sizeof(platforms), "%zu", curves.nr);
	return figure_draw(report, "distribution", data, words, err);
}
