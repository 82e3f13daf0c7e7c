/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an instance, idle and at work, takes of the host's memory. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define ENTRY(from, field, part) "json_extract(" from ", '$." field "." part "')"
#define NUMBER(from, field, part) "(" ENTRY(from, field, part) " / 1048576.0)"
/* Below the floor: no number, but what could have been seen. */
#define MIB(field)                                                                       \
	" CASE WHEN " ENTRY("n", field, "mean") " IS NULL THEN '–' WHEN "                \
	ENTRY("n", field, "mean") " = 0 AND " ENTRY("n", field, "floor")                 \
	" = 0 THEN 'nothing' WHEN abs(" ENTRY("n", field, "mean") ") <= "                \
	ENTRY("n", field, "floor") " THEN printf('below noise (floor ±%.3f)', "          \
	NUMBER("n", field, "floor") ") WHEN " ENTRY("n", field, "low")                   \
	" IS NULL THEN printf('%.3f', " NUMBER("n", field, "mean") ") WHEN "             \
	ENTRY("n", field, "low") " < 0 AND " ENTRY("n", field, "high")                   \
	" > 0 THEN printf('undecided (%.3f to %.3f)', " NUMBER("n", field, "low") ", "   \
	NUMBER("n", field, "high") ") ELSE printf('%.3f [%.3f, %.3f]', "                 \
	NUMBER("n", field, "mean") ", " NUMBER("n", field, "low") ", "                   \
	NUMBER("n", field, "high") ") END"
#define ROWS                                                                             \
	" FROM (SELECT id, name AS state, condition, platform || iif(emulated, ' (emulated)', '')" \
	" AS name, iif(json_valid(numbers), numbers, '{}') AS n FROM experiment"           \
	" WHERE run = ?1 AND chapter = 'footprint' AND name IN ('idle', 'working')) f"
#define STATE "trim(state || ', ' || condition, ', ')"

static const char table_sql[] =
	"SELECT name, " STATE ", coalesce(" ENTRY("n", "pss_bytes", "steps") ", '–'),"
	MIB("pss_bytes") "," MIB("used_bytes") "," MIB("anonymous_bytes") ","
	MIB("page_cache_bytes") "," MIB("slab_bytes") "," MIB("page_tables_bytes") ","
	MIB("kernel_stacks_bytes") "," MIB("percpu_bytes") ","
	" coalesce(printf('%.4g', " ENTRY("n", "memory_groups", "mean") "), '–'),"
	MIB("memcg_bytes") ROWS " ORDER BY id";
static const char process_sql[] =
	"SELECT name, " STATE ", p.key, printf('%.4g', json_extract(p.value,"
	" '$.processes')), printf('%.3f', "
	NUMBER("p.value", "pss_bytes", "mean") "), printf('%.3f', "
	NUMBER("p.value", "page_table_bytes", "mean") ")"
	ROWS ", json_each(n, '$.processes') p ORDER BY f.id";
static const char overhead_sql[] =
	"SELECT name, printf('%.0f', json_extract(n, '$.work_bytes') / 1048576.0),"
	MIB("overhead_pss_bytes") "," MIB("overhead_used_bytes")
	ROWS " WHERE json_extract(n, '$.work_bytes') ORDER BY id";
static const char answer_sql[] =
	"SELECT 'An idle instance takes ' || group_concat(printf('%s %.1f MiB', name,"
	" " NUMBER("n", "pss_bytes", "mean") "), ', ')"
	" || ' of memory by the share of its processes (PSS). '" ROWS
	" WHERE state = 'idle' AND " ENTRY("n", "pss_bytes", "mean")
	" IS NOT NULL HAVING count(*)";
static const char group_sql[] =
	"SELECT 'Of itself, ' || answer || '.' FROM experiment WHERE run = ?1"
	" AND chapter = 'footprint' AND name = 'empty memory cgroup'"
	" AND verdict <> 'unavailable'";
/* clang-format on */

static void answer(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static const char method[] =
	"Instances were started, put to work and ended in turns; PSS is read of the "
	"processes that serve them. The rest is the rise of the host's counters above "
	"the "
	"straight line between before and after, divided by the number of instances: "
	"what "
	"others did meanwhile is in it. So as many controls, in which nothing was "
	"started, give the floor; a rise within it is below noise. Numbers are MiB an "
	"instance with 95 % intervals over the steps. Page cache that is there already "
	"is not counted again. The column of memory cgroups is their number and, by what "
	"an empty one costs, their size. Columns overlap and do not add up.\n\n";

static int write_tables(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];
	int rc = report_query_table(
		report,
		"| platform | state | steps | PSS of its processes | fall of available "
		"memory | anonymous | page cache | slab | page tables | kernel stacks | "
		"per CPU | memory cgroups | their size |",
		table_sql, "*None.*", to, err);

	if (!rc && report_get(report, overhead_sql, text)[0])
		rc = report_query_table(report,
					"| platform | workload's own size, MiB | PSS "
					"beyond it | fall of available memory beyond it "
					"|",
					overhead_sql, "*None.*", to, err);
	if (!rc && report_get(report, process_sql, text)[0])
		rc = report_query_table(report,
					"| platform | state | process | number | PSS, "
					"MiB | its page tables, MiB |",
					process_sql, "*None.*", to, err);
	return rc;
}

static int write_footprint(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];
	int rc;

	if (!report_get(report, answer_sql, text)[0])
		return 0;
	fputs(method, to);
	report_figure(report, "footprint",
		      "Memory of an idle and of a working instance by kind, a bar each, "
		      "with PSS and the fall of available memory beside it",
		      to);
	rc = write_tables(report, to, err);
	if (!rc && report_get(report, group_sql, text)[0]) {
		report_put(report, group_sql, to);
		fputs("\n\n", to);
	}
	return rc;
}

const struct report_section report_section_footprint = {
	.chapter = CHAPTER_AROUND,
	.title = "Memory of an instance",
	.study = "footprint",
	.answer = answer,
	.write = write_footprint,
	.absent =
		"`tare footprint` measures what an instance takes of memory, page cache "
		"and disk.",
	.figures = {figure_footprint},
};
