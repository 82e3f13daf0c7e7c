/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The neighbour matrix: what the victim keeps, by neighbour, limit and platform. */
#include <string.h>

#include "bench/figure/figure.h"

struct out {
	FILE *to;
	size_t nr;
};

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

/* column, line, share kept (NaN: none), what is written there */
static void add_field(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	bool measured = sqlite3_column_type(row, 2) != SQLITE_NULL;

	fprintf(out->to, "%d %d ", sqlite3_column_int(row, 0),
		sqlite3_column_int(row, 1));
	if (measured)
		fprintf(out->to, "%.5f ", sqlite3_column_double(row, 2));
	else
		fprintf(out->to, "NaN ");
	figure_text(out->to, text_of(row, 3));
	fprintf(out->to, "\n");
	out->nr++;
}

/* place, name */
static void add_name(sqlite3_stmt *row, void *data)
{
	struct out *out = data;

	fprintf(out->to, "%d ", sqlite3_column_int(row, 0));
	figure_text(out->to, text_of(row, 1));
	fprintf(out->to, "\n");
	out->nr++;
}

/* clang-format off */
/* A line a neighbour and limit, below a line that names the neighbour; a column a
 * platform; each in the order of measuring. */
#define PLACED                                                                         \
	"WITH f AS (SELECT id, name, platform || iif(emulated, ', emulated', '') AS place," \
	" condition, verdict, iif(json_valid(numbers), numbers, '{}') AS n"            \
	" FROM experiment WHERE run = ?1 AND chapter = 'neighbours'),"                 \
	" a AS (SELECT f.*, min(id) OVER (PARTITION BY name) AS of_name,"              \
	" min(id) OVER (PARTITION BY name, condition) AS of_line,"                     \
	" min(id) OVER (PARTITION BY place) AS of_place FROM f),"                      \
	" p AS (SELECT a.*, dense_rank() OVER (ORDER BY of_place) - 1 AS x,"           \
	" dense_rank() OVER (ORDER BY of_name) AS part,"                               \
	" dense_rank() OVER (ORDER BY of_name, of_line) - 1 AS line FROM a)"
#define N(key) "json_extract(n, '$." key "')"
#define MARK                                                                           \
	" CASE WHEN " N("limit") " = 'none' THEN '' WHEN verdict = 'holds' THEN ' ✓'"   \
	" WHEN verdict = 'does not hold' THEN ' ✗' ELSE ' ?' END"

static const char fields_sql[] =
	PLACED " SELECT x, line + part, " N("ratio") ", iif(" N("ratio") " IS NULL, '–',"
	" printf('%.0f %%  (%.0f–%.0f)', 100 * " N("ratio") ", 100 * " N("low") ", 100 * "
	N("high") ") || " MARK ") FROM p ORDER BY line, x";
static const char lines_sql[] =
	PLACED " SELECT line + part, CASE WHEN " N("limit") " = 'none' THEN 'no limit'"
	" ELSE coalesce(" N("limit_summary") ", replace(condition, 'limit: ', '')) END"
	" FROM p GROUP BY line ORDER BY line";
static const char places_sql[] = PLACED " SELECT x, place FROM p GROUP BY x ORDER BY x";
static const char parts_sql[] =
	PLACED " SELECT min(line) + part - 1, name FROM p GROUP BY part ORDER BY part";
/* clang-format on */

/* A block of the data file; blocks are two empty lines apart. */
static int put_block(const struct report *report, const char *sql,
		     void (*each)(sqlite3_stmt *row, void *data), FILE *to, size_t *ret,
		     struct err *err)
{
	struct out out = {.to = to};
	int rc = report_each(report, sql, each, &out, err);

	fprintf(to, "\n\n");
	*ret = out.nr;
	return rc;
}

int figure_neighbours(const struct report *report, struct err *err)
{
	size_t fields = 0, lines = 0, places = 0, parts = 0;
	char height[24], width[24], headings[24];
	const char *const words[] = {height, width, headings, NULL};
	FILE *to = NULL;
	int rc = figure_data(report, "neighbours", &to, err);

	if (!rc)
		rc = put_block(report, fields_sql, add_field, to, &fields, err);
	if (!rc)
		rc = put_block(report, lines_sql, add_name, to, &lines, err);
	if (!rc)
		rc = put_block(report, places_sql, add_name, to, &places, err);
	if (!rc)
		rc = put_block(report, parts_sql, add_name, to, &parts, err);
	if (rc || !fields) {
		if (to)
			(void)fclose(to);
		return rc;
	}
	(void)snprintf(height, sizeof(height), "%zu", lines);
	(void)snprintf(width, sizeof(width), "%zu", places);
	(void)snprintf(headings, sizeof(headings), "%zu", parts);
	return figure_draw(report, "neighbours", "neighbours", to, words, err);
}
