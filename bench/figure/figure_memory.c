/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory latency against working set, with the caches marked. */
#include <string.h>

#include "bench/figure/figure.h"

/* The cells of one workload that differ in size alone. */
#define WORKLOAD "chase"

struct out {
	FILE *to;
	char platform[80];
	size_t nr;	    /* of platforms */
	size_t least, most; /* samples of a point */
	const struct report *report;
};

/* The look of a platform, by its name. */
static int look_of(const struct report *report, const char *platform)
{
	for (size_t i = 0; i < report->results.nr; i++)
		if (!strcmp(report->results.list[i].platform, platform) &&
		    strcmp(report->results.list[i].role, arm_role_name(ROLE_AA)) != 0 &&
		    !report_is_disk(&report->results.list[i]))
			return figure_look(report, &report->results.list[i]);
	return 1;
}

static void add_row(sqlite3_stmt *row, void *data)
{
	struct out *out = data;
	size_t nr = (size_t)sqlite3_column_int64(row, 6);
	char name[80];

	(void)snprintf(name, sizeof(name), "%s%s",
		       (const char *)sqlite3_column_text(row, 0),
		       sqlite3_column_int(row, 1) ? " (emulated)" : "");
	if (strcmp(name, out->platform)) {
		fprintf(out->to, "%s", out->nr ? "\n\n" : "");
		figure_text(out->to, name);
		fprintf(out->to, " %d\n",
			look_of(out->report, (const char *)sqlite3_column_text(row, 0)));
		(void)snprintf(out->platform, sizeof(out->platform), "%s", name);
		out->nr++;
	}
	out->least = out->most && out->least < nr ? out->least : nr;
	out->most = out->most > nr ? out->most : nr;
	fprintf(out->to, "%lld %.4f %.4f %.4f\n", (long long)sqlite3_column_int64(row, 2),
		sqlite3_column_double(row, 3), sqlite3_column_double(row, 4),
		sqlite3_column_double(row, 5));
}

/* Quartiles by rank, as SQLite has none of its own. */
static const char sql[] =
	"WITH v AS (SELECT p.id AS platform, p.name, p.state = 'emulated' AS emulated, "
	"c.size_bytes, s.value, row_number() OVER w AS k, count(*) OVER (PARTITION BY "
	"a.id) "
	"AS n FROM sample s JOIN arm a ON s.arm = a.id JOIN cell c ON a.cell = c.id "
	"JOIN platform p ON a.platform = p.id WHERE c.run = ?1 AND s.outcome = 'ok' "
	"AND c.workload = '" WORKLOAD "' AND a.role IN ('baseline', 'platform') "
	"WINDOW w AS (PARTITION BY a.id ORDER BY s.value)) "
	"SELECT name, emulated, size_bytes, "
	"max(CASE WHEN k <= (n + 1) / 2 THEN value END), "
	"max(CASE WHEN k <= (n + 3) / 4 THEN value END), "
	"max(CASE WHEN k <= (3 * n + 3) / 4 THEN value END), max(n) "
	"FROM v GROUP BY platform, size_bytes ORDER BY platform, size_bytes";

static void read_cache(const struct report *report, int level, char to[static 24])
{
	char query[128], text[REPORT_TEXT_MAX];

	(void)snprintf(
		query, sizeof(query),
		"SELECT value FROM environment WHERE run = ?1 AND name = 'cache.l%d'",
		level);
	(void)snprintf(to, 24, "%.20s", report_get(report, query, text));
	if (!to[0] || strspn(to, "0123456789") != strlen(to))
		(void)snprintf(to, 24, "0");
}

int figure_memory(const struct report *report, struct err *err)
{
	struct out out = {.report = report};
	char platforms[16], l1[24], l2[24], l3[24], samples[48];
	const char *const words[] = {platforms, l1, l2, l3, samples, NULL};
	int rc = figure_data(report, "memory-latency", &out.to, err);

	if (!rc)
		rc = report_each(report, sql, add_row, &out, err);
	if (rc || !out.nr) {
		if (out.to)
			(void)fclose(out.to);
		return rc;
	}
	(void)snprintf(platforms, sizeof(platforms), "%zu", out.nr);
	(void)figure_span(out.least, out.most, samples);
	read_cache(report, 1, l1);
	read_cache(report, 2, l2);
	read_cache(report, 3, l3);
	return figure_draw(report, "memory-latency", "memory-latency", out.to, words,
			   err);
}
