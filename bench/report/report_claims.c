/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published claims: what decides, under which conditions, and what cannot be tested. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/claims/claims_show.h"
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"

static bool is_decided(const struct claim_finding *finding)
{
	return finding->verdict != CLAIM_UNTESTABLE;
}

static size_t count(const struct report *report, enum claim_verdict verdict)
{
	size_t nr = 0;

	for (size_t i = 0; i < report->claims->nr; i++)
		nr += report->claims->list[i].verdict == verdict;
	return nr;
}

static void answer_claims(const struct report *report, FILE *to)
{
	if (!report->claims || !report->claims->nr)
		return;
	fprintf(to,
		"Of %zu published claims, %zu are reproduced, %zu contradicted and %zu "
		"left open by intervals that are too wide; %zu cannot be tested on this "
		"host. ",
		report->claims->nr, count(report, CLAIM_REPRODUCED),
		count(report, CLAIM_CONTRADICTED), count(report, CLAIM_INCONCLUSIVE),
		count(report, CLAIM_UNTESTABLE));
}

static void put_cell(FILE *to, const char *text)
{
	report_escape(to, text[0] ? text : "–");
	fprintf(to, " | ");
}

/* --- what decides --- */

static void put_reading(const struct report *report, const struct claim_finding *finding,
			const struct claim_reading *reading, FILE *to)
{
	char text[CLAIM_TEXT_MAX];

	fprintf(to, "| ");
	put_cell(to, finding->claim->id);
	put_cell(to, claim_claimed_text(finding->claim, text));
	put_cell(to, claim_measured_text(reading, text));
	if (reading->samples)
		fprintf(to, "%" PRIu64 " | ", reading->samples);
	else
		put_cell(to, "");
	put_cell(to, reading->cell);
	put_cell(to, claim_platform_text(reading, text));
	if (reading->run == report->run)
		put_cell(to, "this");
	else
		fprintf(to, "%" PRId64 " | ", reading->run);
	fprintf(to, "%s%s", claim_verdict_name(reading->verdict),
		reading->reason[0] ? ": " : "");
	report_escape(to, reading->reason);
	fprintf(to, " |\n");
}

static void put_decided(const struct report *report, FILE *to)
{
	fprintf(to, "| claim | claimed | measured [95 %% interval] | samples | cell | "
		    "platform | run | verdict |\n|---|---|---|--:|---|---|---|---|\n");
	for (size_t i = 0; i < report->claims->nr; i++) {
		const struct claim_finding *finding = &report->claims->list[i];

		for (size_t k = 0; is_decided(finding) && k < finding->nr; k++)
			put_reading(report, finding, &finding->readings[k], to);
	}
	fprintf(to, "\n");
}

static void put_summary(const struct report *report, FILE *to)
{
	fprintf(to, "| claim | what it says | verdict |\n|---|---|---|\n");
	for (size_t i = 0; i < report->claims->nr; i++) {
		const struct claim_finding *finding = &report->claims->list[i];

		if (!is_decided(finding))
			continue;
		fprintf(to, "| ");
		put_cell(to, finding->claim->id);
		report_escape(to, finding->claim->says);
		fprintf(to, " (");
		report_escape(to, finding->claim->source);
		fprintf(to, ") | **%s**%s", claim_verdict_name(finding->verdict),
			finding->reason[0] ? ": " : "");
		report_escape(to, finding->reason);
		fprintf(to, " |\n");
	}
	fprintf(to, "\n");
}

static int write_claims(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	if (!report->claims || count(report, CLAIM_UNTESTABLE) == report->claims->nr)
		return 0;
	put_summary(report, to);
	report_figure(report, "claims", "Claimed values against measured ones", to);
	fprintf(to,
		"A value is reproduced where its whole interval lies within the claimed "
		"one's tolerance, contradicted where it lies outside, else inconclusive; "
		"an interval is never narrower than the cell's A/A floor. Emulated "
		"guests decide no time; they may decide a count, or an order among "
		"themselves. docs/method.md has the rules.\n\n");
	put_decided(report, to);
	return 0;
}

const struct report_section report_section_claims = {
	.chapter = CHAPTER_CLAIMS,
	.title = "What could be tested",
	.answer = answer_claims,
	.write = write_claims,
	.absent = "No claim can be tested with what this store holds: `tare run claims` "
		  "measures the cells that claims are about.",
	.figures = {figure_claims},
};

/* --- conditions --- */

static const struct result *result_of(const struct report *report,
				      const struct claim_reading *reading)
{
	for (size_t i = 0; reading->run == report->run && i < report->results.nr; i++)
		if (!strcmp(report->results.list[i].label, reading->cell))
			return &report->results.list[i];
	return NULL;
}

struct condition {
	size_t nr, verdicts[CLAIM_VERDICT_NR];
	const struct claim_reading *low, *high;
};

static void add_reading(struct condition *condition, const struct claim_reading *reading)
{
	condition->nr++;
	condition->verdicts[reading->verdict]++;
	if (!isfinite(reading->value))
		return;
	if (!condition->low || reading->value < condition->low->value)
		condition->low = reading;
	if (!condition->high || reading->value > condition->high->value)
		condition->high = reading;
}

static struct condition condition_of(const struct report *report,
				     const struct claim_finding *finding, bool direct)
{
	struct condition condition = {0};

	for (size_t i = 0; i < finding->nr; i++) {
		const struct result *result = result_of(report, &finding->readings[i]);

		if (result && report_is_disk(result) &&
		    report_is_direct(result) == direct)
			add_reading(&condition, &finding->readings[i]);
	}
	return condition;
}

static void put_extreme(const struct claim_reading *reading, FILE *to)
{
	char text[CLAIM_TEXT_MAX];

	if (!reading) {
		put_cell(to, "");
		put_cell(to, "");
		return;
	}
	put_cell(to, claim_measured_text(reading, text));
	report_escape(to, reading->cell);
	fprintf(to, "%s | ", reading->emulated ? " (emulated)" : "");
}

static void put_condition(const struct claim_finding *finding,
			  const struct condition *condition, bool direct, FILE *to)
{
	char text[CLAIM_TEXT_MAX];
	bool some = false;

	if (!condition->nr)
		return;
	fprintf(to, "| ");
	put_cell(to, finding->claim->id);
	put_cell(to, claim_claimed_text(finding->claim, text));
	put_cell(to, direct ? "direct" : "through the page cache");
	put_extreme(condition->low, to);
	put_extreme(condition->high, to);
	for (int i = CLAIM_VERDICT_NR - 1; i >= 0; i--) {
		if (!condition->verdicts[i])
			continue;
		fprintf(to, "%s%s in %zu of %zu", some ? ", " : "",
			claim_verdict_name((enum claim_verdict)i), condition->verdicts[i],
			condition->nr);
		some = true;
	}
	fprintf(to, " |\n");
}

/* Claims of a share of the disk whose conditions are unknown: tested in both. */
static int write_conditions(const struct report *report, FILE *to, struct err *err)
{
	size_t nr = 0;

	(void)err;
	for (size_t i = 0; report->claims && i < report->claims->nr; i++) {
		const struct claim_finding *finding = &report->claims->list[i];

		if (!finding->claim->mark || !finding->nr)
			continue;
		if (!nr++)
			fprintf(to,
				"A direct I/O goes to the device; one through the page "
				"cache may be served from a guest's or the host's "
				"memory. "
				"A claim that does not say which is tested as both.\n\n"
				"| claim | claimed | condition | least [95 %% interval] "
				"| "
				"in | most [95 %% interval] | in | verdicts, by cell |\n"
				"|---|---|---|---|---|---|---|---|\n");
		for (int direct = 1; direct >= 0; direct--) {
			struct condition condition =
				condition_of(report, finding, direct);

			put_condition(finding, &condition, direct, to);
		}
	}
	if (nr)
		fprintf(to, "\n");
	return 0;
}

const struct report_section report_section_claims_conditions = {
	.chapter = CHAPTER_CLAIMS,
	.title = "Direct, or through the page cache",
	.write = write_conditions,
};

/* --- what cannot be tested --- */

static int write_untestable(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	if (!report->claims || !count(report, CLAIM_UNTESTABLE))
		return 0;
	fprintf(to, "| claim | what it says | why not |\n|---|---|---|\n");
	for (size_t i = 0; i < report->claims->nr; i++) {
		const struct claim_finding *finding = &report->claims->list[i];

		if (is_decided(finding))
			continue;
		fprintf(to, "| ");
		put_cell(to, finding->claim->id);
		put_cell(to, finding->claim->says);
		report_escape(to, finding->reason);
		fprintf(to, " |\n");
	}
	fprintf(to, "\n");
	return 0;
}

const struct report_section report_section_claims_untestable = {
	.chapter = CHAPTER_CLAIMS,
	.title = "Not testable here",
	.write = write_untestable,
};
