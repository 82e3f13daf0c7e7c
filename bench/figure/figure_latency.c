/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latency percentiles of disk cells. */
#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/figure/figure.h"

#define RANKS 4
#define SAMPLES_MAX 4096 /* of one arm; more change no median */

struct ranks {
	double us[RANKS][SAMPLES_MAX];
	size_t nr;
};

static void add_row(sqlite3_stmt *row, void *data)
{
	struct ranks *ranks = data;

	if (ranks->nr == SAMPLES_MAX)
		return;
	for (int i = 0; i < RANKS; i++)
		ranks->us[i][ranks->nr] = sqlite3_column_double(row, i) / 1e3;
	ranks->nr++;
}

/* Here ?1 is an arm's row, not the run. */
static int read_ranks(const struct report *report, int64_t arm, struct ranks *ret,
		      struct err *err)
{
	struct report one = *report;

	ret->nr = 0;
	one.run = arm;
	return report_each(
		&one,
		"SELECT lat_p50_ns, lat_p90_ns, lat_p99_ns, lat_p999_ns FROM sample "
		"WHERE arm = ?1 AND outcome = 'ok' AND lat_p50_ns IS NOT NULL",
		add_row, ret, err);
}

static bool is_drawn(const struct result *result)
{
	bool role = !strcmp(result->role, arm_role_name(ROLE_PLATFORM)) ||
		    !strcmp(result->role, arm_role_name(ROLE_BASELINE));

	return role && report_is_disk(result) && result->samples;
}

static const struct result *find(const struct report *report, const char *label,
				 const char *path)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char name[96];

		report_platform_name(result, name, sizeof(name));
		if (is_drawn(result) && (!label || !strcmp(result->label, label)) &&
		    !strcmp(name, path))
			return result;
	}
	return NULL;
}

static int write_one(const struct report *report, FILE *to, const char *label,
		     const char *path, struct ranks *ranks, struct err *err)
{
	const struct result *result = find(report, label, path);
	int rc = 0;

	ranks->nr = 0;
	if (result)
		rc = read_ranks(report, result->arm, ranks, err);
	figure_text(to, path);
	fprintf(to, " %d ", figure_look(report, find(report, NULL, path)));
	figure_text(to, label);
	fprintf(to, "\n");
	for (int i = 0; i < RANKS; i++) {
		if (!ranks->nr) {
			fprintf(to, "%d NaN\n", i + 1);
			continue;
		}
		gsl_sort(ranks->us[i], 1, ranks->nr);
		fprintf(to, "%d %.3f\n", i + 1,
			stats_quantile(ranks->us[i], ranks->nr, 0.5));
	}
	fprintf(to, "\n\n");
	return rc;
}

int figure_latency(const struct report *report, struct err *err)
{
	cleanup(free) struct ranks *ranks = malloc(sizeof(*ranks));
	struct figure_names cells = {0}, paths = {0};
	char panels[16], platforms[16], samples[48];
	size_t low = SIZE_MAX, high = 0;
	const char *const words[] = {panels, platforms, samples, NULL};
	FILE *data;
	int rc;

	if (!ranks)
		return err_fail(err, ENOMEM, "no memory for a figure");
	for (size_t i = 0; i < report->results.nr; i++) {
		char name[96];

		if (!is_drawn(&report->results.list[i]))
			continue;
		low = report->results.list[i].samples < low
			      ? report->results.list[i].samples
			      : low;
		high = report->results.list[i].samples > high
			       ? report->results.list[i].samples
			       : high;
		report_platform_name(&report->results.list[i], name, sizeof(name));
		(void)figure_name(&cells, report->results.list[i].label);
		(void)figure_name(&paths, name);
	}
	if (!cells.nr)
		return 0;
	rc = figure_data(report, "disk-latency", &data, err);
	for (size_t c = 0; !rc && c < cells.nr; c++)
		for (size_t k = 0; !rc && k < paths.nr; k++)
			rc = write_one(report, data, cells.list[c], paths.list[k], ranks,
				       err);
	if (rc)
		return rc;
	(void)snprintf(panels, sizeof(panels), "%zu", cells.nr);
	(void)snprintf(platforms, sizeof(platforms), "%zu", paths.nr);
	(void)figure_span(low, high, samples);
	return figure_draw(report, "disk-latency", "disk-latency", data, words, err);
}
