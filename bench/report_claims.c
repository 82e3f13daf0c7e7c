/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_claims.h"

#include <string.h>

#include "report_section.h"
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
#define CONTAINER_DISK "lxc:bind"
#define GUEST "kvm"
#define MANY "ide" /* paths, by their cost in VM exits */
#define FEW "virtio"

static void put_none(FILE *to)
{
	fprintf(to, "not in this run | **not testable here** |\n");
}

/* --- a disk path's share --- */

struct shares {
	size_t cells, holds;		 /* holds: the interval contains the claim */
	const struct result *low, *high; /* the extremes */
	bool emulated;
};

static struct shares shares_of(const struct report *report,
			       const struct report_claim *claim)
{
	struct shares shares = {0};

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!report_is_compared(result) || !report_is_disk(result) ||
		    strcmp(result->path, claim->path) != 0)
			continue;
		shares.cells++;
		shares.emulated |= result->emulated;
		shares.holds += result->stats.low <= claim->ratio &&
				result->stats.high >= claim->ratio;
		if (!shares.low || result->stats.ratio < shares.low->stats.ratio)
			shares.low = result;
		if (!shares.high || result->stats.ratio > shares.high->stats.ratio)
			shares.high = result;
	}
	return shares;
}

static void put_path(const struct report *report, const struct report_claim *claim,
		     FILE *to)
{
	struct shares shares = shares_of(report, claim);
	char text[WORDS_MAX];

	fprintf(to,
		"| KVM guest's disk over %s: share of the real machine's I/O | %.2f | ",
		claim->path, claim->ratio);
	if (!shares.cells) {
		put_none(to);
		return;
	}
	fprintf(to, "%s%s (", shares.emulated ? "emulated: " : "",
		words_ratio(&shares.low->stats, text));
	report_escape(to, shares.low->label);
	if (shares.cells > 1) {
		fprintf(to, ") to %s (", words_ratio(&shares.high->stats, text));
		report_escape(to, shares.high->label);
	}
	fprintf(to, ") | ");
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

static void put_container(const struct report *report, bool disk, FILE *to)
{
	struct effects effects;
	size_t losses, holds;

	fprintf(to, "| LXC loses \"hardly any\" %s performance | ≈ 1.00 | ",
		disk ? "disk" : "CPU");
	words_effects(report, disk ? CONTAINER_DISK : CONTAINER, disk, &effects);
	if (!effects.cells) {
		put_none(to);
		return;
	}
	losses = losses_of(&effects, 0);
	holds = effects.cells - losses - effects.undecided;
	if (effects.nr)
		words_list(&effects, NAMED_MAX, to);
	else
		fprintf(to, "nothing above the noise in %zu cells", effects.cells);
	fprintf(to, " | **%s** in %zu of %zu cells",
		holds	 ? "reproduced"
		: losses ? "contradicted"
			 : "inconclusive",
		holds ? holds : effects.cells - holds, effects.cells);
	if (holds && losses)
		fprintf(to, ", contradicted in %zu", losses);
	fprintf(to, " |\n");
}

/* --- exits --- */

/* clang-format off: SQL reads by its clauses */
/* Medians of exits per I/O in cells that both paths ran. */
static const char exits_sql[] =
	"WITH s AS (SELECT c.label, p.path, 1.0 * account_exits / (fio_read_ios +"
	" fio_write_ios) AS exits FROM sample s JOIN arm a ON s.arm = a.id"
	" JOIN cell c ON a.cell = c.id JOIN platform p ON a.platform = p.id"
	" WHERE c.run = ?1 AND s.outcome = 'ok' AND fio_read_ios + fio_write_ios > 0"
	" AND account_exits > 0 AND p.path IN ('" MANY "', '" FEW "')),"
	" r AS (SELECT *, row_number() OVER (PARTITION BY label, path ORDER BY exits) AS "
	"k,"
	" count(*) OVER (PARTITION BY label, path) AS n FROM s),"
	" m AS (SELECT label, path, max(CASE WHEN k <= (n + 1) / 2 THEN exits END) AS "
	"exits"
	" FROM r GROUP BY label, path),"
	" b AS (SELECT x.label, x.exits AS many, y.exits AS few FROM m x JOIN m y"
	" ON x.label = y.label WHERE x.path = '" MANY "' AND y.path = '" FEW "')"
	" SELECT iif(count(*), group_concat(printf('%s %.3g against %.3g', label, many, "
	"few),"
	" ', ') || printf(' (medians) | **%s** in %d of %d cells |', iif(sum(many > few) "
	"> 0,"
	" 'reproduced', 'contradicted'), iif(sum(many > few) > 0, sum(many > few), "
	"count(*)),"
	" count(*)), '') FROM b";
/* clang-format on */

static void put_exits(const struct report *report, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	fprintf(to, "| A guest's I/O over " MANY
		    " costs the host more exits than over " FEW " | order only | ");
	(void)report_get(report, exits_sql, text);
	if (text[0])
		fprintf(to, "%s\n", text);
	else
		fprintf(to,
			"exits were not counted: no hardware KVM | **not testable here** "
			"|\n");
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

static int write_claims(const struct report *report, FILE *to, struct err *err)
{
	(void)err;
	fprintf(to, "| claim | claimed | this run [95 %% interval] | verdict |\n"
		    "|---|---|---|---|\n");
	put_memcg(report, to);
	put_container(report, false, to);
	put_container(report, true, to);
	for (size_t i = 0; i < report_claim_nr; i++)
		put_path(report, &report_claims[i], to);
	put_exits(report, to);
	put_start(report, to);
	fprintf(to, "\nSource of the claims: " REPORT_CLAIMS_SOURCE ".\n\n");
	return 0;
}

const struct report_section report_section_claims = {
	.chapter = CHAPTER_CLAIMS,
	.title = "The claims of 2014",
	.write = write_claims,
};
