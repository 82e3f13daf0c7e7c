/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A start's phases, one after another, as a bar for each platform.  Platforms that take
 * many times as long as the others have an axis of their own. */
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
	struct picture *picture = data;
	const char *platform = (const char *)sqlite3_column_text(row, 0);
	const char *phase = (const char *)sqlite3_column_text(row, 1);
	double ms = sqlite3_column_double(row, 2);
	struct bar *bar = bar_of(picture, platform, sqlite3_column_int(row, 3),
				 sqlite3_column_int(row, 4));

	if (!bar || bar->nr == PIECES_MAX || !phase || !(ms >= 0))
		return;
	bar->pieces[bar->nr++] = (struct piece){figure_name(&picture->phases, phase), ms};
	bar->ms += ms;
}

/* clang-format off */
static const char sql[] =
	"WITH f AS (SELECT i.platform, i.emulated, j.key AS step,"
	" json_extract(j.value, '$.name') AS name,"
	" json_extract(j.value, '$.ns') / 1e6 AS ms FROM instance i,"
	" json_each(iif(json_valid(i.phases), i.phases, '[]')) j"
	" WHERE i.run = ?1 AND i.open_to_hello_ns > 0),"
	" r AS (SELECT *, row_number() OVER (PARTITION BY platform, step, name ORDER BY ms)"
	" AS k, count(*) OVER (PARTITION BY platform, step, name) AS n FROM f),"
	" m AS (SELECT platform, step, name, max(emulated) AS emulated, max(n) AS n,"
	" avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) / 2) THEN ms END) AS ms"
	" FROM r GROUP BY platform, step, name)"
	" SELECT platform, name, ms, emulated, max(n) OVER (PARTITION BY platform)"
	" FROM m ORDER BY sum(ms) OVER (PARTITION BY platform), platform, step";
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

int figure_phases(const struct report *report, struct err *err)
{
	struct picture picture = {.nr = 0};
	char near_bars[24], far_bars[24];
	const char *const words[] = {near_bars, far_bars, NULL};
	FILE *to;
	int rc = report_each(report, sql, add_row, &picture, err);

	if (rc || !picture.nr)
		return rc;
	rc = figure_data(report, "start-phases", &to, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < picture.phases.nr; i++) {
		figure_text(to, picture.phases.list[i]);
		fprintf(to, " %zu\n", i);
	}
	(void)snprintf(near_bars, sizeof(near_bars), "%zu",
		       write_bars(&picture, false, to));
	(void)snprintf(far_bars, sizeof(far_bars), "%zu", write_bars(&picture, true, to));
	return figure_draw(report, "start-phases", "start-phases", to, words, err);
}
