/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the memory cgroup behaves: every experiment's statement, verdict and numbers. */
#include <string.h>

#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off: SQL reads by its clauses */
#define OURS                                                    \
	" FROM experiment WHERE run = ?1 AND chapter = 'memcg'" \
	" AND procedure LIKE 'Statement: %'"
/* "Statement: <it>. <the procedure>" (memcg_experiment_store) */
#define BODY "substr(procedure, 12)"
#define STATEMENT "substr(" BODY ", 1, instr(" BODY ", '. ') - 1)"
#define PROCEDURE "substr(" BODY ", instr(" BODY ", '. ') + 2)"

static const char behaviour_sql[] =
	"SELECT " STATEMENT ", verdict || iif(emulated, ' (emulated)', ''), answer" OURS
	" ORDER BY id";
static const char procedure_sql[] = "SELECT condition, " PROCEDURE OURS " ORDER BY id";
static const char count_sql[] = "SELECT count(*)" OURS;
static const char answer_sql[] =
	"SELECT 'Of ' || count(*) || ' statements on the memory cgroup ('"
	" || min(substr(condition, 1, 9)) || ') '"
	" || sum(verdict = 'holds') || ' hold and '"
	" || sum(verdict = 'does not hold') || ' do not'"
	" || iif(sum(verdict IN ('inconclusive', 'unavailable')),"
	" '; ' || sum(verdict IN ('inconclusive', 'unavailable')) || ' stay open', '')"
	" || '. '" OURS " HAVING count(*)";
/* clang-format on */

static void answer(const struct report *report, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	(void)fputs(report_get(report, answer_sql, text), to);
}

static int write_behaviour(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];
	int rc;

	if (!strcmp(report_get(report, count_sql, text), "0"))
		return 0;
	fprintf(to,
		"Each statement is an experiment in groups of tare's own; single runs, "
		"counted, not timed, unless they say so.\n\n");
	rc = report_query_table(report, "| statement | verdict | what was seen |",
				behaviour_sql, "*None.*", to, err);
	if (rc)
		return rc;
	report_figure(report, "memcg-batch",
		      "The usage counter against the memory that is held, page by page",
		      to);
	report_figure(report, "memcg-lru",
		      "What of a set read once stays cached beside a streaming neighbour",
		      to);
	report_figure(report, "memcg-stale",
		      "When memory.stat shows a change of 16 and of 4096 pages", to);
	fprintf(to, "How to do each again:\n\n");
	return report_query_table(report, "| experiment | procedure |", procedure_sql,
				  "*None.*", to, err);
}

const struct report_section report_section_memcg_behaviour = {
	.chapter = CHAPTER_CONTROL,
	.title = "How the memory cgroup behaves",
	.study = "memcg",
	.answer = answer,
	.write = write_behaviour,
	.figures = {figure_memcg_batch, figure_memcg_lru, figure_memcg_stale},
};
