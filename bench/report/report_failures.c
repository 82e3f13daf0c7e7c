/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could not run, what failed, what a platform did not give as asked. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off: SQL reads by its clauses */
static const char left_out_sql[] =
	"SELECT printf('%d of %d samples entered no ratio. ', sum(s.outcome <> 'ok'),"
	" count(*)) FROM sample s JOIN block b ON s.block = b.id"
	" JOIN cell c ON b.cell = c.id WHERE c.run = ?1 HAVING count(*) > 0";
static const char limits_sql[] =
	"SELECT printf('Of %d limits and settings asked of %d platforms %d were read back"
	" as asked%s. ', count(*), count(DISTINCT platform), sum(asked = got),"
	" iif(sum(asked <> got), '; the others are below', '')) FROM"
	" (SELECT DISTINCT i.platform, f.name, f.asked, f.got FROM fact f"
	" JOIN instance i ON f.instance = i.id WHERE i.run = ?1 AND f.asked IS NOT NULL)"
	" HAVING count(*) > 0";
/* clang-format on */

static void answer_left_out(const struct report *report, FILE *to)
{
	report_put(report, left_out_sql, to);
}

static void answer_limits(const struct report *report, FILE *to)
{
	report_put(report, limits_sql, to);
}

static int write_outcomes(const struct report *report, FILE *to, struct err *err)
{
	fprintf(to,
		"Samples that are not *ok* enter no ratio; counted here with the first "
		"reason.\n\n");
	return report_query_table(
		report, "| cell | platform | outcome | samples | reason |",
		"SELECT c.label, p.name || ':' || p.path || CASE p.state WHEN 'emulated' "
		"THEN "
		"' (emulated)' ELSE '' END, s.outcome, count(*), min(s.reason) FROM "
		"sample s "
		"JOIN arm a ON s.arm = a.id JOIN cell c ON a.cell = c.id JOIN platform p "
		"ON "
		"a.platform = p.id WHERE c.run = ?1 AND s.outcome <> 'ok' GROUP BY c.id, "
		"p.id, s.outcome ORDER BY c.id, p.id",
		"None: every sample of this run is ok.", to, err);
}

const struct report_section report_section_outcomes = {
	.chapter = CHAPTER_LIMITS,
	.title = "What was left out",
	.answer = answer_left_out,
	.write = write_outcomes,
};

static int write_limits(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];
	int rc;

	if (report_is_study(report) && !report_get(report, limits_sql, text)[0])
		return 0;
	fprintf(to, "Limits and settings that a platform did not give as asked:\n\n");
	rc = report_query_table(
		report, "| platform | limit | asked | got | read from |",
		"SELECT DISTINCT i.platform || CASE i.emulated WHEN 1 THEN ' (emulated)' "
		"ELSE "
		"'' END, f.name, f.asked, f.got, f.source FROM fact f JOIN instance i ON "
		"f.instance = i.id WHERE i.run = ?1 AND f.asked IS NOT NULL AND f.asked "
		"<> "
		"f.got ORDER BY i.platform, f.name",
		"None: whatever was read back is what was asked.", to, err);
	if (rc)
		return rc;
	fprintf(to, "Read back as asked:\n\n");
	return report_query_table(
		report, "| platform | limits and settings |",
		"WITH f AS (SELECT DISTINCT i.platform, i.emulated, f.name || ' ' || "
		"f.got AS "
		"text FROM fact f JOIN instance i ON f.instance = i.id WHERE i.run = ?1 "
		"AND "
		"f.asked = f.got AND i.id = (SELECT min(id) FROM instance j WHERE j.run "
		"= "
		"i.run AND j.platform = i.platform) ORDER BY i.id, f.name) SELECT "
		"platform || "
		"CASE emulated WHEN 1 THEN ' (emulated)' ELSE '' END, group_concat(text, "
		"', ') FROM f GROUP BY platform",
		"*Nothing was asked for.*", to, err);
}

const struct report_section report_section_limits_asked = {
	.chapter = CHAPTER_CONTROL,
	.title = "Limits asked and given",
	.answer = answer_limits,
	.write = write_limits,
};

static int write_platforms(const struct report *report, FILE *to, struct err *err)
{
	return report_query_table(
		report, "| platform | path | state | why |",
		"SELECT name, group_concat(path, ', '), state, reason FROM platform "
		"WHERE run = ?1 GROUP BY name, state, reason ORDER BY state <> "
		"'unavailable', state <> 'emulated', min(id)",
		"*The run planned no platform.*", to, err);
}

const struct report_section report_section_platforms = {
	.chapter = CHAPTER_ENVIRONMENT,
	.title = "What could not run",
	.write = write_platforms,
};
