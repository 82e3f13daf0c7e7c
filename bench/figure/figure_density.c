/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What N instances do, get, wait and take to start against N: a panel a curve, a line a
 * platform.  Rates are multiples of what one alone did, so platforms of any speed share
 * an axis. */
#include <string.h>

#include "bench/figure/figure.h"

#define CURVE(name)                                                                     \
	"SELECT e.id, e.platform, e.emulated, t.x, s.y, s.low, s.high, "                \
	"json_extract(e.numbers, '$.knee'), json_extract(e.numbers, '$.cpus'), "        \
	"coalesce(json_extract(e.numbers, '$.knee_low'), 0), "                          \
	"coalesce(json_extract(e.numbers, '$.knee_high'), 0), '" name "' "              \
	"FROM experiment e JOIN series t ON t.experiment = e.id AND t.name = "          \
	"'total_per_s' LEFT JOIN series s ON s.experiment = e.id AND s.name = '" name   \
	"' AND s.position = t.position WHERE e.run = ?1 AND e.chapter = 'density' AND " \
	"json_valid(e.numbers) AND (SELECT y > 0 FROM series WHERE experiment = e.id "  \
	"AND name = 'total_per_s' ORDER BY position LIMIT 1) ORDER BY e.id, t.position"

static const struct panel {
	const char *sql;
	double scale; /* 0: of the first point */
} panels[] = {
	{CURVE("total_per_s"), 0}, {CURVE("instance_per_s"), 0},
	{CURVE("fairness"), 1},	   {CURVE("p50_ns"), 1},
	{CURVE("p99_ns"), 1},	   {CURVE("start_ns"), 1e-6},
};

struct out {
	FILE *to;
	const struct report *report;
	const struct panel *panel;
	int64_t experiment;
	double scale;
	size_t curves; /* of all panels */
	double most;
	int cpus;
};

static void begin_curve(struct out *out, sqlite3_stmt *row)
{
	const char *platform = (const char *)sqlite3_column_text(row, 1);
	double first = sqlite3_column_double(row, 4);
	char name[96];

	out->experiment = sqlite3_column_int64(row, 0);
	out->scale = out->panel->scale > 0 ? out->panel->scale
		     : first > 0	   ? 1 / first
					   : 1;
	out->cpus = sqlite3_column_int(row, 8);
	(void)snprintf(name, sizeof(name), "%.60s%s", platform,
		       sqlite3_column_int(row, 2) ? " (emulated)" : "");
	fprintf(out->to, "\n\n");
	figure_text(out->to, name);
	fprintf(out->to, " %d %d %d %d\n", figure_look_of(out->report, platform),
		sqlite3_column_int(row, 7), sqlite3_column_int(row, 9),
		sqlite3_column_int(row, 10));
	out->curves++;
}

static void add_point(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	double x = sqlite3_column_double(row, 3), y = sqlite3_column_double(row, 4);
	bool whisker = sqlite3_column_type(row, 5) != SQLITE_NULL;

	if (out->experiment != sqlite3_column_int64(row, 0))
		begin_curve(out, row);
	out->most = x > out->most ? x : out->most;
	if (sqlite3_column_type(row, 4) == SQLITE_NULL) { /* it has no such curve */
		fprintf(out->to, "%g NaN NaN NaN\n", x);
		return;
	}
	fprintf(out->to, "%g %.6g %.6g %.6g\n", x, y * out->scale,
		(whisker ? sqlite3_column_double(row, 5) : y) * out->scale,
		(whisker ? sqlite3_column_double(row, 6) : y) * out->scale);
}

static int write_panels(struct out *out, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(panels) / sizeof(panels[0]); i++) {
		out->panel = &panels[i];
		out->experiment = 0;
		rc = report_each(out->report, panels[i].sql, add_point, out, err);
	}
	return rc;
}

int figure_density(const struct report *report, struct err *err)
{
	struct out out = {.report = report};
	char curves[24], cpus[24];
	const char *const words[] = {curves, cpus, NULL};
	int rc = figure_data(report, "density", &out.to, err);

	if (!rc)
		rc = write_panels(&out, err);
	if (rc || out.most < 2) { /* one point is no curve */
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(curves, sizeof(curves), "%zu",
		       out.curves / (sizeof(panels) / sizeof(panels[0])));
	(void)snprintf(cpus, sizeof(cpus), "%d", out.cpus);
	return figure_draw(report, "density", "density", out.to, words, err);
}
