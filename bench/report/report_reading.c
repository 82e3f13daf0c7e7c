/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to read what the tables say. */
#include <string.h>

#include "bench/report/report_section.h"
#include "bench/report/report_words.h"
#include "bench/results/verdict.h"

/* Explained on a ratio of this run, if one stands out. */
static void put_example(const struct report *report, FILE *to)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char text[WORDS_MAX], name[96];

		if (!report_is_compared(result) || result->emulated ||
		    !verdict_stands_out(result) || !report_is_work(result))
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

static int write_reading(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	if (report_is_study(report)) /* its chapters say what their numbers are */
		return 0;
	fprintf(to, "A ratio is the platform's performance divided by bare metal's in "
		    "the same cell: above 1 is better than bare metal, for every "
		    "metric. ");
	put_example(report, to);
	fprintf(to,
		"Both sides did the same work side by side in time (mirrored blocks); "
		"the ratio is the trimmed mean over blocks, the interval a bootstrap "
		"over epochs.\n\n"
		"The *A/A floor* is how far bare metal compared with itself strayed "
		"from 1 in the same cell. A ratio inside it is called *below noise*; "
		"*no difference seen* means that the interval contains 1; "
		"*undecided*, that it is too wide to say either. CPU and memory cells "
		"are decided by CPU time, disk cells by fio's clock; wall time stands "
		"beside. The method is in docs/method.md.\n\n");
	return 0;
}

const struct report_section report_section_reading = {
	.chapter = CHAPTER_METHOD,
	.title = "How to read a ratio",
	.write = write_reading,
};
