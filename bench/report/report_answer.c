/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's first sentences: what the run says, in words, from the run alone. */
#include "bench/report/report_answer.h"

#include <math.h>
#include <string.h>

#include "bench/report/report_rank.h"
#include "bench/report/report_section.h"

#define NAMED_MAX 6 /* cells in a row of the table */

static const struct result *largest(const struct standing *standing)
{
	return standing->effects.nr ? standing->effects.list[0] : NULL;
}

/* --- the answer in sentences --- */

/* "it costs most in *fork*: 12.5 % slower […], where the A/A floor is ±3.2 %" */
static void put_largest(const struct standing *standing, FILE *to)
{
	const struct result *result = largest(standing);
	char text[WORDS_MAX], floor[WORDS_MAX];

	if (!result) {
		fprintf(to, "no cell differs above the noise");
		return;
	}
	fprintf(to, "the largest difference is *");
	report_escape(to, result->label);
	fprintf(to, "*: %s, A/A floor %s", words_effect(&result->stats, text),
		words_floor(result->floor, floor));
	if (standing->effects.nr < standing->effects.cells)
		fprintf(to, "; %zu of %zu cells show nothing above the noise",
			standing->effects.cells - standing->effects.nr,
			standing->effects.cells);
}

static bool is_apart(const struct standing *a, const struct standing *b)
{
	return a->mean.low > b->mean.high;
}

static void put_name(const struct standing *standing, FILE *to)
{
	fprintf(to, "**");
	report_escape(to, standing->name);
	fprintf(to, "**");
}

static void put_head(const struct standing *list, size_t nr, FILE *to)
{
	if (nr > 1 && !is_apart(&list[0], &list[1])) {
		fprintf(to, "Speed does not decide between ");
		put_name(&list[0], to);
		fprintf(to, " and ");
		put_name(&list[1], to);
		fprintf(to, ": over all CPU and memory cells their intervals overlap.");
		return;
	}
	fprintf(to, nr > 1 ? "As far as speed decides, deploy on "
			   : "Besides bare metal only one platform ran natively: ");
	put_name(&list[0], to);
	fprintf(to, ".");
}

static void put_standing(const struct standing *standing, bool first, FILE *to)
{
	char text[WORDS_MAX];

	fprintf(to, " ");
	put_name(standing, to);
	fprintf(to, " reaches %s%s over %zu cells", words_ratio(&standing->mean, text),
		first ? " of bare metal's CPU and memory performance (geometric mean, "
			"95 % interval)"
		      : "",
		standing->effects.cells);
	fprintf(to, "; ");
	put_largest(standing, to);
	fprintf(to, ".");
}

static void put_native(const struct report *report, FILE *to)
{
	struct standing list[STANDINGS_MAX];
	size_t nr = standings_native(list, standings_of(report, false, list));

	if (!nr)
		return;
	standings_rank(list, nr);
	put_head(list, nr, to);
	for (size_t i = 0; i < nr; i++)
		put_standing(&list[i], !i, to);
	fprintf(to, "\n\n");
}

static void put_disk_floor(const struct standing *list, size_t nr, FILE *to)
{
	double low = INFINITY, high = 0;
	char text[WORDS_MAX];

	for (size_t i = 0; i < nr; i++) {
		low = fmin(low, list[i].effects.floor_low);
		high = fmax(high, list[i].effects.floor_high);
	}
	if (!isfinite(low))
		return;
	fprintf(to, " The A/A floors of the disk cells are %s", words_floor(low, text));
	if (high > low)
		fprintf(to, " to %s", words_floor(high, text));
	fprintf(to, ": what is smaller could not have been seen.");
}

static void put_disk(const struct report *report, FILE *to)
{
	struct standing list[STANDINGS_MAX];
	size_t nr = standings_native(list, standings_of(report, true, list));

	if (!nr)
		return;
	fprintf(to, "On disk, ");
	for (size_t i = 0; i < nr; i++) {
		fprintf(to, "%s", i ? "; " : "");
		put_name(&list[i], to);
		fprintf(to, ": ");
		put_largest(&list[i], to);
	}
	fprintf(to, ".");
	put_disk_floor(list, nr, to);
	fprintf(to, "\n\n");
}

/* --- and in a table --- */

/* Emulated guests: how far from, how far to. Single factors would be taken for costs. */
static void put_span(const struct effects *effects, FILE *to)
{
	const struct result *most = effects->list[0];
	const struct result *least = effects->list[effects->nr - 1];
	char text[WORDS_MAX];

	fprintf(to, "emulated: *");
	report_escape(to, least->label);
	fprintf(to, "* %s to *", words_effect(&least->stats, text));
	report_escape(to, most->label);
	fprintf(to, "* %s", words_effect(&most->stats, text));
}

static void put_names(const struct effects *effects, FILE *to)
{
	fprintf(to, "%zu of %zu", effects->nr, effects->cells);
	for (size_t i = 0; !effects->emulated && i < effects->nr && i < NAMED_MAX; i++) {
		fprintf(to, "%s", i ? ", " : ": ");
		report_escape(to, effects->list[i]->label);
	}
	if (!effects->emulated && effects->nr > NAMED_MAX)
		fprintf(to, " and %zu more", effects->nr - NAMED_MAX);
	if (effects->undecided)
		fprintf(to, "; %zu undecided", effects->undecided);
}

static void put_row(const struct standing *standing, bool disk, FILE *to)
{
	const struct effects *effects = &standing->effects;
	const struct result *most = largest(standing);
	char text[WORDS_MAX], low[WORDS_MAX], high[WORDS_MAX];

	fprintf(to, "| ");
	report_escape(to, standing->name);
	fprintf(to, " | %s | %s | ", disk ? "disk" : "CPU, memory",
		effects->emulated ? "–" : words_ratio(&standing->mean, text));
	put_names(effects, to);
	fprintf(to, " | ");
	if (effects->emulated && effects->nr) {
		put_span(effects, to);
	} else if (most) {
		fprintf(to, "*");
		report_escape(to, most->label);
		fprintf(to, "* %s", words_effect(&most->stats, text));
	} else {
		fprintf(to, "none");
	}
	fprintf(to, " | %s", words_floor(effects->floor_low, low));
	if (effects->floor_high > effects->floor_low)
		fprintf(to, " to %s", words_floor(effects->floor_high, high));
	fprintf(to, " |\n");
}

/* Nothing in it ranks platforms: its chapters have the answers. */
static bool is_of_studies(const struct report *report)
{
	char text[REPORT_TEXT_MAX];

	return report_is_study(report) ||
	       (report->results.nr &&
		report_get(report,
			   "SELECT NOT EXISTS (SELECT 1 FROM cell WHERE run = ?1 AND "
			   "family NOT IN ('memcg', 'start'))",
			   text)[0] == '1');
}

static void put_table(const struct report *report, FILE *to)
{
	bool head = false;

	for (int disk = 0; disk < 2; disk++) {
		struct standing list[STANDINGS_MAX];
		size_t nr = standings_of(report, disk, list);

		if (nr && !head)
			fprintf(to, "Every platform against bare metal:\n\n"
				    "| platform | work | geometric mean of ratios [95 %% "
				    "interval] | cells that differ | largest difference "
				    "| A/A floors |\n|---|---|---|---|---|---|\n");
		head |= nr > 0;
		for (size_t i = 0; i < nr; i++)
			put_row(&list[i], disk, to);
	}
	if (head)
		fprintf(to, "\n");
	else if (!is_of_studies(report))
		fprintf(to, "No cell of this run has a ratio: the tables say why.\n\n");
}

/* --- what stands over all of it --- */

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

/* A study's answers are those of the chapters that it is about. */
static int put_study(const struct report *report, FILE *to, struct err *err)
{
	int rc = report_is_study(report)
			 ? report_opening(report, CHAPTER_AROUND, to, err)
			 : report_opening(report, CHAPTER_EFFICIENCY, to, err);

	return rc ? rc : report_opening(report, CHAPTER_CONTROL, to, err);
}

int report_answer(const struct report *report, FILE *to, struct err *err)
{
	int rc = is_of_studies(report) ? put_study(report, to, err) : 0;

	if (rc)
		return rc;
	put_native(report, to);
	put_disk(report, to);
	if (report->emulated)
		put_warning(report, to);
	put_nested(report, to);
	put_table(report, to);
	return 0;
}

/* --- a chapter's opening --- */

static void put_differs(const struct standing *standing, FILE *to)
{
	const struct effects *effects = &standing->effects;

	if (effects->undecided == effects->cells)
		fprintf(to, " is undecided in every cell");
	else if (effects->nr)
		fprintf(to, " differs from bare metal in %zu of %zu cells", effects->nr,
			effects->cells);
	else
		fprintf(to, " differs from bare metal in none of %zu cells",
			effects->cells);
}

static void put_opening(const struct report *report, bool disk, FILE *to)
{
	struct standing list[STANDINGS_MAX];
	size_t all = standings_of(report, disk, list), nr = standings_native(list, all);

	if (!all)
		return;
	fprintf(to, disk ? "On disk, " : "At CPU and memory work, ");
	for (size_t i = 0; i < nr; i++) {
		char text[WORDS_MAX];

		fprintf(to, "%s", i ? "; " : "");
		put_name(&list[i], to);
		put_differs(&list[i], to);
		if (largest(&list[i]))
			fprintf(to, ", at most %s",
				words_effect(&largest(&list[i])->stats, text));
	}
	if (!nr)
		fprintf(to, "every platform ran emulated, which decides nothing");
	else if (nr < all)
		fprintf(to, "; emulated guests decide nothing");
	fprintf(to, ". ");
}

void report_answer_native(const struct report *report, FILE *to)
{
	put_opening(report, false, to);
}

void report_answer_disk(const struct report *report, FILE *to)
{
	put_opening(report, true, to);
}
