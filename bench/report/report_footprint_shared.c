/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page cache of the same files in several instances. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off */
#define PART(field, part) "json_extract(n, '$." field "." part "')"
/* + 0.0: no number is "-0.00" */
#define ROUND(field, part, unit) "round(" PART(field, part) " / " unit ", 2) + 0.0"
#define INTERVAL(field, unit)                                                          \
	" iif(" PART(field, "low") " IS NULL, '–', printf('%.2f [%.2f, %.2f]', "           \
	ROUND(field, "mean", unit) ", " ROUND(field, "low", unit) ", "                     \
	ROUND(field, "high", unit) "))"
#define LAST(curve)                                                                    \
	" coalesce((SELECT printf('%.1f', y / 1048576.0) FROM series WHERE experiment ="    \
	" id AND series.name = '" curve "' ORDER BY position DESC LIMIT 1), '–')"
#define ROWS                                                                           \
	" FROM (SELECT id, condition, platform || iif(emulated, ' (emulated)', '') AS"     \
	" platform, iif(json_valid(numbers), numbers, '{}') AS n FROM experiment WHERE"    \
	" run = ?1 AND chapter = 'footprint' AND name = 'sharing'"                         \
	" AND verdict <> 'unavailable')"

static const char table_sql[] =
	"SELECT platform, condition, json_extract(n, '$.instances'),"
	INTERVAL("first_bytes", "1048576.0") "," INTERVAL("further_bytes", "1048576.0") ","
	LAST("host_cache_bytes") "," LAST("inside_bytes") ","
	INTERVAL("shared_fraction", "1.0") ROWS " ORDER BY id";
static const char answer_sql[] =
	"SELECT 'Of the page cache that the first instance takes for its tree, each further"
	" one spares ' || group_concat(printf('%.0f %% on %s', abs(100 * "
	PART("shared_fraction", "mean") "), platform), ', ') || '. '" ROWS
	" WHERE condition = 'tree' AND " PART("shared_fraction", "mean")
	" IS NOT NULL HAVING count(*)";
static const char any_sql[] = "SELECT 1" ROWS;
/* clang-format on */

static void answer(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static int write_shared(const struct report *report, FILE *to, struct err *err)
{
	char text[REPORT_TEXT_MAX];

	if (!report_get(report, any_sql, text)[0])
		return 0;
	fputs("The files were dropped from the host's page cache, then one instance "
	      "after "
	      "the other used them. In the host's cache they are counted page by page "
	      "(mincore); what a guest holds of them in its own memory, once more, is "
	      "what its kernel says. *tree*: the root file system, which guests carry in "
	      "their memory (initramfs) and others read from the host's folder, as far "
	      "as "
	      "they need it. *file*: read whole by each, through one path to the disk. "
	      "The shared fraction is 1 − further / first.\n\n",
	      to);
	return report_query_table(
		report,
		"| platform | what | instances | first one, MiB [95 % interval] | each "
		"further one, MiB [95 % interval] | host's cache with all, MiB | inside "
		"all, MiB | shared fraction [95 % interval] |",
		table_sql, "*None.*", to, err);
}

const struct report_section report_section_footprint_shared = {
	.chapter = CHAPTER_AROUND,
	.title = "Page cache that instances share",
	.study = "footprint",
	.answer = answer,
	.write = write_shared,
};
