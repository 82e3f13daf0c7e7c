/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPU and memory cells. */
#include "bench/report/report_answer.h"
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"

#define NO_CELLS "This suite has no such cells."

static int write_cpu(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	if (!report_has_family(report, FAMILY_CPU))
		return 0;
	fprintf(to, "One thread on one CPU; the same number of operations on every "
		    "side, about 1.5 ms of them in a slice, workers forked anew for "
		    "each epoch. ");
	report_taken(report, FAMILY_CPU, to);
	report_ratio_table(report, FAMILY_CPU, to);
	return 0;
}

const struct report_section report_section_cpu = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "CPU",
	.answer = report_answer_native,
	.write = write_cpu,
	.absent = NO_CELLS,
	.figures = {figure_platforms},
};

static int write_memory(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	if (!report_has_family(report, FAMILY_MEMORY))
		return 0;
	fprintf(to, "Taken like CPU work. STREAM's arrays and the pointer chase lie in "
		    "huge pages where the kernel gives them; sizes come from the "
		    "caches that hwloc found. ");
	report_taken(report, FAMILY_MEMORY, to);
	report_ratio_table(report, FAMILY_MEMORY, to);
	report_figure(report, "memory-latency",
		      "Latency of one load against the size of the working set, a curve "
		      "a platform",
		      to);
	return 0;
}

const struct report_section report_section_memory = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "Memory",
	.write = write_memory,
	.absent = NO_CELLS,
	.figures = {figure_memory},
};

static int write_scatter(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	report_figure(report, "distribution",
		      "Cumulative distributions of block ratios of CPU and memory cells, "
		      "a panel a cell",
		      to);
	report_figure(report, "distribution-emulated",
		      "Cumulative distributions of block ratios of CPU and memory cells, "
		      "emulated guests",
		      to);
	report_figure(
		report, "distribution-disk",
		"Cumulative distributions of block ratios of disk cells, a panel a cell",
		to);
	report_figure(
		report, "distribution-disk-emulated",
		"Cumulative distributions of block ratios of disk cells, emulated guests",
		to);
	return 0;
}

const struct report_section report_section_scatter = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "How blocks scatter",
	.write = write_scatter,
	.figures = {figure_distribution},
};
