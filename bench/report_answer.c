/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's first sentences: what the run says, in words, from the run alone. */
#include "report_answer.h"

#include <math.h>
#include <string.h>

#include "figure.h"
#include "report_words.h"

#define NAMED_MAX 4 /* effects in a sentence; the tables have them all */

static void put_noise(const struct effects *effects, FILE *to)
{
	size_t rest = effects->cells - effects->nr - effects->undecided;

	if (rest)
		fprintf(to, "%s%zu of %zu %s show%s nothing above the noise",
			effects->nr ? "; " : "", rest, effects->cells,
			effects->cells == 1 ? "cell" : "cells", rest == 1 ? "s" : "");
	if (rest && effects->floor_low < effects->floor_high)
		fprintf(to, " (A/A floors ±%.2g to ±%.2g %%)", 100 * effects->floor_low,
			100 * effects->floor_high);
	else if (rest && isfinite(effects->floor_low))
		fprintf(to, " (A/A floor ±%.2g %%)", 100 * effects->floor_low);
	if (effects->undecided)
		fprintf(to, "%s%zu %s undecided: the interval is too wide",
			rest || effects->nr ? "; " : "", effects->undecided,
			effects->undecided == 1 ? "is" : "are");
	fprintf(to, ".\n");
}

/* Emulated guests: how far from, how far to. Single factors would be taken for costs. */
static void put_emulated(const struct effects *effects, FILE *to)
{
	const struct result *most = effects->list[0];
	const struct result *least = effects->list[effects->nr - 1];
	char text[WORDS_MAX];

	fprintf(to, "emulated, from %s (", words_effect(&least->stats, text));
	report_escape(to, least->label);
	fprintf(to, ") to %s (", words_effect(&most->stats, text));
	report_escape(to, most->label);
	fprintf(to, ") in %zu of %zu cells", effects->nr, effects->cells);
}

static void put_platform(const struct report *report, const char *platform, bool disk,
			 FILE *to)
{
	struct effects effects;

	words_effects(report, platform, disk, &effects);
	if (!effects.cells)
		return;
	fprintf(to, "- **");
	report_escape(to, platform);
	fprintf(to, "**, %s: ", disk ? "disk" : "CPU and memory");
	if (effects.emulated && effects.nr > 1)
		put_emulated(&effects, to);
	else
		words_list(&effects, NAMED_MAX, to);
	put_noise(&effects, to);
}

/* Compared platforms in the order of the plan. */
static void names_of(const struct report *report, bool disk, struct figure_names *ret)
{
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		char name[96];

		if (!report_is_compared(result) || report_is_disk(result) != disk)
			continue;
		report_platform_name(result, name, sizeof(name));
		(void)figure_name(ret, name);
	}
}

static void put_platforms(const struct report *report, bool disk, FILE *to)
{
	struct figure_names names = {0};

	names_of(report, disk, &names);
	for (size_t i = 0; i < names.nr; i++)
		put_platform(report, names.list[i], disk, to);
}

static void put_warning(const struct report *report, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	fprintf(to,
		"> **Guests ran emulated.** Hardware KVM does not work on this host (");
	report_escape(to, report_get(report,
				     "SELECT reason FROM platform WHERE run = ?1 AND "
				     "state = 'emulated' ORDER BY id LIMIT 1",
				     text));
	fprintf(to,
		"). Whatever is marked *emulated* below is the price of QEMU's TCG on "
		"this machine. It says nothing about KVM, and decides no claim about "
		"KVM.\n\n");
}

static bool any_ratio(const struct report *report)
{
	for (size_t i = 0; i < report->results.nr; i++)
		if (report_is_compared(&report->results.list[i]))
			return true;
	return false;
}

/* What doctor found, as the run recorded it. */
static void put_nested(const struct report *report, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	if (report_get(report,
		       "SELECT value FROM environment WHERE run = ?1 AND name = "
		       "'noise.virtual machine'",
		       text)[0])
		fprintf(to,
			"> **\"Bare metal\" is a virtual machine here.** Every ratio "
			"holds for this virtual machine, not for the hardware below it; "
			"a guest on it is a guest in a guest.\n\n");
}

void report_answer(const struct report *report, FILE *to)
{
	if (report->emulated)
		put_warning(report, to);
	put_nested(report, to);
	put_platforms(report, false, to);
	put_platforms(report, true, to);
	if (!any_ratio(report))
		fprintf(to, "No cell of this run has a ratio: the tables say why.\n");
	fprintf(to, "\n");
}

/* --- a chapter's opening --- */

static void put_differs(const struct effects *effects, FILE *to)
{
	char text[WORDS_MAX];

	if (effects->emulated) {
		fprintf(to, " decides nothing");
		return;
	}
	if (effects->undecided == effects->cells) {
		fprintf(to, " is undecided in every cell");
		return;
	}
	fprintf(to, " differs from bare metal in %zu of %zu cells", effects->nr,
		effects->cells);
	if (!effects->nr)
		return;
	fprintf(to, ", most in *");
	report_escape(to, effects->list[0]->label);
	fprintf(to, "*: %s", words_effect(&effects->list[0]->stats, text));
}

static void put_opening(const struct report *report, bool disk, FILE *to)
{
	struct figure_names names = {0};
	bool first = true;

	names_of(report, disk, &names);
	for (size_t i = 0; i < names.nr; i++) {
		struct effects effects;

		words_effects(report, names.list[i], disk, &effects);
		if (!effects.cells)
			continue;
		fprintf(to, "%s**",
			first ? (disk ? "On disk " : "At CPU and memory work ") : "; ");
		report_escape(to, names.list[i]);
		fprintf(to, "**");
		put_differs(&effects, to);
		first = false;
	}
	fprintf(to, "%s", first ? "" : ". ");
}

void report_answer_native(const struct report *report, FILE *to)
{
	put_opening(report, false, to);
}

void report_answer_disk(const struct report *report, FILE *to)
{
	put_opening(report, true, to);
}
