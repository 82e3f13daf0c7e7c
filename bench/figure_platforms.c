/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ratio to bare metal by cell and platform: native cells in one figure, disk in another.
 */
#include <math.h>
#include <string.h>

#include "figure.h"

/* A platform this far from 1 in the median would squeeze the others into a line. */
#define FAR_RATIO 1.5

struct rows {
	struct figure_names cells, platforms;
	bool disk;
};

static bool belongs(const struct rows *rows, const struct result *result)
{
	bool control = !strcmp(result->family, workload_family_name(FAMILY_CONTROL));

	return report_is_compared(result) && !control &&
	       report_is_disk(result) == rows->disk;
}

static void collect(const struct report *report, struct rows *rows)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char name[80];

		if (!belongs(rows, result))
			continue;
		report_platform_name(result, name, sizeof(name));
		(void)figure_name(&rows->cells, result->label);
		(void)figure_name(&rows->platforms, name);
	}
}

static bool is_platform(const struct result *result, const char *name)
{
	char own[80];

	report_platform_name(result, own, sizeof(own));
	return !strcmp(own, name);
}

/* More than half of its cells lie far from 1; emulated ones stand apart in any case. */
static bool is_far(const struct report *report, const struct rows *rows, const char *name)
{
	int far = 0, all = 0;

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!belongs(rows, result) || !is_platform(result, name))
			continue;
		all++;
		far += result->emulated ||
		       fabs(log(result->stats.ratio)) > log(FAR_RATIO);
	}
	return 2 * far > all;
}

static double floor_of(const struct report *report, const char *label)
{
	for (size_t i = 0; i < report->results.nr; i++)
		if (!strcmp(report->results.list[i].label, label) &&
		    isfinite(report->results.list[i].floor))
			return report->results.list[i].floor;
	return 0;
}

static void write_floors(const struct report *report, const struct rows *rows, FILE *to)
{
	for (size_t i = 0; i < rows->cells.nr; i++) {
		fprintf(to, "%zu ", i);
		figure_text(to, rows->cells.list[i]);
		fprintf(to, " %.6f\n", floor_of(report, rows->cells.list[i]));
	}
}

static void write_platform(const struct report *report, struct rows *rows,
			   const char *name, FILE *to)
{
	fprintf(to, "\n\n");
	figure_text(to, name);
	fprintf(to, "\n");
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (belongs(rows, result) && is_platform(result, name))
			fprintf(to, "%zu %.6f %.6f %.6f\n",
				figure_name(&rows->cells, result->label),
				result->stats.ratio, result->stats.low,
				result->stats.high);
	}
}

/* Near platforms first, then far ones; how many of `far` there are. */
static size_t write_platforms(const struct report *report, struct rows *rows, bool far,
			      FILE *to)
{
	size_t nr = 0;

	for (size_t i = 0; i < rows->platforms.nr; i++) {
		const char *name = rows->platforms.list[i];

		if (!rows->disk && is_far(report, rows, name) != far)
			continue;
		write_platform(report, rows, name, to);
		nr++;
	}
	return nr;
}

static int draw(const struct report *report, struct rows *rows, const char *name,
		struct err *err)
{
	char cells[16], near[16], far[16] = "0";
	const char *const words[] = {cells, near, far, NULL};
	FILE *data;
	int rc;

	collect(report, rows);
	if (!rows->cells.nr)
		return 0;
	rc = figure_data(report, name, &data, err);
	if (rc)
		return rc;
	write_floors(report, rows, data);
	(void)snprintf(cells, sizeof(cells), "%zu", rows->cells.nr);
	(void)snprintf(near, sizeof(near), "%zu",
		       write_platforms(report, rows, false, data));
	if (!rows->disk)
		(void)snprintf(far, sizeof(far), "%zu",
			       write_platforms(report, rows, true, data));
	return figure_draw(report, name, data, words, err);
}

int figure_platforms(const struct report *report, struct err *err)
{
	struct rows rows = {.disk = false};

	return draw(report, &rows, "platforms", err);
}

int figure_disk(const struct report *report, struct err *err)
{
	struct rows rows = {.disk = true};

	return draw(report, &rows, "disk", err);
}
