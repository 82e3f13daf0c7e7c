/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a platform takes until it can work. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off: SQL reads by its clauses */
#define MEDIAN "avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) / 2) THEN ms END)"
static const char start_sql[] =
	"WITH t AS (SELECT platform, emulated, open_to_hello_ns / 1e6 AS ms,"
	" row_number() OVER (PARTITION BY platform ORDER BY open_to_hello_ns) AS k,"
	" count(*) OVER (PARTITION BY platform) AS n FROM instance"
	" WHERE run = ?1 AND open_to_hello_ns > 0),"
	" f AS (SELECT i.platform, j.key AS step, json_extract(j.value, '$.name') AS "
	"name,"
	" json_extract(j.value, '$.ns') / 1e6 AS ms, json_extract(j.value, '$.end')"
	" IS NOT NULL AS end FROM instance i, json_each(i.phases) j"
	" WHERE i.run = ?1),"
	" r AS (SELECT *, row_number() OVER (PARTITION BY platform, step, name ORDER BY "
	"ms)"
	" AS k, count(*) OVER (PARTITION BY platform, step, name) AS n FROM f),"
	" m AS (SELECT platform, name, max(end) AS end, " MEDIAN " AS ms FROM r"
	" GROUP BY platform, step, name ORDER BY platform, step)"
	" SELECT platform || iif(max(emulated), ' (emulated)', ''), n,"
	" printf('%.1f [%.1f, %.1f]', " MEDIAN ", min(ms), max(ms)),"
	" (SELECT group_concat(printf('%s %.1f ms', name, ms), '; ') FROM m"
	" WHERE m.platform = t.platform AND NOT end),"
	" coalesce((SELECT group_concat(printf('%s %.1f ms', name, ms), '; ') FROM m"
	" WHERE m.platform = t.platform AND end), '–') FROM t GROUP BY platform ORDER "
	"BY " MEDIAN;
static const char answer_sql[] =
	"WITH t AS (SELECT platform || iif(emulated, ' (emulated)', '') AS name,"
	" open_to_hello_ns / 1e6 AS ms, row_number() OVER (PARTITION BY platform"
	" ORDER BY open_to_hello_ns) AS k, count(*) OVER (PARTITION BY platform) AS n"
	" FROM instance WHERE run = ?1 AND open_to_hello_ns > 0),"
	" m AS (SELECT name, n, " MEDIAN " AS ms FROM t GROUP BY name ORDER BY ms)"
	" SELECT 'From the opening to the first word it took, in the median: '"
	" || group_concat(printf('%s %s (%d %s)', name, iif(ms < 1000, printf('%.1f ms',"
	" ms), printf('%.1f s', ms / 1000)), n, iif(n = 1, 'start', 'starts')), ', ')"
	" || '. ' FROM m HAVING count(*)";
/* clang-format on */

static void answer(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static int write_start(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];

	if (!report_get(report, answer_sql, text)[0])
		return 0;
	fprintf(to, "From opening a platform to its agent's first word, every start of "
		    "the run, whatever else was running.\n\n");
	report_figure(report, "start",
		      "Time from opening a platform to its first word: median, fastest, "
		      "slowest",
		      to);
	report_figure(
		report, "start-phases",
		"What a start and an end of each platform spend their time on, a bar "
		"a platform, a piece a phase",
		to);
	return report_query_table(
		report,
		"| platform | starts | ms: median [fastest, slowest] | phases, medians | "
		"phases of its end, medians |",
		start_sql, "*Nothing was started.*", to, err);
}

const struct report_section report_section_start = {
	.chapter = CHAPTER_AROUND,
	.title = "Start-up",
	.study = "start",
	.answer = answer,
	.write = write_start,
	.figures = {figure_start, figure_phases},
};
