/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine that a run measured on. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off: SQL reads by its clauses */
#define VALUE(name) "(SELECT value FROM environment WHERE run = ?1 AND name = '" name "')"
static const char answer_sql[] =
	"WITH n AS (SELECT count(*) AS noises FROM environment"
	" WHERE run = ?1 AND name LIKE 'noise.%'),"
	" p AS (SELECT count(*) AS platforms, sum(state = 'unavailable') AS missing,"
	" sum(state = 'emulated') AS emulated FROM"
	" (SELECT DISTINCT name, state FROM platform WHERE run = ?1))"
	" SELECT printf('%s, %s CPUs, %s: %d %s of noise found; of %d platforms"
	" %d could not run and %d ran emulated. ', " VALUE(
		"cpu.model") ","
			     " " VALUE("cpu.count") ", " VALUE(
				     "kernel") ", noises,"
					       " iif(noises = 1, 'source', 'sources'), "
					       "platforms, missing, emulated) FROM n, p"
					       " WHERE " VALUE(
						       "cpu.model") " IS NOT NULL";
/* clang-format on */

static void answer_machine(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static int write_noise(const struct report *report, FILE *to, struct err *err)
{
	return report_query_table(report, "| noise | found, and the mend |",
				  "SELECT substr(name, 7), value FROM environment WHERE "
				  "run = ?1 AND name LIKE "
				  "'noise.%' ORDER BY name",
				  "*Nothing was found.*", to, err);
}

const struct report_section report_section_noise = {
	.chapter = CHAPTER_ENVIRONMENT,
	.title = "What makes this host noisy",
	.write = write_noise,
};

static int write_machine(const struct report *report, FILE *to, struct err *err)
{
	report_figure(report, "topology",
		      "Packages, caches, cores and memory of the machine, drawn by hwloc",
		      to);
	if (!report_has_figure(report, "topology"))
		fprintf(to, "*No picture of the topology: the run has none stored, or "
			    "lstopo (package hwloc-nox) is not installed here.*\n\n");
	fprintf(to, "As it was when the run began:\n\n");
	return report_query_table(
		report, "| what | read from | value |",
		"SELECT name, source, value FROM (SELECT name, value, source FROM "
		"environment "
		"WHERE run = ?1 AND name NOT IN ('hwloc.xml', 'cpu.flags', 'host.name') "
		"AND name NOT "
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

const struct report_section report_section_machine = {
	.chapter = CHAPTER_ENVIRONMENT,
	.title = "The machine",
	.answer = answer_machine,
	.write = write_machine,
	.figures = {figure_topology},
};
