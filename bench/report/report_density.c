/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many instances at the same work: throughput, its knee, fairness. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define EXPERIMENTS                                                                    \
	"e AS (SELECT id, name AS work, platform || iif(emulated, ' (emulated)', '')"  \
	" AS name, answer, iif(json_valid(numbers), numbers, '{}') AS n FROM experiment" \
	" WHERE run = ?1 AND chapter = 'density' AND name <> 'talk-density'"      \
	" ORDER BY id)"
/* A point of the curve `of` at the same N, scaled; its interval where it has one. */
#define AT(of, text)                                                                   \
	"coalesce((SELECT " text " FROM series WHERE experiment = e.id AND name = '"   \
	of "' AND x = t.x), '–')"
#define POINT(of, form, scale) AT(of, "printf('" form "', y * " scale ")")
#define INTERVAL(of, form, scale, most)                                                \
	AT(of, "iif(low IS NULL, '–', printf('" form " [" form ", " form "]', y * "    \
	scale ", low * " scale ", min(high * " scale ", " most ")))")
#define ALONE                                                                          \
	"(SELECT 100.0 / nullif(y, 0) FROM series WHERE experiment = e.id"             \
	" AND name = 'instance_per_s' ORDER BY position LIMIT 1)"

static const char table_sql[] =
	"WITH " EXPERIMENTS " SELECT e.name, printf('%d', t.x),"
	AT("total_per_s", "iif(low IS NULL, '–', printf(iif(y < 1e6, '%.3f [%.3f, %.3f]',"
	" '%.0f [%.0f, %.0f]'), y / 1e3, low / 1e3, high / 1e3))") ","
	INTERVAL("instance_per_s", "%.1f", ALONE, "9e99") ","
	INTERVAL("fairness", "%.4f", "1", "1.0") ","
	POINT("p50_ns", "%.1f", "1") "," POINT("p99_ns", "%.1f", "1") ","
	POINT("start_ns", "%.1f", "1e-6")
	" FROM e JOIN series t ON t.experiment = e.id AND t.name = 'total_per_s'"
	" ORDER BY e.id, t.position";
static const char ends_sql[] =
	"WITH " EXPERIMENTS " SELECT name, work, json_extract(n, '$.instances'),"
	" iif(json_extract(n, '$.knee') > 0, json_extract(n, '$.knee'), 'none seen')"
	" || iif(json_type(n, '$.knee_low') IS NULL, '', ' (' ||"
	" coalesce(json_extract(n, '$.knee_low'), 'none') || ' to ' ||"
	" coalesce(json_extract(n, '$.knee_high'), 'none') || ')'),"
	" iif(json_extract(n, '$.least_fairness_low') IS NULL, '–',"
	" printf('%.3f [%.3f, %.3f]', json_extract(n, '$.least_fairness'),"
	" json_extract(n, '$.least_fairness_low'),"
	" json_extract(n, '$.least_fairness_high'))),"
	" coalesce(replace(json_extract(n, '$.stop.rule'), '_', ' ') || ' at ' ||"
	" json_extract(n, '$.stop.instances') || ': ', '') ||"
	" iif(json_extract(n, '$.stopped') = '', 'as many as asked',"
	" json_extract(n, '$.stopped')) FROM e ORDER BY id";
static const char answer_sql[] =
	"WITH " EXPERIMENTS " SELECT 'Side by side at the same work, one more instance adds"
	" less than half of what the first did: ' || group_concat(name || ' '"
	" || iif(json_extract(n, '$.knee') > 0, printf('after %d',"
	" json_extract(n, '$.knee')), printf('not up to %d',"
	" json_extract(n, '$.instances'))), ', ') || '. ' FROM e"
	" WHERE json_extract(n, '$.instances') > 0 HAVING count(*)";
static const char taken_sql[] =
	"WITH " EXPERIMENTS " SELECT printf('%d CPUs, windows of %.2g s, each platform in"
	" turn; seed %d', json_extract(n, '$.cpus'), json_extract(n, '$.window_s'),"
	" (SELECT seed FROM run WHERE id = ?1)) FROM e LIMIT 1";
/* clang-format on */

static void answer(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static int write_density(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];
	int rc;

	if (!report_get(report, answer_sql, text)[0])
		return 0;
	fprintf(to, "Instances take the host's CPUs in turn and are all asked for the "
		    "same slices at once. The knee is where one more instance adds less "
		    "than half of what the first one did. *");
	report_put(report, taken_sql, to);
	fprintf(to, ".*\n\n");
	report_figure(report, "density",
		      "Throughput of all instances and of one of them, fairness, latency "
		      "and start time against their number, a line a platform, the knee "
		      "marked",
		      to);
	rc = report_query_table(report,
				"| platform | work | instances, most | knee (95 % range) "
				"| fairness, least [95 % interval] | ended by |",
				ends_sql, "*None.*", to, err);
	if (rc)
		return rc;
	fprintf(to, "Every number of instances; fairness is Jain's index of their "
		    "shares, 1 when all get the same and 1/N when one gets all:\n\n");
	return report_query_table(
		report,
		"| platform | instances | total, k operations/s [95 % interval] | an "
		"instance, % of one alone [95 % interval] | fairness [95 % interval] | "
		"operation, median, ns | operation, p99 of the worst, ns | start of the "
		"last "
		"ones, median, ms |",
		table_sql, "*None.*", to, err);
}

const struct report_section report_section_density = {
	.chapter = CHAPTER_AROUND,
	.title = "Many instances at once",
	.study = "density",
	.answer = answer,
	.write = write_density,
	.figures = {figure_density},
};
