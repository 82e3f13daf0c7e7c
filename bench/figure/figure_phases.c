/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The phases of starts and of ends, one after another, as a bar for each platform.
 * Platforms that take many times as long as the others have an axis of their own. */
#include <string.h>

#include "bench/figure/figure.h"

#define FAR_FACTOR 10 /* longer than the quickest: it would squeeze the others */
#define BARS_MAX 32
#define PIECES_MAX 16 /* phases of a platform */

struct piece {
	size_t phase;
	double ms;
};
struct bar {
	char name[96];
	struct piece pieces[PIECES_MAX];
	size_t nr;
	double ms; /* of all pieces */
};
struct picture {
	struct bar bars[BARS_MAX];
	size_t nr;
};
struct pictures {
	struct picture start, end;
	struct figure_names phases;
};

static struct bar *bar_of(struct picture *picture, const char *platform, bool emulated,
			  int starts)
{
	struct bar *last = picture->nr ? &picture->bars[picture->nr - 1] : NULL;
	char name[96];

	(void)snprintf(name, sizeof(name), "%.48s%s (n = %d)", platform,
		       emulated ? ", emulated" : "", starts);
	if (last && !strcmp(last->name, name))
		return last;
	if (picture->nr == BARS_MAX)
		return NULL;
	last = &picture->bars[picture->nr++];
	*last = (struct bar){.nr = 0};
	(void)snprintf(last->name, sizeof(last->name), "%s", name);
	return last;
}

static void add_row(sqlite3_stmt *row, void *data)
{
	struct pictures *pictures = data;
	bool end = sqlite3_column_int(row, 5);
	struct picture *picture = end ? &pictures->end : &pictures->start;
	const char *platform = (const char *)sqlite3_column_text(row, 0);
	const char *phase = (const char *)sqlite3_column_text(row, 1);
	double ms = sqlite3_column_double(row, 2);
	struct bar *bar = bar_of(picture, platform, sqlite3_column_int(row, 3),
				 sqlite3_column_int(row, 4));

	if (!bar || bar->nr == PIECES_MAX || !phase || !(ms >= 0))
		return;
	bar->pieces[bar->nr++] =
		(struct piece){figure_name(&pictures->phases, phase), ms};
	bar->ms += ms;
}

/* clang-format off */
static const char sql[] =
	"WITH f AS (SELECT i.platform, i.emulated, j.key AS step,"
	" json_extract(j.value, '$.name') AS name,"
	" json_extract(j.value, '$.ns') / 1e6 AS ms,"
	" json_extract(j.value, '$.end') IS NOT NULL AS end FROM instance i,"
	" json_each(iif(json_valid(i.phases), i.phases, '[]')) j"
	" WHERE i.run = ?1 AND i.open_to_hello_ns > 0),"
	" r AS (SELECT *, row_number() OVER (PARTITION BY platform, step, name ORDER BY ms)"
	" AS k, count(*) OVER (PARTITION BY platform, step, name) AS n FROM f),"
	" m AS (SELECT platform, step, name, max(end) AS end, max(emulated) AS emulated, max(n) AS n,"
	" avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) / 2) THEN ms END) AS ms"
	" FROM r GROUP BY platform, step, name)"
	" SELECT platform, name, ms, emulated, max(n) OVER (PARTITION BY platform, end),"
	" end FROM m ORDER BY end, sum(ms) OVER (PARTITION BY platform, end), platform,"
	" step";
/* clang-format on */

static bool is_far(const struct picture *picture, const struct bar *bar)
{
	return bar->ms > FAR_FACTOR * picture->bars[0].ms;
}

static size_t write_bars(const struct picture *picture, bool far, FILE *to)
{
	size_t nr = 0;

	fprintf(to, "\n\n");
	for (size_t i = 0; i < picture->nr; i++) {
		const struct bar *bar = &picture->bars[i];
		double begin = 0;

		if (is_far(picture, bar) != far)
			continue;
		figure_text(to, bar->name);
		fprintf(to, " %zu 0 %.4f -1\n", nr, bar->ms);
		for (size_t k = 0; k < bar->nr; k++) {
			fprintf(to, "\"\" %zu %.4f %.4f %zu\n", nr, begin,
				begin + bar->pieces[k].ms, bar->pieces[k].phase);
			begin += bar->pieces[k].ms;
		}
		nr++;
	}
	if (!nr)
		fprintf(to, "\"\" NaN NaN NaN NaN\n");
	return nr;
}

/* Which of the bars: near and far ones of starts, then of ends. */
#define PANELS 4

int figure_phases(const struct report *report, struct err *err)
{
	struct pictures pictures = {.phases = {.nr = 0}};
	char bars[PANELS][24];
	const char *const words[] = {bars[0], bars[1], bars[2], bars[3], NULL};
	FILE *to;
	int rc = report_each(report, sql, add_row, &pictures, err);

	if (rc || !pictures.start.nr)
		return rc;
	rc = figure_data(report, "start-phases", &to, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < pictures.phases.nr; i++) {
		figure_text(to, pictures.phases.list[i]);
		fprintf(to, " %zu\n", i);
	}
	for (size_t i = 0; i < PANELS; i++)
		(void)snprintf(
			bars[i], sizeof(bars[i]), "%zu",
			write_bars(i < 2 ? &pictures.start : &pictures.end, i % 2, to));
	return figure_draw(report, "start-phases", "start-phases", to, words, err);
}
