/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chapters behind the answer: could it have been seen, what failed, where it ran. */
#include "report_more.h"

#include "report_controls.h"
#include "report_tables.h"

static void put_controls(const struct report *report, FILE *to)
{
	fprintf(to, "## Could the run have seen it?\n\n");
	report_controls(report, to);
	if (!report_has_family(report, FAMILY_CONTROL))
		return;
	fprintf(to,
		"### What reaching a platform costs\n\nThe `null` workload: a request to "
		"the agent and its answer, nothing done, by the harness's clock. It is "
		"outside every other measured interval.\n\n");
	report_ratio_table(report, FAMILY_CONTROL, to);
}

/* --- start-up --- */

/* clang-format off: SQL reads by its clauses */
#define MEDIAN "avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) / 2) THEN ms END)"
static const char start_sql[] =
	"WITH t AS (SELECT platform, emulated, open_to_hello_ns / 1e6 AS ms,"
	" row_number() OVER (PARTITION BY platform ORDER BY open_to_hello_ns) AS k,"
	" count(*) OVER (PARTITION BY platform) AS n FROM instance"
	" WHERE run = ?1 AND open_to_hello_ns > 0),"
	" f AS (SELECT i.platform, j.key AS step, json_extract(j.value, '$.name') AS "
	"name,"
	" json_extract(j.value, '$.ns') / 1e6 AS ms FROM instance i, json_each(i.phases) "
	"j"
	" WHERE i.run = ?1),"
	" r AS (SELECT *, row_number() OVER (PARTITION BY platform, step, name ORDER BY "
	"ms)"
	" AS k, count(*) OVER (PARTITION BY platform, step, name) AS n FROM f),"
	" m AS (SELECT platform, name, " MEDIAN " AS ms FROM r"
	" GROUP BY platform, step, name ORDER BY platform, step)"
	" SELECT platform || iif(max(emulated), ' (emulated)', ''), n,"
	" printf('%.1f [%.1f, %.1f]', " MEDIAN ", min(ms), max(ms)),"
	" (SELECT group_concat(printf('%s %.1f ms', name, ms), '; ') FROM m"
	" WHERE m.platform = t.platform) FROM t GROUP BY platform ORDER BY min(ms)";
/* clang-format on */

static int put_start(const struct report *report, FILE *to, struct err *err)
{
	fprintf(to,
		"## Start-up\n\nFrom opening a platform to its agent's first word, every "
		"start of the run.\n\n");
	report_figure(report, "start", "Start-up time by platform", to);
	return report_query_table(
		report,
		"| platform | starts | ms: median [fastest, slowest] | phases, medians |",
		start_sql, "*Nothing was started.*", to, err);
}

/* --- what could not run --- */

static int put_outcomes(const struct report *report, FILE *to, struct err *err)
{
	fprintf(to,
		"Samples that are not *ok* enter no ratio; counted here with the first "
		"reason:\n\n");
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

static int put_limits(const struct report *report, FILE *to, struct err *err)
{
	int rc;

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

static int put_failures(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	fprintf(to, "## What could not run\n\n");
	rc = report_query_table(report, "| platform | path | state | why |",
				"SELECT name, group_concat(path, ', '), state, reason "
				"FROM platform WHERE run = "
				"?1 GROUP BY name, state, reason ORDER BY state <> "
				"'unavailable', state <> "
				"'emulated', min(id)",
				"*The run planned no platform.*", to, err);
	if (!rc)
		rc = put_outcomes(report, to, err);
	return rc ? rc : put_limits(report, to, err);
}

/* --- the machine --- */

static int put_noise(const struct report *report, FILE *to, struct err *err)
{
	fprintf(to, "What makes this host noisy, and how to mend it:\n\n");
	return report_query_table(report, "| noise | found, and the mend |",
				  "SELECT substr(name, 7), value FROM environment WHERE "
				  "run = ?1 AND name LIKE "
				  "'noise.%' ORDER BY name",
				  "*Nothing was found.*", to, err);
}

static int put_environment(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	fprintf(to, "## The machine\n\n");
	report_figure(report, "topology", "Topology by hwloc", to);
	if (!report_has_figure(report, "topology"))
		fprintf(to, "*No picture of the topology: the run has none stored, or "
			    "lstopo (package hwloc-nox) is not installed here.*\n\n");
	rc = put_noise(report, to, err);
	if (rc)
		return rc;
	fprintf(to, "The environment as it was when the run began:\n\n");
	return report_query_table(
		report, "| what | read from | value |",
		"SELECT name, source, value FROM (SELECT name, value, source FROM "
		"environment "
		"WHERE run = ?1 AND name NOT IN ('hwloc.xml', 'cpu.flags') AND name NOT "
		"LIKE "
		"'noise.%' AND NOT (name LIKE 'mitigation.%' AND value = 'Not affected') "
		"UNION ALL SELECT 'mitigation: not affected', group_concat(substr(name, "
		"12), "
		"', '), '/sys/devices/system/cpu/vulnerabilities' FROM environment WHERE "
		"run "
		"= ?1 AND name LIKE 'mitigation.%' AND value = 'Not affected' HAVING "
		"count(*) "
		"> 0) ORDER BY name",
		"*Nothing was recorded.*", to, err);
}

static void put_repeat(const struct report *report, FILE *to)
{
	fprintf(to,
		"## Do it again\n\nAs the run was started, and the same draw of orders "
		"again:\n\n```\n");
	report_code(report, "SELECT command FROM run WHERE id = ?1", to);
	fprintf(to, "\n");
	report_code(report,
		    "SELECT printf('tare run %s --seed %d --budget %ds', suite, seed, "
		    "budget_ns / 1000000000) FROM run WHERE id = ?1",
		    to);
	fprintf(to, "\n```\n\nThis report again, every ratio and every sample out of the "
		    "store "
		    "(tare ");
	report_put(report, "SELECT version FROM run WHERE id = ?1", to);
	fprintf(to,
		"; nothing is measured):\n\n```\ntare report %lld\ntare show %lld\ntare "
		"show "
		"%lld --samples --format csv\n```\n\nThe data behind each figure is in "
		"figures/data/; the last line of each file there draws it.\n",
		(long long)report->run, (long long)report->run, (long long)report->run);
}

int report_more(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	put_controls(report, to);
	rc = put_start(report, to, err);
	if (!rc)
		rc = put_failures(report, to, err);
	if (!rc)
		rc = put_environment(report, to, err);
	if (rc)
		return rc;
	fprintf(to, "## The cells in full\n\n");
	report_cell_table(report, to);
	put_repeat(report, to);
	return 0;
}
