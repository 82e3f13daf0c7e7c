/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back from the report to its data, and how to have both again. */
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

/* clang-format off: SQL reads by its clauses */
static const char answer_sql[] =
	"SELECT printf('Every number of this report comes from run %d of the store: %d "
	"good"
	" samples in %d blocks of %d cells, each with its time, its clock readings and "
	"what"
	" the host was doing. ', ?1, (SELECT count(*) FROM sample s JOIN block b"
	" ON s.block = b.id JOIN cell c ON b.cell = c.id WHERE c.run = ?1 AND"
	" s.outcome = 'ok'), (SELECT count(*) FROM block b JOIN cell c ON b.cell = c.id"
	" WHERE c.run = ?1), (SELECT count(*) FROM cell WHERE run = ?1))"
	" || (SELECT iif(count(*), printf('So do %d findings, each with its procedure and"
	" its numbers. ', count(*)), '') FROM experiment WHERE run = ?1)";
/* clang-format on */

static void answer_data(const struct report *report, FILE *to)
{
	report_put(report, answer_sql, to);
}

static int write_repeat(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	fprintf(to, "As the run was started, and the same draw of orders "
		    "again:\n\n```\n");
	report_code(report, "SELECT command FROM run WHERE id = ?1", to);
	fprintf(to, "\n");
	report_code(report,
		    "SELECT printf('tare %s%s --seed %d%s', iif(suite_text = '', '', "
		    "'run '), suite, seed, iif(budget_ns, printf(' --budget %ds', "
		    "budget_ns / 1000000000), '')) FROM run WHERE id = ?1",
		    to);
	fprintf(to, "\n```\n\nThis report again, every ratio and every sample out of the "
		    "store "
		    "(tare ");
	report_put(report, "SELECT version FROM run WHERE id = ?1", to);
	fprintf(to,
		"; nothing is measured):\n\n```\ntare report %lld\ntare show %lld\ntare "
		"show "
		"%lld --samples --format csv\n```\n\nThe data behind each figure is in "
		"figures/data/; the last line of each file there draws it.\n\n",
		(long long)report->run, (long long)report->run, (long long)report->run);
	return 0;
}

const struct report_section report_section_repeat = {
	.chapter = CHAPTER_DATA,
	.title = "Do it again",
	.answer = answer_data,
	.write = write_repeat,
};

static int write_cells(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	if (!report->results.nr && report_is_study(report))
		return 0;
	report_cell_table(report, to);
	return 0;
}

const struct report_section report_section_cells = {
	.chapter = CHAPTER_DATA,
	.title = "The cells in full",
	.write = write_cells,
};
