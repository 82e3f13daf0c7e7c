/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The neighbour matrix: what the victim keeps, by neighbour, limit and platform. */
#include <string.h>

#include "bench/figure/figure.h"

struct out {
	FILE *to;
	struct figure_names rows, columns;
};

static void add_field(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	char name[80];
	size_t column, line;

	(void)snprintf(name, sizeof(name), "%.60s%s",
		       (const char *)sqlite3_column_text(row, 2),
		       sqlite3_column_int(row, 3) ? ", emulated" : "");
	column = figure_name(&out->columns, name);
	(void)snprintf(name, sizeof(name), "%.40s, %.30s",
		       (const char *)sqlite3_column_text(row, 0),
		       (const char *)sqlite3_column_text(row, 1));
	line = figure_name(&out->rows, name);
	fprintf(out->to, "%zu %zu %.5f %.5f %.5f\n", column, line,
		sqlite3_column_double(row, 4), sqlite3_column_double(row, 5),
		sqlite3_column_double(row, 6));
}

/* clang-format off */
static const char sql[] =
	"WITH f AS (SELECT id, name, platform, emulated, condition, numbers AS n"
	" FROM experiment WHERE run = ?1 AND chapter = 'neighbours'"
	" AND json_valid(numbers))"
	" SELECT name, CASE condition WHEN 'limit: none' THEN 'no limit'"
	" WHEN 'limit: weight' THEN 'weight / 10' WHEN 'limit: quota' THEN '20 % of a CPU'"
	" WHEN 'limit: cpuset' THEN 'another CPU' ELSE condition END, platform, emulated,"
	" json_extract(n, '$.ratio'), json_extract(n, '$.low'), json_extract(n, '$.high')"
	" FROM f ORDER BY (SELECT min(id) FROM f g WHERE g.name = f.name),"
	" instr('limit: none limit: weight limit: quota limit: cpuset', condition), id";
/* clang-format on */

static void put_names(FILE *to, const struct figure_names *names)
{
	fprintf(to, "\n\n");
	for (size_t i = 0; i < names->nr; i++) {
		figure_text(to, names->list[i]);
		fprintf(to, " %zu\n", i);
	}
}

int figure_neighbours(const struct report *report, struct err *err)
{
	struct out out = {.to = NULL};
	char rows[24], columns[24];
	const char *const words[] = {rows, columns, NULL};
	int rc = figure_data(report, "neighbours", &out.to, err);

	if (!rc)
		rc = report_each(report, sql, add_field, &out, err);
	if (rc || !out.rows.nr) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	put_names(out.to, &out.rows);
	put_names(out.to, &out.columns);
	(void)snprintf(rows, sizeof(rows), "%zu", out.rows.nr);
	(void)snprintf(columns, sizeof(columns), "%zu", out.columns.nr);
	return figure_draw(report, "neighbours", "neighbours", out.to, words, err);
}
