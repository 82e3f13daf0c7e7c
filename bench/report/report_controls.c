/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Controls: what bare metal compared with itself showed, and what it had to show. */
#include <stdlib.h>
#include <string.h>

#include "bench/report/report_section.h"
#include "bench/report/report_tables.h"
#include "bench/report/report_words.h"

static bool has_role(const struct result *result, enum arm_role role)
{
	return !strcmp(result->role, arm_role_name(role));
}

static const char injected_sql[] =
	"SELECT max(a.injected) FROM arm a JOIN cell c ON a.cell = c.id WHERE c.run = "
	"?1 AND a.role = 'injected'";

/* What an injected arm must show: it does that much more work than it says. */
static double injected_truth(const struct report *report)
{
	char text[REPORT_TEXT_MAX];

	return 1 / (1 + strtod(report_get(report, injected_sql, text), NULL));
}

static bool contains(const struct stats_ratio *stats, double truth)
{
	return stats->low <= truth && stats->high >= truth;
}

static void put_control(const struct result *result, double truth, FILE *to)
{
	char text[WORDS_MAX];

	fprintf(to, "| ");
	report_escape(to, result->label);
	fprintf(to, " | %s | ",
		has_role(result, ROLE_AA) ? "A/A: bare metal twice"
					  : "more work injected");
	if (!result->known) {
		fprintf(to, "– | %.4f | no interval |\n", truth);
		return;
	}
	fprintf(to, "%s | %.4f | %s |\n", words_ratio(&result->stats, text), truth,
		contains(&result->stats, truth) ? "yes" : "**no**");
}

static void put_table(const struct report *report, FILE *to)
{
	double injected = injected_truth(report);

	fprintf(to,
		"| cell | control | ratio [95 %% interval] | truth | interval contains "
		"it |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (has_role(result, ROLE_INJECTED))
			put_control(result, injected, to);
		else if (has_role(result, ROLE_AA))
			put_control(result, 1, to);
	}
	fprintf(to, "\n");
}

struct score {
	size_t nr, hold, seen; /* seen: the interval excludes 1 */
};

static struct score score_of(const struct report *report, enum arm_role role,
			     double truth)
{
	struct score score = {0};

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!result->known || !has_role(result, role))
			continue;
		score.nr++;
		score.hold += contains(&result->stats, truth);
		score.seen += !contains(&result->stats, 1);
	}
	return score;
}

static void answer_controls(const struct report *report, FILE *to)
{
	double truth = injected_truth(report);
	struct score aa = score_of(report, ROLE_AA, 1);
	struct score injected = score_of(report, ROLE_INJECTED, truth);

	if (!aa.nr)
		return;
	fprintf(to,
		"Bare metal against itself must come out at 1: the interval contains 1 "
		"in **%zu of %zu** cells. ",
		aa.hold, aa.nr);
	if (injected.nr)
		fprintf(to,
			"Bare metal made to do %.2g %% more work than it says must come "
			"out at %.4f: the interval contains that in **%zu of %zu** "
			"cells, "
			"and excludes 1, so that the effect was seen, in **%zu of "
			"%zu**. ",
			100 * (1 / truth - 1), truth, injected.hold, injected.nr,
			injected.seen, injected.nr);
	else
		fprintf(to, "No control with injected work was measured. ");
}

static int write_controls(const struct report *report, FILE *to, struct err *err)
{
	bool any = false;

	(void)err;
	for (size_t i = 0; !any && i < report->results.nr; i++)
		any = has_role(&report->results.list[i], ROLE_AA) ||
		      has_role(&report->results.list[i], ROLE_INJECTED);
	if (!any)
		return 0;
	put_table(report, to);
	return 0;
}

const struct report_section report_section_controls = {
	.chapter = CHAPTER_METHOD,
	.title = "Could the run have seen it?",
	.answer = answer_controls,
	.write = write_controls,
	.absent = "This suite has no controls: no floor is known, and nothing proves "
		  "that the run could have seen a difference.",
};

static int write_entry(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	if (!report_has_family(report, FAMILY_CONTROL))
		return 0;
	fprintf(to, "The `null` workload: a request to the agent and its answer, "
		    "nothing done, by the harness's clock. It is outside every other "
		    "measured interval.\n\n");
	report_ratio_table(report, FAMILY_CONTROL, to);
	return 0;
}

const struct report_section report_section_entry = {
	.chapter = CHAPTER_METHOD,
	.title = "What reaching a platform costs",
	.write = write_entry,
};
