/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_claims.h"

#include <math.h>
#include <string.h>

#include "report_words.h"

/* Every claim's figure stands here and nowhere else. */
const struct report_claim report_claims[] = {
	{"virtfs", 0.99},
	{"virtio", 0.81},
	{"ide", 0.41},
};
const size_t report_claim_nr = sizeof(report_claims) / sizeof(report_claims[0]);
#define MEMCG_LOSS_LOW 0.03 /* "3–4 % in some cases" */
#define MEMCG_LOSS_HIGH 0.04
#define NAMED_MAX 4
/* Whom the claims are about: platforms by name, drivers for the start-up. */
#define MEMCG "cgroup"
#define CONTAINER "lxc"
#define GUEST "kvm"

static void put_none(FILE *to)
{
	fprintf(to, "no ratio in this run | **not testable here** |\n");
}

/* --- a disk path's share --- */

struct shares {
	size_t cells, holds; /* holds: the interval contains the claim */
	double low, high;    /* of the ratios */
	bool emulated;
};

static struct shares shares_of(const struct report *report,
			       const struct report_claim *claim)
{
	struct shares shares = {.low = NAN, .high = NAN};

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!report_is_compared(result) || !report_is_disk(result) ||
		    strcmp(result->path, claim->path) != 0)
			continue;
		shares.cells++;
		shares.emulated |= result->emulated;
		shares.holds += result->stats.low <= claim->ratio &&
				result->stats.high >= claim->ratio;
		shares.low = fmin(shares.low, result->stats.ratio);
		shares.high = fmax(shares.high, result->stats.ratio);
	}
	return shares;
}

static void put_path(const struct report *report, const struct report_claim *claim,
		     FILE *to)
{
	struct shares shares = shares_of(report, claim);

	fprintf(to,
		"| KVM guest's disk over %s: share of the real machine's I/O | %.2f | ",
		claim->path, claim->ratio);
	if (!shares.cells) {
		put_none(to);
		return;
	}
	fprintf(to, "%s%.2g to %.2g over %zu cells (intervals below) | ",
		shares.emulated ? "emulated: " : "", shares.low, shares.high,
		shares.cells);
	if (shares.emulated)
		fprintf(to, "**not testable here**: guests are emulated |\n");
	else
		fprintf(to, "**%s** in %zu of %zu cells |\n",
			shares.holds ? "reproduced" : "contradicted",
			shares.holds ? shares.holds : shares.cells, shares.cells);
}

/* --- memory cgroup and LXC --- */

static size_t losses_of(const struct effects *effects, double least)
{
	size_t nr = 0;

	for (size_t i = 0; i < effects->nr; i++)
		nr += effects->list[i]->stats.low <= 1 - least &&
		      effects->list[i]->stats.ratio < 1;
	return nr;
}

static void put_memcg(const struct report *report, FILE *to)
{
	struct effects effects;
	size_t losses;

	fprintf(to,
		"| A memory cgroup loses against bare metal \"in some cases\" | "
		"%.0f–%.0f "
		"%% | ",
		100 * MEMCG_LOSS_LOW, 100 * MEMCG_LOSS_HIGH);
	words_effects(report, MEMCG, false, &effects);
	if (!effects.cells) {
		put_none(to);
		return;
	}
	losses = losses_of(&effects, MEMCG_LOSS_LOW);
	if (effects.nr)
		words_list(&effects, NAMED_MAX, to);
	else
		fprintf(to, "nothing above the noise in %zu cells", effects.cells);
	fprintf(to, " | **%s**: %zu of %zu cells may lose %.0f %% or more |\n",
		losses ? "reproduced" : "not seen", losses, effects.cells,
		100 * MEMCG_LOSS_LOW);
}

static void put_lxc(const struct report *report, FILE *to)
{
	struct effects effects;
	size_t losses;

	fprintf(to, "| LXC loses \"hardly any\" CPU performance | ≈ 1.00 | ");
	words_effects(report, CONTAINER, false, &effects);
	if (!effects.cells) {
		put_none(to);
		return;
	}
	losses = losses_of(&effects, 0);
	if (effects.nr)
		words_list(&effects, NAMED_MAX, to);
	else
		fprintf(to, "nothing above the noise in %zu cells", effects.cells);
	fprintf(to, " | **%s** in %zu of %zu cells%s |\n",
		losses < effects.cells ? "reproduced" : "contradicted",
		losses < effects.cells ? effects.cells - losses : losses, effects.cells,
		losses && losses < effects.cells ? ", contradicted in the others" : "");
}

/* --- start-up --- */

static void put_start(const struct report *report, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	/* Fastest guest against slowest container: then no start contradicts the order.
	 */
	(void)report_get(
		report,
		"WITH s AS (SELECT p.driver, p.state = 'emulated' AS emulated, "
		"min(i.open_to_hello_ns) AS "
		"least, max(i.open_to_hello_ns) AS most FROM instance i JOIN platform p "
		"ON "
		"p.run = i.run AND p.name = i.platform WHERE i.run = ?1 AND "
		"i.open_to_hello_ns > 0 GROUP BY p.driver) SELECT printf('container at "
		"most "
		"%.0f ms, guest at least %.0f ms%s | **%s** |', a.most / 1e6, b.least / "
		"1e6, CASE "
		"b.emulated WHEN 1 THEN ' (emulated)' ELSE '' END, CASE b.emulated WHEN "
		"1 THEN "
		"'not testable here' ELSE CASE WHEN a.most < b.least THEN "
		"'reproduced' ELSE 'not in every start' END END) FROM s a JOIN s b WHERE "
		"a.driver = '" CONTAINER "' AND b.driver = '" GUEST "'",
		text);
	fprintf(to, "| A container starts faster than a guest | order only | ");
	if (text[0])
		fprintf(to, "%s\n", text);
	else
		put_none(to);
}

void report_claims_table(const struct report *report, FILE *to)
{
	fprintf(to, "| claim | claimed | this run [95 %% interval] | verdict |\n"
		    "|---|---|---|---|\n");
	put_memcg(report, to);
	put_lxc(report, to);
	for (size_t i = 0; i < report_claim_nr; i++)
		put_path(report, &report_claims[i], to);
	put_start(report, to);
	fprintf(to, "\nSource of the claims: " REPORT_CLAIMS_SOURCE ".\n\n");
}
