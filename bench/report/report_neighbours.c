/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one instance does to another, and whether limits hold. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define FINDINGS                                                                       \
	"f AS (SELECT id, name AS neighbour, platform || iif(emulated, ' (emulated)', '')" \
	" AS name, verdict, answer, iif(json_valid(numbers), numbers, '{}') AS n,"     \
	" iif(json_valid(numbers), json_extract(numbers, '$.limit'), '') AS lim,"       \
	" min(id) OVER (PARTITION BY name) AS place"                                   \
	" FROM experiment WHERE run = ?1 AND chapter = 'neighbours')"
#define N(key) "json_extract(n, '$." key "')"
/* as stored; stores of earlier versions have the word alone */
#define LIMIT                                                                          \
	" coalesce(" N("limit_summary") ", CASE " N("limit") " WHEN 'weight' THEN"     \
	" 'a tenth of the weight' WHEN 'quota' THEN '20 % of a CPU' WHEN 'cpuset' THEN" \
	" 'another CPU' ELSE " N("limit") " END)"
#define KEPT                                                                           \
	" coalesce(printf('%.1f [%.1f, %.1f]', 100 * " N("ratio") ", 100 * " N("low")  \
	", 100 * " N("high") "), '–')"
#define MS(key)                                                                        \
	" iif(" N(key ".value") " IS NULL, '–', printf('%.2f [%.2f, %.2f]', "          \
	N(key ".value") " / 1e6, " N(key ".low") " / 1e6, " N(key ".high") " / 1e6))"
/* Of the resource that is looked at: what the neighbour had, in its unit. */
#define HAD "json_extract(n, '$.aggressor_' || " N("resource") ")"
#define GOT                                                                            \
	" CASE WHEN " N("limit") " = 'low' THEN printf('%.0f %% of the set cached (%.0f to" \
	" %.0f)', 100 * " N("victim_cached.value") ", 100 * " N("victim_cached.low")   \
	", 100 * " N("victim_cached.high") ")"                                         \
	" WHEN coalesce(" N("resource") ", 'cpu') = 'cpu' THEN printf('%.0f %% of a CPU%s', 100 *" \
	" coalesce(" HAD ", " N("aggressor_cpu") "), coalesce(printf(' (%.0f to %.0f)'," \
	" 100 * " N("got_low") ", 100 * " N("got_high") ") || iif(" N("got_low")       \
	" IS NULL, NULL, ''), ''))"                                                    \
	" WHEN " HAD " IS NULL THEN '–'"                                               \
	" WHEN " N("unit") " = 'bytes' THEN printf('%.1f MiB (%.1f to %.1f)', " HAD    \
	" / 1048576.0, " N("got_low") " / 1048576.0, " N("got_high") " / 1048576.0)"   \
	" ELSE printf('%.3g %s (%.3g to %.3g)', " HAD ", " N("unit") ", " N("got_low") \
	", " N("got_high") ") END"
#define ASKED                                                                          \
	" CASE WHEN " N("limit") " LIKE '%weight' THEN printf('the victim keeps %.0f %%'," \
	" 100 - 100 * json_extract(n, '$.asked_' || coalesce(" N("resource") ", 'cpu')))" \
	" WHEN " N("limit") " = 'cpuset' THEN 'the victim keeps 100 %'"                \
	" WHEN " N("limit") " = 'low' THEN 'the victim''s set stays cached'"           \
	" ELSE 'the neighbour has no more' END"
#define VERDICT                                                                        \
	" iif(verdict = 'inconclusive', 'undecided' || coalesce(': ' || " N("undecided") \
	", ''), verdict)"

static const char matrix_sql[] =
	"WITH " FINDINGS " SELECT neighbour, name," LIMIT ", " N("victim") "," KEPT ","
	MS("p50_alone_ns") "," MS("p50_beside_ns") "," MS("p99_alone_ns") ","
	MS("p99_beside_ns") ", " N("rounds") " FROM f WHERE " N("ratio")
	" IS NOT NULL ORDER BY place, id";
static const char answer_sql[] =
	"WITH " FINDINGS ", w AS (SELECT *, row_number() OVER (PARTITION BY name ORDER BY "
	N("ratio") ") AS k FROM f WHERE " N("limit") " = 'none' AND " N("ratio")
	" IS NOT NULL ORDER BY id)"
	" SELECT 'Beside the worst neighbour on its CPU and without a limit an instance"
	" keeps of its rate alone: ' || group_concat(printf('%s %.0f %% (%s)', name, 100 * "
	N("ratio") ", neighbour), ', ') || '. ' FROM w WHERE k = 1 HAVING count(*)";
/* A line a limit and neighbour: where it does what. */
#define WHERE_IT(is)                                                                   \
	" coalesce((SELECT group_concat(name, ', ') FROM (SELECT name FROM f g WHERE"  \
	" g.neighbour = f.neighbour AND g.lim = f.lim"                                 \
	" AND g.verdict = '" is "' ORDER BY g.id)), '–')"
static const char holds_sql[] =
	"WITH " FINDINGS " SELECT" LIMIT ", neighbour," WHERE_IT("holds") ","
	WHERE_IT("does not hold") "," WHERE_IT("inconclusive") "," WHERE_IT("unavailable")
	" FROM f WHERE " N("limit") " <> 'none' GROUP BY neighbour, lim"
	" ORDER BY min(min(id)) OVER (PARTITION BY lim), place";
static const char limits_sql[] =
	"WITH " FINDINGS " SELECT" LIMIT ", neighbour, name," ASKED "," GOT ","
	" coalesce(printf('%.0f', " N("limit_hits") ") || iif(" N("limit_hits")
	" IS NULL, NULL, ''), '–')," KEPT "," VERDICT " FROM f WHERE " N("limit")
	" <> 'none' AND verdict <> 'unavailable' ORDER BY min(id) OVER (PARTITION BY lim), place, id";
static const char missing_sql[] =
	"WITH " FINDINGS " SELECT neighbour, name," LIMIT ", answer FROM f WHERE verdict ="
	" 'unavailable' ORDER BY place, id";
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
		    "the rate it has alone while the second one works, and how long "
		    "pieces of its work take (p50: half of them no longer; p99: 99 %% of "
		    "them). On a shared CPU two equals would leave each other 50 %%. "
		    "Bare metal has no limits.\n\n");
	report_figure(report, "neighbours",
		      "The victim's share of its own rate alone, a row a neighbour and "
		      "limit, a column a platform",
		      to);
	return report_query_table(
		report,
		"| neighbour | platform | limit on the neighbour | victim's work | "
		"keeps, % [95 % interval] | p50 alone, ms [95 %] | p50 beside, ms [95 %] "
		"| p99 alone, ms [95 %] | p99 beside, ms [95 %] | rounds |",
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
	int rc;

	if (!report_get(report, limits_answer_sql, text)[0])
		return 0;
	fprintf(to, "A cap holds when the neighbour had no more than asked (of a CPU: a "
		    "tenth of one more) and would have had more without it; a weight "
		    "and another CPU, when the victim surely keeps nine tenths of what "
		    "they leave to it; a protection, when 95 %% of the victim's set stay "
		    "cached. Where an interval says both, or nothing was at stake, it "
		    "stays undecided.\n\n");
	rc = report_query_table(report,
				"| limit | neighbour | holds on | does not hold on | "
				"undecided on | unavailable on |",
				holds_sql, "*None.*", to, err);
	if (!rc)
		rc = report_query_table(
			report,
			"| limit | neighbour | platform | asked | got | ran into it, "
			"times | victim keeps, % [95 % interval] | verdict |",
			limits_sql, "*None.*", to, err);
	if (rc)
		return rc;
	fprintf(to, "What could not be had:\n\n");
	return report_query_table(report, "| neighbour | platform | limit | why |",
				  missing_sql, "*Nothing.*", to, err);
}

const struct report_section report_section_neighbour_limits = {
	.chapter = CHAPTER_CONTROL,
	.title = "Limits between neighbours: asked and got",
	.study = "neighbours",
	.answer = answer_limits,
	.write = write_limits,
};
