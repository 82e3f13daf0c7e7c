/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one instance does to another, and whether limits hold. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define FINDINGS                                                                       \
	"f AS (SELECT id, name AS neighbour, platform || iif(emulated, ' (emulated)', '')" \
	" AS name, verdict, iif(json_valid(numbers), numbers, '{}') AS n"              \
	" FROM experiment WHERE run = ?1 AND chapter = 'neighbours')"
#define N(key) "json_extract(n, '$." key "')"
#define LIMIT                                                                          \
	" coalesce(" N("limit_summary") ", CASE " N("limit") " WHEN 'none' THEN 'none'" \
	" WHEN 'weight' THEN 'a tenth of"                                              \
	" the weight' WHEN 'quota' THEN '20 % of a CPU' WHEN 'cpuset' THEN 'another"   \
	" CPU' ELSE " N("limit") " END)"
#define KEPT                                                                           \
	" printf('%.1f [%.1f, %.1f]', 100 * " N("ratio") ", 100 * " N("low") ", 100 * " \
	N("high") ")"

static const char matrix_sql[] =
	"WITH " FINDINGS " SELECT neighbour, name," LIMIT ", " N("victim") "," KEPT ", "
	N("rounds") " FROM f WHERE " N("ratio") " IS NOT NULL ORDER BY (SELECT min(id) FROM f g WHERE g.neighbour ="
	" f.neighbour), id";
static const char answer_sql[] =
	"WITH " FINDINGS ", w AS (SELECT *, row_number() OVER (PARTITION BY name ORDER BY "
	N("ratio") ") AS k FROM f WHERE " N("limit") " = 'none' ORDER BY id)"
	" SELECT 'Beside the worst neighbour on its CPU and without a limit an instance"
	" keeps of its rate alone: ' || group_concat(printf('%s %.0f %% (%s)', name, 100 * "
	N("ratio") ", neighbour), ', ') || '. ' FROM w WHERE k = 1 HAVING count(*)";
static const char limits_sql[] =
	"WITH " FINDINGS " SELECT neighbour, name," LIMIT ","
	" CASE " N("limit") " WHEN 'quota' THEN printf('at most %.0f %% of a CPU', 100 * "
	N("asked_cpu") ") WHEN 'weight' THEN printf('the victim keeps %.0f %%', 100 - 100 * "
	N("asked_cpu") ") ELSE 'the victim keeps 100 %' END,"
	" printf('%.0f %% of a CPU', 100 * " N("aggressor_cpu") ")," KEPT ", verdict"
	" FROM f WHERE " N("limit") " <> 'none' AND verdict <> 'unavailable' ORDER BY (SELECT min(id) FROM f g WHERE"
	" g.neighbour = f.neighbour), id";
static const char limits_answer_sql[] =
	"WITH " FINDINGS " SELECT printf('Of %d limits between neighbours on one CPU %d held and"
	" %d did not%s. ', count(*), sum(verdict = 'holds'), sum(verdict = 'does not hold'),"
	" iif(sum(verdict = 'inconclusive'), printf('; %d stay undecided',"
	" sum(verdict = 'inconclusive')), '')) FROM f WHERE " N("limit")
	" <> 'none' AND verdict <> 'unavailable' HAVING count(*)";
/* clang-format on */

static void answer(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static int write_neighbours(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];

	if (!report_get(report, answer_sql, text)[0])
		return 0;
	fprintf(to, "Two instances of a platform on one CPU: what the first one keeps of "
		    "the rate it has alone while the second one works. On a shared CPU "
		    "two equals would leave each other 50 %%. Bare metal has no "
		    "limits.\n\n");
	report_figure(report, "neighbours",
		      "The victim's share of its own rate alone, a row a neighbour and "
		      "limit, a column a platform",
		      to);
	return report_query_table(report,
				  "| neighbour | platform | limit on the neighbour | "
				  "victim's work | keeps, % [95 % interval] | rounds |",
				  matrix_sql, "*None.*", to, err);
}

const struct report_section report_section_neighbours = {
	.chapter = CHAPTER_AROUND,
	.title = "Neighbours",
	.study = "neighbours",
	.answer = answer,
	.write = write_neighbours,
	.figures = {figure_neighbours},
};

static void answer_limits(const struct report *report, FILE *to)
{
	report_put(report, limits_answer_sql, to);
}

static int write_limits(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];

	if (!report_get(report, limits_answer_sql, text)[0])
		return 0;
	fprintf(to, "A quota holds when the neighbour gets no more of a CPU than asked "
		    "and a tenth of a CPU; a weight and another CPU, when the victim "
		    "surely keeps nine tenths of what they leave to it, and undecided "
		    "is where the interval says both. A neighbour that wants less than "
		    "its quota shows nothing about it.\n\n");
	return report_query_table(report,
				  "| neighbour | platform | limit | asked | got | victim "
				  "keeps, % [95 % interval] | verdict |",
				  limits_sql, "*None.*", to, err);
}

const struct report_section report_section_neighbour_limits = {
	.chapter = CHAPTER_CONTROL,
	.title = "Limits between neighbours: asked and got",
	.study = "neighbours",
	.answer = answer_limits,
	.write = write_limits,
};
