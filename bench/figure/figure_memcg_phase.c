/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bench/figure/figure.h"
#include "bench/figure/figure_memcg.h"

struct out {
	FILE *to;
	char name[80];
	size_t nr; /* of operations */
};

/* A block an operation: its name, bytes charged, where its band begins; then points. */
static const char sql[] =
	"SELECT s.name, s.x, s.y, json_extract(e.numbers, '$.' || s.name || '_bytes'), "
	"json_extract(e.numbers, '$.' || s.name || '_band_start_bytes'), "
	"json_extract(e.numbers, '$.' || s.name || '_cheap_ns'), "
	"json_extract(e.numbers, '$.' || s.name || '_dear_ns') "
	"FROM series s JOIN experiment e ON s.experiment = e.id WHERE e.run = ?1 "
	"AND e.chapter = '" MEMCG_CHAPTER "' AND e.name = 'byte-phase' "
	"ORDER BY s.name, s.position";

static void add_row(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	const char *name = (const char *)sqlite3_column_text(row, 0);

	if (strcmp(name, out->name) != 0) {
		fprintf(out->to, "%s", out->nr ? "\n\n" : "");
		figure_text(out->to, name);
		for (int i = 3; i < 7; i++)
			fprintf(out->to, " %.1f", sqlite3_column_double(row, i));
		fputs("\n", out->to);
		(void)snprintf(out->name, sizeof(out->name), "%s", name);
		out->nr++;
	}
	fprintf(out->to, "%.0f %.1f\n", sqlite3_column_double(row, 1),
		sqlite3_column_double(row, 2));
}

int figure_memcg_phase(const struct report *report, struct err *err)
{
	struct out out = {.nr = 0};
	char operations[16];
	const char *const words[] = {operations, NULL};
	int rc = figure_data(report, "memcg-phase", &out.to, err);

	if (!rc)
		rc = report_each(report, sql, add_row, &out, err);
	if (rc || !out.nr) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(operations, sizeof(operations), "%zu", out.nr);
	return figure_draw(report, "memcg-phase", "memcg-phase", out.to, words, err);
}
