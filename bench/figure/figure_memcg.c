/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves of the experiments on the memory cgroup, each as it was stored. */
#include <string.h>

#include "bench/figure/figure.h"

struct out {
	FILE *to;
	char curve[80], condition[80];
	size_t curves;
};

static void add_point(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	const char *curve = (const char *)sqlite3_column_text(row, 0);

	if (!out->curves || strcmp(curve, out->curve) != 0) {
		fprintf(out->to, "%s", out->curves++ ? "\n\n" : "");
		figure_text(out->to, curve);
		fprintf(out->to, " %zu\n", out->curves);
		(void)snprintf(out->curve, sizeof(out->curve), "%s", curve);
		(void)snprintf(out->condition, sizeof(out->condition), "%.9s%s",
			       (const char *)sqlite3_column_text(row, 3),
			       sqlite3_column_int(row, 4) ? ", in the emulated lab" : "");
	}
	fprintf(out->to, "%.9g %.9g\n", sqlite3_column_double(row, 1),
		sqlite3_column_double(row, 2));
}

/* `sql` picks the experiment; its condition begins with "cgroup v1". */
static int draw(const struct report *report, const char *name, const char *sql,
		struct err *err)
{
	struct out out = {.curves = 0};
	char curves[24];
	const char *const words[] = {curves, out.condition, NULL};
	int rc = figure_data(report, name, &out.to, err);

	if (!rc)
		rc = report_each(report, sql, add_point, &out, err);
	if (rc || !out.curves) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(curves, sizeof(curves), "%zu", out.curves);
	return figure_draw(report, name, name, out.to, words, err);
}

/* By name: the same curve has the same look in every run. */
#define CURVES(experiment)                                                           \
	"SELECT s.name, s.x, s.y, e.condition, e.emulated FROM series s JOIN "       \
	"experiment e ON s.experiment = e.id WHERE e.run = ?1 AND e.chapter = "      \
	"'memcg' AND e.condition LIKE 'cgroup v_: " experiment "' ORDER BY s.name, " \
	"s.position"

int figure_memcg_batch(const struct report *report, struct err *err)
{
	return draw(report, "memcg-batch", CURVES("batch"), err);
}

int figure_memcg_lru(const struct report *report, struct err *err)
{
	return draw(report, "memcg-lru", CURVES("lru"), err);
}

int figure_memcg_stale(const struct report *report, struct err *err)
{
	return draw(report, "memcg-stale", CURVES("stale"), err);
}
