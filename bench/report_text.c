/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REPORT.md, chapter by chapter. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "report_answer.h"
#include "report_tables.h"

bool report_has_figure(const struct report *report, const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/figures/%s.svg", report->dir, name);
	return !access(path, R_OK);
}

static void put_figure(const struct report *report, const char *name, const char *alt,
		       FILE *to)
{
	if (report_has_figure(report, name))
		fprintf(to, "![%s](figures/%s.svg)\n\n", alt, name);
	else
		fprintf(to, "*No figure \"%s\": the run has no such samples.*\n\n", alt);
}

static void put_text(const struct report *report, const char *sql, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	report_escape(to, report_get(report, sql, text));
}

static void put_head(const struct report *report, FILE *to)
{
	fprintf(to, "# What each platform costs: run %lld, suite ",
		(long long)report->run);
	put_text(report, "SELECT suite FROM run WHERE id = ?1", to);
	fprintf(to, "\n\nMeasured ");
	put_text(report, "SELECT started_utc FROM run WHERE id = ?1", to);
	fprintf(to, " on ");
	put_text(report,
		 "SELECT value FROM environment WHERE run = ?1 AND name = 'cpu.model'",
		 to);
	fprintf(to, " (");
	put_text(report,
		 "SELECT value FROM environment WHERE run = ?1 AND name = 'cpu.count'",
		 to);
	fprintf(to, " CPUs), ");
	put_text(report,
		 "SELECT value FROM environment WHERE run = ?1 AND name = 'kernel'", to);
	fprintf(to, ", ");
	put_text(report,
		 "SELECT count(*) FROM sample s JOIN block b ON s.block = b.id JOIN "
		 "cell c ON b.cell = c.id WHERE c.run = ?1 AND s.outcome = 'ok'",
		 to);
	fprintf(to, " good samples in ");
	put_text(report,
		 "SELECT printf('%.0f s', elapsed_ns / 1e9) FROM run WHERE id = ?1", to);
	fprintf(to, ". The run ended: ");
	put_text(
		report,
		"SELECT CASE status WHEN 'done' THEN 'every interval as narrow as asked' "
		"WHEN 'budget' THEN 'budget spent, some intervals wider than asked' "
		"ELSE status END FROM run WHERE id = ?1",
		to);
	fprintf(to, ".\n\n```\n");
	/* In a code block only a fence could break out. */
	{
		char text[REPORT_TEXT_MAX];

		for (const char *c = report_get(
			     report, "SELECT command FROM run WHERE id = ?1", text);
		     *c; c++)
			(void)fputc(*c == '`' || *c == '\n' ? ' ' : *c, to);
	}
	fprintf(to, "\n```\n\nSeed ");
	put_text(report, "SELECT seed FROM run WHERE id = ?1", to);
	fprintf(to, ", tare ");
	put_text(report, "SELECT version FROM run WHERE id = ?1", to);
	fprintf(to,
		". Every sample is in the store: `tare show %lld --samples --format "
		"csv`.\n\n",
		(long long)report->run);
}

static void put_how_to_read(FILE *to)
{
	fprintf(to, "## How to read a ratio\n\n"
		    "A ratio is the platform's performance divided by bare metal's in "
		    "the same "
		    "cell: above 1 is better, for every metric. It is the trimmed mean "
		    "of paired "
		    "blocks; the interval is the 95 %% hierarchical bootstrap over "
		    "epochs and "
		    "blocks. The *A/A floor* is how far bare metal compared with itself "
		    "strayed "
		    "from 1 in that cell; an effect inside it is called *below noise*. "
		    "CPU and "
		    "memory cells are decided by CPU time, disk cells by fio's own "
		    "clock. The "
		    "method is in docs/method.md.\n\n");
}

static int put_native(const struct report *report, FILE *to)
{
	put_figure(report, "platforms", "Relative performance by platform", to);
	fprintf(to, "## CPU\n\nTaken in mirrored blocks (ABBA) of slices of about 1.5 ms "
		    "on bare "
		    "metal, the same number of operations everywhere, workers forked "
		    "anew for "
		    "each epoch; ratio by CPU time.\n\n");
	report_ratio_table(report, FAMILY_CPU, to);
	fprintf(to,
		"## Memory\n\nTaken like CPU. STREAM arrays and pointer chases use huge "
		"pages where the kernel gives them.\n\n");
	report_ratio_table(report, FAMILY_MEMORY, to);
	put_figure(report, "memory-latency", "Memory latency by working set", to);
	put_figure(report, "distribution", "Distribution of block ratios", to);
	return 0;
}

static int put_disk(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	fprintf(to,
		"## Disk\n\nTaken with one fio job a slice, all paths in a drawn order "
		"and "
		"then in its mirror; every path ends in the same preallocated file on "
		"the "
		"host. Direct cells find the host's cache of that file dropped, cached "
		"cells find it warm.\n\n");
	put_figure(report, "disk", "Disk performance by path beside the founding claims",
		   to);
	fprintf(to,
		"The dashed lines are the claims that tare was founded to test (notes of "
		"the 4th "
		"Container Virtualization Information Exchange Meeting, Tokyo, 2014): "
		"virtfs "
		"0.99, virtio 0.81, IDE 0.41 of the real machine, conditions not "
		"given.%s\n\n",
		report->emulated
			? " The guests here are emulated: their points can neither "
			  "reproduce nor contradict a claim about KVM."
			: "");
	report_ratio_table(report, FAMILY_DISK, to);
	fprintf(to,
		"How much of what the workload moved was really moved by the host's disk "
		"meanwhile (median over samples; more than 1: read-ahead or other work, "
		"less: served from a cache):\n\n");
	rc = report_query_table(
		report, "| cell | platform | host disk bytes / workload bytes |",
		"WITH t AS (SELECT c.id AS cell, c.label, p.id AS platform, p.name || "
		"':' || "
		"p.path || CASE p.state WHEN 'emulated' THEN ' (emulated)' ELSE '' END "
		"AS name, "
		"1.0 * (s.host_read_bytes + s.host_write_bytes) / (s.fio_read_bytes + "
		"s.fio_write_bytes) AS share, row_number() OVER (PARTITION BY a.id ORDER "
		"BY "
		"1.0 * (s.host_read_bytes + s.host_write_bytes) / (s.fio_read_bytes + "
		"s.fio_write_bytes)) AS k, count(*) OVER (PARTITION BY a.id) AS n FROM "
		"sample s "
		"JOIN arm a ON s.arm = a.id JOIN cell c ON a.cell = c.id JOIN platform p "
		"ON "
		"a.platform = p.id WHERE c.run = ?1 AND s.outcome = 'ok' AND c.family = "
		"'disk' "
		"AND a.role IN ('baseline', 'platform')) SELECT label, name, "
		"printf('%.2f', "
		"avg(share)) FROM t WHERE k IN ((n + 1) / 2, (n + 2) / 2) GROUP BY cell, "
		"platform ORDER BY cell, platform",
		to, err);
	put_figure(report, "disk-latency", "Disk latency percentiles by path", to);
	return rc;
}

static int put_controls(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	fprintf(to,
		"## Could the run have seen it?\n\nBare metal against itself (A/A) must "
		"come out at 1; bare metal doing 1 %% more work than it says must come "
		"out "
		"at 0.9901.\n\n");
	report_control_table(report, to);
	fprintf(to,
		"### What reaching a platform costs\n\nThe `null` workload: a request to "
		"the agent and its answer, nothing done, by the harness's clock.\n\n");
	report_ratio_table(report, FAMILY_CONTROL, to);
	fprintf(to, "### From open to the agent's first word\n\n");
	put_figure(report, "start", "Start-up time by platform", to);
	rc = report_query_table(report,
				"| platform | starts | median ms | min ms | max ms |",
				"WITH t AS (SELECT platform || CASE emulated WHEN 1 THEN "
				"' (emulated)' ELSE '' END "
				"AS platform, open_to_hello_ns / 1e6 AS ms, row_number() "
				"OVER (PARTITION BY "
				"platform ORDER BY open_to_hello_ns) AS k, count(*) OVER "
				"(PARTITION BY platform) "
				"AS n FROM instance WHERE run = ?1 AND open_to_hello_ns "
				"> 0) SELECT platform, n, "
				"printf('%.1f', avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) "
				"/ 2) THEN ms END)), "
				"printf('%.1f', min(ms)), printf('%.1f', max(ms)) FROM t "
				"GROUP BY platform "
				"ORDER BY min(ms)",
				to, err);
	return rc;
}

static int put_failures(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	fprintf(to, "## Platforms, and what could not run\n\n");
	rc = report_query_table(
		report, "| platform | path | state | why |",
		"SELECT name, path, state, reason FROM platform WHERE run = ?1 "
		"ORDER BY id",
		to, err);
	if (rc)
		return rc;
	fprintf(to, "Samples that count for nothing, with the first reason:\n\n");
	rc = report_query_table(
		report, "| cell | platform | outcome | samples | reason |",
		"SELECT c.label, p.name || ':' || p.path, s.outcome, count(*), "
		"min(s.reason) FROM sample s JOIN arm a ON s.arm = a.id "
		"JOIN cell c ON a.cell = c.id JOIN platform p ON a.platform = "
		"p.id WHERE c.run = ?1 AND s.outcome <> 'ok' GROUP BY c.id, "
		"p.id, s.outcome ORDER BY c.id, p.id",
		to, err);
	if (rc)
		return rc;
	fprintf(to, "Limits asked for and read back (differences first):\n\n");
	return report_query_table(
		report, "| platform | limit | asked | got | read from |",
		"SELECT DISTINCT i.platform, f.name, f.asked, CASE WHEN f.asked = f.got "
		"THEN f.got "
		"ELSE f.got || ' (differs)' END, f.source FROM fact f JOIN instance i ON "
		"f.instance = i.id WHERE i.run = ?1 AND f.asked IS NOT NULL GROUP BY "
		"i.platform, "
		"f.name ORDER BY f.asked = f.got, min(i.id), f.name",
		to, err);
}

static int put_environment(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	fprintf(to, "## The machine\n\n");
	put_figure(report, "topology", "Topology by hwloc", to);
	rc = report_query_table(
		report, "| what | value | read from |",
		"SELECT name, value, source FROM environment WHERE run = ?1 AND "
		"name NOT IN ('hwloc.xml', 'cpu.flags') AND name NOT LIKE "
		"'noise.%' ORDER BY name",
		to, err);
	if (rc)
		return rc;
	fprintf(to, "What makes this host noisy, and how to mend it:\n\n");
	rc = report_query_table(
		report, "| noise | found, and the mend |",
		"SELECT substr(name, 7), value FROM environment WHERE run = ?1 "
		"AND name LIKE 'noise.%' ORDER BY name",
		to, err);
	if (rc)
		return rc;
	fprintf(to, "## The cells in full\n\n");
	report_cell_table(report, to);
	return 0;
}

int report_markdown(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	put_head(report, to);
	fprintf(to, "## In short\n\n");
	report_answer(report, to);
	put_how_to_read(to);
	rc = put_native(report, to);
	if (!rc)
		rc = put_disk(report, to, err);
	if (!rc)
		rc = put_controls(report, to, err);
	if (!rc)
		rc = put_failures(report, to, err);
	return rc ? rc : put_environment(report, to, err);
}
