/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's first sentences: what the run says, in words, from the run alone. */
#include "report_answer.h"

#include <math.h>
#include <string.h>

#include "figure.h"
#include "verdict.h"

/* One platform over the cells of one family. */
struct tally {
	unsigned cells, noise, slower, faster;
	const struct result *worst; /* the clearest slowdown */
	double least, most;	    /* ratios */
	bool emulated;
};

static bool is_named(const struct result *result, const char *name)
{
	char own[96];

	report_platform_name(result, own, sizeof(own));
	return !strcmp(own, name);
}

static void count(struct tally *tally, const struct result *result)
{
	const struct stats_ratio *stats = &result->stats;

	tally->emulated = result->emulated;
	tally->least = tally->cells ? fmin(tally->least, stats->ratio) : stats->ratio;
	tally->most = tally->cells ? fmax(tally->most, stats->ratio) : stats->ratio;
	tally->cells++;
	if (verdict_below_noise(result) || (stats->low <= 1 && stats->high >= 1))
		tally->noise++;
	else if (stats->ratio < 1)
		tally->slower++;
	else
		tally->faster++;
	if (!verdict_below_noise(result) && stats->high < 1 &&
	    (!tally->worst || stats->ratio < tally->worst->stats.ratio))
		tally->worst = result;
}

static void put_tally(FILE *to, const char *name, const char *work,
		      const struct tally *tally)
{
	char verdict[VERDICT_MAX];

	fprintf(to, "- **");
	report_escape(to, name);
	fprintf(to,
		"**, %s: of %u cells, %u show no difference that stands out from the "
		"noise, "
		"%u are slower, %u faster",
		work, tally->cells, tally->noise, tally->slower, tally->faster);
	if (tally->worst) {
		fprintf(to, "; the largest cost is ");
		report_escape(to, tally->worst->label);
		fprintf(to, ", %s (ratio %.4g [%.4g, %.4g], floor ±%.2f %%)",
			verdict_text(tally->worst, verdict), tally->worst->stats.ratio,
			tally->worst->stats.low, tally->worst->stats.high,
			100 * tally->worst->floor);
	}
	fprintf(to, ".%s\n",
		tally->emulated ? " *Emulated: the price of QEMU's TCG, not of KVM.*"
				: "");
}

static void answer_family(const struct report *report, enum workload_family family,
			  const char *work, FILE *to)
{
	struct figure_names names = {0};
	char name[96];

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (strcmp(result->family, workload_family_name(family)) ||
		    !report_is_compared(result))
			continue;
		report_platform_name(result, name, sizeof(name));
		(void)figure_name(&names, name);
	}
	for (size_t k = 0; k < names.nr; k++) {
		struct tally tally = {0};

		for (size_t i = 0; i < report->results.nr; i++)
			if (report_is_compared(&report->results.list[i]) &&
			    !strcmp(report->results.list[i].family,
				    workload_family_name(family)) &&
			    is_named(&report->results.list[i], names.list[k]))
				count(&tally, &report->results.list[i]);
		put_tally(to, names.list[k], work, &tally);
	}
}

void report_answer(const struct report *report, FILE *to)
{
	answer_family(report, FAMILY_CPU, "CPU work", to);
	answer_family(report, FAMILY_MEMORY, "memory work", to);
	answer_family(report, FAMILY_DISK, "disk work", to);
	fprintf(to, "\n");
	if (report->emulated)
		fprintf(to, "> **Guests ran emulated.** Hardware KVM does not work on "
			    "this host, so "
			    "every guest below ran under QEMU's TCG. Its numbers are "
			    "what emulation "
			    "costs here. They say nothing about KVM, and no claim about "
			    "KVM is "
			    "decided by them.\n\n");
}
