/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start time against the number of instances that are already there. */
#include "bench/report/report_beside.h"

#include <string.h>

#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/results/stats.h"

#define VALUES_MAX 4096 /* of one point; what is more counts no further */

struct reader {
	struct beside now;
	double values[VALUES_MAX];
	void (*row)(const struct beside *beside, void *data);
	void *data;
};

/* clang-format off */
static const char sql[] =
	"SELECT p.name, p.state = 'emulated', CAST(json_extract(c.parameters, '$.running')"
	" AS INTEGER) AS running, s.value / 1e6 FROM sample s JOIN arm a ON s.arm = a.id"
	" JOIN platform p ON a.platform = p.id JOIN cell c ON a.cell = c.id"
	" WHERE c.run = ?1 AND c.family = 'start' AND c.workload = 'start'"
	" AND json_valid(c.parameters) AND c.label = 'start, '"
	" || json_extract(c.parameters, '$.running') || ' running' AND s.outcome = 'ok'"
	" ORDER BY p.id, running, s.value";
/* clang-format on */

static void flush(struct reader *reader)
{
	struct beside *now = &reader->now;

	if (!now->nr)
		return;
	now->median = stats_quantile(reader->values, now->nr, 0.5);
	stats_median_interval(reader->values, now->nr, &now->low, &now->high);
	reader->row(now, reader->data);
	now->nr = 0;
}

static void add_row(sqlite3_stmt *row, void *data)
{
	struct reader *reader = data;
	struct beside *now = &reader->now;
	const char *platform = (const char *)sqlite3_column_text(row, 0);
	unsigned running = (unsigned)sqlite3_column_int(row, 2);

	if (now->nr && (now->running != running || strcmp(now->platform, platform) != 0))
		flush(reader);
	if (!now->nr) {
		(void)snprintf(now->platform, sizeof(now->platform), "%.63s", platform);
		now->emulated = sqlite3_column_int(row, 1);
		now->running = running;
	}
	if (now->nr < VALUES_MAX)
		reader->values[now->nr++] = sqlite3_column_double(row, 3);
}

int report_beside(const struct report *report,
		  void (*row)(const struct beside *beside, void *data), void *data,
		  struct err *err)
{
	struct reader reader = {.row = row, .data = data};
	int rc = report_each(report, sql, add_row, &reader, err);

	if (!rc)
		flush(&reader);
	return rc;
}

struct table {
	FILE *to;
	size_t nr;
};

static void put_row(const struct beside *beside, void *data)
{
	struct table *table = data;

	if (!table->nr++)
		fprintf(table->to,
			"| platform | already running | starts | median, ms [95 %% "
			"interval] |\n|---|--:|--:|---|\n");
	fprintf(table->to, "| ");
	report_escape(table->to, beside->platform);
	fprintf(table->to, "%s | %u | %zu | ", beside->emulated ? " (emulated)" : "",
		beside->running, beside->nr);
	if (beside->nr > 1)
		fprintf(table->to, "%.2f [%.2f, %.2f] |\n", beside->median, beside->low,
			beside->high);
	else
		fprintf(table->to, "– |\n");
}

static int write_beside(const struct report *report, FILE *to, struct err *err)
{
	struct table table = {.to = to};
	int rc;

	report_figure(report, "start-beside",
		      "Start time against the number of instances that are already "
		      "running, a line a platform",
		      to);
	rc = report_beside(report, put_row, &table, err);
	if (table.nr)
		fprintf(to, "\nThe interval is of the median, by order statistics; of "
			    "fewer than six starts it is the fastest and the "
			    "slowest.\n\n");
	return rc;
}

const struct report_section report_section_start_beside = {
	.chapter = CHAPTER_AROUND,
	.title = "Starting beside running instances",
	.study = "start",
	.write = write_beside,
	.figures = {figure_beside},
};
