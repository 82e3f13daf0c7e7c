/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REPORT.md: its head and the chapters that answer. What stands behind them is in
 * report_more.c. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "report_answer.h"
#include "report_claims.h"
#include "report_disk.h"
#include "report_more.h"
#include "report_tables.h"
#include "report_words.h"
#include "verdict.h"

bool report_has_figure(const struct report *report, const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/figures/%s.svg", report->dir, name);
	return !access(path, R_OK);
}

void report_figure(const struct report *report, const char *name, const char *alt,
		   FILE *to)
{
	if (report_has_figure(report, name))
		fprintf(to, "![%s](figures/%s.svg)\n\n", alt, name);
}

void report_put(const struct report *report, const char *sql, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	report_escape(to, report_get(report, sql, text));
}

void report_code(const struct report *report, const char *sql, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	/* In a code block only a fence could break out. */
	for (const char *c = report_get(report, sql, text); *c;) {
		size_t length = report_sound(c);

		if (!length || *c == '`')
			(void)fputc(' ', to);
		else
			(void)fwrite(c, 1, length, to);
		c += length ? length : 1;
	}
}

/* --- head --- */

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
	report_put(report,
		   "SELECT printf('%d good samples in %.0f s; ', (SELECT count(*) FROM "
		   "sample s JOIN block b ON s.block = b.id JOIN cell c ON b.cell = c.id "
		   "WHERE c.run = ?1 AND s.outcome = 'ok'), elapsed_ns / 1e9) || CASE "
		   "status WHEN 'done' THEN 'every interval is as narrow as asked' WHEN "
		   "'budget' THEN 'the budget was spent before every interval was as "
		   "narrow as asked' WHEN 'running' THEN 'the run was still going on, or "
		   "was killed' ELSE 'the run was ' || status END FROM run WHERE id = ?1",
		   to);
	fprintf(to,
		".\n\n"
		"[CPU](#cpu) · [Memory](#memory) · [Disk](#disk) · "
		"[Claims](#the-claims-of-2014) · [Controls](#could-the-run-have-seen-it) "
		"· [Start-up](#start-up) · [What could not run](#what-could-not-run) · "
		"[Machine](#the-machine) · [Do it again](#do-it-again)\n\n");
}

/* Explained on a ratio of this run, if one stands out. */
static void put_example(const struct report *report, FILE *to)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char text[WORDS_MAX], name[96];

		if (!report_is_compared(result) || result->emulated ||
		    !verdict_stands_out(result) ||
		    !strcmp(result->family, workload_family_name(FAMILY_CONTROL)))
			continue;
		fprintf(to, "For example *");
		report_escape(to, result->label);
		fprintf(to, "* on *");
		report_platform_name(result, name, sizeof(name));
		report_escape(to, name);
		fprintf(to,
			"*, `%s`: it did %.3g %% of bare metal's work in the same time, "
			"and "
			"the 95 %% interval reaches from %.3g to %.3g %%. ",
			words_ratio(&result->stats, text), 100 * result->stats.ratio,
			100 * result->stats.low, 100 * result->stats.high);
		return;
	}
}

static void put_how_to_read(const struct report *report, FILE *to)
{
	fprintf(to,
		"## How to read a ratio\n\nA ratio is the platform's performance divided "
		"by bare metal's in the same cell: above 1 is better than bare metal, "
		"for "
		"every metric. ");
	put_example(report, to);
	fprintf(to, "Both sides did the same work side by side in time (mirrored "
		    "blocks); the "
		    "ratio is the trimmed mean over blocks, the interval a bootstrap "
		    "over epochs "
		    "and blocks.\n\n"
		    "The *A/A floor* is how far bare metal compared with itself strayed "
		    "from 1 "
		    "in the same cell. A ratio inside it is called *below noise*; *no "
		    "difference "
		    "seen* means that the interval contains 1; *undecided*, that it is "
		    "too wide "
		    "to say either. CPU and memory cells are decided by CPU time, disk "
		    "cells by "
		    "fio's clock; wall time stands beside. The method is in "
		    "docs/method.md.\n\n");
}

/* --- native work --- */

#define NO_CELLS "This suite has no such cells.\n\n"

static void put_cpu(const struct report *report, FILE *to)
{
	if (!report_has_family(report, FAMILY_CPU)) {
		fprintf(to, "## CPU\n\n" NO_CELLS);
		return;
	}
	fprintf(to,
		"## CPU\n\nOne thread on one CPU; the same number of operations on every "
		"side, about 1.5 ms of them in a slice, workers forked anew for each "
		"epoch. ");
	report_taken(report, FAMILY_CPU, to);
	report_ratio_table(report, FAMILY_CPU, to);
}

static void put_memory(const struct report *report, FILE *to)
{
	if (!report_has_family(report, FAMILY_MEMORY)) {
		fprintf(to, "## Memory\n\n" NO_CELLS);
		return;
	}
	fprintf(to,
		"## Memory\n\nTaken like CPU work. STREAM's arrays and the pointer "
		"chase lie in huge pages where the kernel gives them; sizes come from "
		"the caches that hwloc found. ");
	report_taken(report, FAMILY_MEMORY, to);
	report_ratio_table(report, FAMILY_MEMORY, to);
	report_figure(report, "memory-latency", "Memory latency by working set", to);
}

static void put_scatter(const struct report *report, FILE *to)
{
	if (!report_has_figure(report, "distribution") &&
	    !report_has_figure(report, "distribution-emulated"))
		return;
	fprintf(to, "### How blocks scatter\n\n");
	report_figure(report, "distribution", "Distribution of block ratios", to);
	report_figure(report, "distribution-emulated",
		      "Distribution of block ratios, emulated guests", to);
}

int report_markdown(const struct report *report, FILE *to, struct err *err)
{
	int rc;

	put_head(report, to);
	if (report_is_lab(report))
		fprintf(to, "**This host was an emulated machine (scripts/lab): what is "
			    "counted holds, times and the ratios of times mean "
			    "nothing.**\n\n");
	fprintf(to, "## In short\n\n");
	report_answer(report, to);
	report_figure(report, "platforms", "Relative performance by platform", to);
	put_how_to_read(report, to);
	put_cpu(report, to);
	put_memory(report, to);
	put_scatter(report, to);
	rc = report_disk(report, to, err);
	if (rc)
		return rc;
	fprintf(to, "## The claims of 2014\n\n");
	report_claims_table(report, to);
	return report_more(report, to, err);
}
