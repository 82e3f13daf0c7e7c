/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VM exits and context switches of one input or output, by path and block size. */
#include <string.h>

#include "bench/results/cost.h"
#include "bench/figure/figure.h"
#include "bench/base/units.h"

/* Columns of cost_sql. */
enum column { LABEL, BLOCK, NAME, SAMPLES = 6, SWITCHES = 8, EXITS, IO };

struct out {
	FILE *to;
	char cell[80];	     /* heading of the rows so far */
	unsigned rows, bars; /* rows: headings included */
	int least, most;     /* samples behind a bar */
};

static bool is_known(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) != SQLITE_NULL;
}

static void put_heading(struct out *out, sqlite3_stmt *row)
{
	char text[160], bytes[UNITS_TEXT_MAX];
	const char *label = (const char *)sqlite3_column_text(row, LABEL);

	if (!strcmp(out->cell, label))
		return;
	(void)snprintf(out->cell, sizeof(out->cell), "%s", label);
	(void)snprintf(text, sizeof(text), "%s, %s", label,
		       units_bytes((uint64_t)sqlite3_column_int64(row, BLOCK), bytes));
	fprintf(out->to, "%u ", out->rows++);
	figure_text(out->to, text);
	fprintf(out->to, " -1 -1 -1\n");
}

static void note_samples(struct out *out, int samples)
{
	if (!out->bars || samples < out->least)
		out->least = samples;
	if (samples > out->most)
		out->most = samples;
}

static void add_row(sqlite3_stmt *row, void *data)
{
	struct out *out = data;

	if (!is_known(row, EXITS) || !is_known(row, IO) || !is_known(row, SWITCHES))
		return;
	put_heading(out, row);
	note_samples(out, sqlite3_column_int(row, SAMPLES));
	fprintf(out->to, "%u ", out->rows++);
	figure_text(out->to, (const char *)sqlite3_column_text(row, NAME));
	fprintf(out->to, " %.4f %.4f %.4f\n", sqlite3_column_double(row, EXITS),
		sqlite3_column_double(row, IO), sqlite3_column_double(row, SWITCHES));
	out->bars++;
}

int figure_exits(const struct report *report, struct err *err)
{
	struct out out = {.to = NULL};
	char rows[16], subtitle[200], span[48];
	const char *const words[] = {rows, subtitle, NULL};
	int rc = figure_data(report, "exits", &out.to, err);

	if (!rc)
		rc = report_each(report, cost_sql, add_row, &out, err);
	if (rc || !out.bars) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(rows, sizeof(rows), "%u", out.rows);
	(void)snprintf(subtitle, sizeof(subtitle),
		       "counted on the host, medians of %s samples%s",
		       figure_span((size_t)out.least, (size_t)out.most, span),
		       report_is_lab(report)
			       ? "; the host was an emulated machine: counts hold, "
				 "no time was taken"
			       : "");
	return figure_draw(report, "exits", "exits", out.to, words, err);
}
