/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REPORT.md: its head, the answer, the contents; the chapters follow by their table. */
#include <errno.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/report/report_answer.h"
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"

/* clang-format off */
static const char measured_sql[] =
	"SELECT printf('%d good samples%s in %.0f s; ', (SELECT count(*) FROM sample s"
	" JOIN block b ON s.block = b.id JOIN cell c ON b.cell = c.id WHERE c.run = ?1"
	" AND s.outcome = 'ok'), (SELECT iif(count(*), printf(' and %d findings',"
	" count(*)), '') FROM experiment WHERE run = ?1), elapsed_ns / 1e9) ||"
	" CASE WHEN status = 'done' AND suite_text = '' THEN 'a study, to its end'"
	" WHEN status = 'done' THEN 'every interval is as narrow as asked'"
	" WHEN status = 'budget' THEN 'the budget was spent before every interval was as"
	" narrow as asked' WHEN status = 'running' THEN 'the run was still going on, or was"
	" killed' ELSE 'the run was ' || status END FROM run WHERE id = ?1";
/* clang-format on */

static void put_head(const struct report *report, FILE *to)
{
	fprintf(to, "# What each platform costs\n\nRun %lld, suite *",
		(long long)report->run);
	report_put(report, "SELECT suite FROM run WHERE id = ?1", to);
	fprintf(to, "*, measured ");
	report_put(report, "SELECT started_utc FROM run WHERE id = ?1", to);
	fprintf(to, " on ");
	report_put(report,
		   "SELECT value FROM environment WHERE run = ?1 AND name = 'cpu.model'",
		   to);
	fprintf(to, ", ");
	report_put(report,
		   "SELECT value || ' CPUs' FROM environment WHERE run = ?1 AND name = "
		   "'cpu.count'",
		   to);
	fprintf(to, ", ");
	report_put(report,
		   "SELECT value FROM environment WHERE run = ?1 AND name = 'kernel'",
		   to);
	fprintf(to, ": ");
	report_put(report, measured_sql, to);
	fprintf(to, ".\n\n");
	if (report_is_lab(report))
		fprintf(to, "**This host was an emulated machine (scripts/lab): what is "
			    "counted holds, times and the ratios of times mean "
			    "nothing.**\n\n");
}

static int put_answer(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	fprintf(to, "## In short\n\n");
	rc = report_answer(report, to, err);
	report_figure(report, "platforms",
		      "Ratio to bare metal of each CPU and memory cell with its "
		      "interval, a mark a platform",
		      to);
	return rc;
}

int report_markdown(const struct report *report, FILE *to, struct err *err)
{
	cleanup(free) char *text = NULL;
	size_t size = 0;
	FILE *body = open_memstream(&text, &size);
	int rc;

	if (!body)
		return err_fail(err, errno, "no memory for the report");
	rc = put_answer(report, body, err);
	if (!rc)
		rc = report_chapters(report, body, err);
	if (fclose(body) && !rc)
		rc = err_fail(err, errno, "no memory for the report");
	if (rc)
		return rc;
	put_head(report, to);
	report_contents(text, to);
	(void)fputs(text, to);
	return 0;
}
