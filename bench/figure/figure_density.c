/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Throughput against the number of instances, as a multiple of what one alone did: so
 * platforms of any speed share an axis. */
#include <string.h>

#include "bench/figure/figure.h"

struct out {
	FILE *to;
	const struct report *report;
	int64_t experiment;
	double alone; /* y of the first point */
	size_t curves;
	double most;
	int cpus;
};

static void begin_curve(struct out *out, sqlite3_stmt *row)
{
	const char *platform = (const char *)sqlite3_column_text(row, 1);
	char name[96];

	out->experiment = sqlite3_column_int64(row, 0);
	out->alone = sqlite3_column_double(row, 4);
	out->cpus = sqlite3_column_int(row, 8);
	(void)snprintf(name, sizeof(name), "%.60s%s", platform,
		       sqlite3_column_int(row, 2) ? " (emulated)" : "");
	fprintf(out->to, "\n\n");
	figure_text(out->to, name);
	fprintf(out->to, " %d %d\n", figure_look_of(out->report, platform),
		sqlite3_column_int(row, 7));
	out->curves++;
}

static void add_point(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	double x = sqlite3_column_double(row, 3), y = sqlite3_column_double(row, 4);
	bool whisker = sqlite3_column_type(row, 5) != SQLITE_NULL;

	if (!out->experiment || out->experiment != sqlite3_column_int64(row, 0)) {
		if (!(y > 0))
			return;
		begin_curve(out, row);
	}
	out->most = x > out->most ? x : out->most;
	fprintf(out->to, "%g %.5f %.5f %.5f\n", x, y / out->alone,
		(whisker ? sqlite3_column_double(row, 5) : y) / out->alone,
		(whisker ? sqlite3_column_double(row, 6) : y) / out->alone);
}

#define CURVE(name)                                                                     \
	"SELECT e.id, e.platform, e.emulated, s.x, s.y, s.low, s.high, "                \
	"iif(json_valid(e.numbers), json_extract(e.numbers, '$.knee'), 0), "            \
	"iif(json_valid(e.numbers), json_extract(e.numbers, '$.cpus'), 0) FROM series " \
	"s "                                                                            \
	"JOIN experiment e ON s.experiment = e.id WHERE e.run = ?1 AND e.chapter = "    \
	"'density' AND s.name = '" name "' ORDER BY e.id, s.position"

int figure_density(const struct report *report, struct err *err)
{
	struct out out = {.report = report};
	char curves[24], cpus[24];
	const char *const words[] = {curves, cpus, NULL};
	int rc = figure_data(report, "density", &out.to, err);

	if (!rc)
		rc = report_each(report, CURVE("total_per_s"), add_point, &out, err);
	(void)snprintf(curves, sizeof(curves), "%zu", out.curves);
	out.experiment = 0;
	if (!rc)
		rc = report_each(report, CURVE("instance_per_s"), add_point, &out, err);
	if (rc || out.most < 2) { /* one point is no curve */
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(cpus, sizeof(cpus), "%d", out.cpus);
	return figure_draw(report, "density", "density", out.to, words, err);
}
