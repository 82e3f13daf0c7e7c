/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an idle instance takes of the host's memory. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define NUMBERS "iif(json_valid(numbers), numbers, '{}')"
#define FIELD(field, part) "json_extract(n, '$." field "." part "')"
#define MIB(field)                                                                  \
	" iif(" FIELD(field, "low") " IS NULL, '–', printf('%.3f [%.3f, %.3f]', "   \
	FIELD(field, "mean") " / 1048576.0, " FIELD(field, "low") " / 1048576.0, "  \
	FIELD(field, "high") " / 1048576.0))"
#define ROWS                                                                \
	" FROM (SELECT id, platform || iif(emulated, ' (emulated)', '') AS name, " \
	NUMBERS " AS n FROM experiment WHERE run = ?1 AND chapter = 'footprint'"     \
	" ORDER BY id)"

static const char table_sql[] =
	"SELECT name, " FIELD("pss_bytes", "steps") "," MIB("pss_bytes") ","
	MIB("used_bytes") "," MIB("anonymous_bytes") "," MIB("page_cache_bytes") ","
	MIB("shmem_bytes") "," MIB("slab_bytes") "," MIB("page_tables_bytes") ","
	MIB("kernel_stacks_bytes") "," MIB("percpu_bytes") ROWS " ORDER BY id";
static const char answer_sql[] =
	"SELECT 'An idle instance takes ' || group_concat(printf('%s %.1f MiB', name,"
	" " FIELD("pss_bytes", "mean") " / 1048576.0), ', ')"
	" || ' of memory by the share of its processes (PSS). '" ROWS " WHERE "
	FIELD("pss_bytes", "mean") " IS NOT NULL HAVING count(*)";
/* clang-format on */

static void answer(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static int write_footprint(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];

	if (!report_get(report, answer_sql, text)[0])
		return 0;
	fprintf(to, "Idle instances were added step by step; PSS is read of the "
		    "processes that serve the new ones, the rest is the difference of "
		    "the host's counters divided by their number. Whatever else the "
		    "host did is in that difference: where the interval contains 0, "
		    "nothing was seen. Page cache is shared by all instances of the "
		    "same tree, shmem is a part of it.\n\n");
	report_figure(
		report, "footprint",
		"Memory of an idle instance by kind, a bar a platform, with PSS and "
		"the fall of available memory beside it",
		to);
	return report_query_table(
		report,
		"| platform | steps | PSS, MiB [95 % interval] | less available, MiB "
		"[95 % interval] | anonymous, MiB [95 % interval] | page cache, MiB [95 "
		"% "
		"interval] | shmem, MiB [95 % interval] | slab, MiB [95 % interval] | "
		"page tables, MiB [95 % interval] | kernel stacks, MiB [95 % interval] | "
		"per CPU, MiB [95 % interval] |",
		table_sql, "*None.*", to, err);
}

const struct report_section report_section_footprint = {
	.chapter = CHAPTER_AROUND,
	.title = "Memory of an idle instance",
	.study = "footprint",
	.answer = answer,
	.write = write_footprint,
	.figures = {figure_footprint},
};
