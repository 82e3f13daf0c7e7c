/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the memory cgroup costs: by what is charged, then by what surrounds the group. */
#include <math.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/figure/figure_memcg.h"
#include "bench/report/report_put.h"
#include "bench/report/report_section.h"
#include "bench/results/verdict.h"

#define PAGES_OF_MIB 256.0 /* cache-fill reads 4 KiB an operation */

CLEANUP_DEFINE(costs, struct memcg_costs *, memcg_costs_release)

static void put_share(FILE *to, double share)
{
	if (isfinite(share))
		fprintf(to, "%+.1f", 100 * share);
	else
		fputs("–", to);
}

static void put_row(FILE *to, const struct memcg_cost *cost, bool names_group)
{
	char words[VERDICT_MAX];

	fprintf(to, "| %s | ", workload_charge_name(cost->charges));
	report_escape(to, cost->result->label);
	fputs(" | ", to);
	if (names_group) {
		report_escape(to, cost->result->platform);
		fputs(" | ", to);
	} else if (isfinite(cost->result->base_value)) {
		fprintf(to, "%.0f | ", cost->result->base_value);
	} else {
		fputs("– | ", to);
	}
	put_share(to, cost->share);
	fputs(" [", to);
	put_share(to, cost->low);
	fputs(", ", to);
	put_share(to, cost->high);
	fputs("] | ", to);
	put_share(to, cost->result->floor);
	fputs(" | ", to);
	report_escape(to, verdict_text(cost->result, words));
	fputs(" |\n", to);
}

static void put_plain(const struct memcg_costs *costs, FILE *to)
{
	fputs("| charges | operation | root group, ns | a group costs, % [95 %] | floor, "
	      "% | says |\n|---|---|--:|--:|--:|---|\n",
	      to);
	for (size_t i = 0; i < costs->nr; i++)
		if (memcg_cost_is_plain(costs, i))
			put_row(to, &costs->list[i], false);
	fputs("\n", to);
}

static void put_variants(const struct memcg_costs *costs, FILE *to)
{
	fputs("The same operation in other groups, each against the root group in the "
	      "same blocks; neighbours, readers and idle groups are there while either "
	      "side is measured:\n\n| charges | operation | group | costs, % [95 %] | "
	      "floor, % | says |\n|---|---|---|--:|--:|---|\n",
	      to);
	for (size_t i = 0; i < costs->nr; i++)
		if (memcg_cost_is_variant(costs, i))
			put_row(to, &costs->list[i], true);
	fputs("\n", to);
}

/* How many ratios of the controls contain none: what the reader can trust. */
static void put_controls(const struct memcg_costs *costs, FILE *to)
{
	size_t again = 0, again_zero = 0, free = 0, free_zero = 0;

	for (size_t i = 0; i < costs->nr; i++) {
		const struct memcg_cost *cost = &costs->list[i];
		bool zero = cost->low <= 0 && cost->high >= 0;

		if (!cost->result->known)
			continue;
		again += cost->control;
		again_zero += cost->control && zero;
		free += !cost->control && cost->charges == CHARGE_NONE;
		free_zero += !cost->control && cost->charges == CHARGE_NONE && zero;
	}
	fprintf(to,
		"Controls: the root group against itself covers zero in %zu of %zu "
		"cells; "
		"operations that charge nothing cover zero in %zu of %zu.\n\n",
		again_zero, again, free_zero, free);
}

/* What a page costs in a full group more than in one with room, by the MiB. */
static void put_reclaim(const struct memcg_costs *costs, FILE *to)
{
	for (size_t i = 1; i < costs->nr; i++) {
		const struct result *full = costs->list[i].result;
		const struct result *room = costs->list[i - 1].result;

		if (strcmp(full->workload, "cache-fill") != 0 || costs->list[i].control ||
		    full->cell != room->cell || !isfinite(full->value) ||
		    !isfinite(room->value))
			continue;
		fprintf(to,
			"A MiB of page cache takes %.0f µs in a group with room for it "
			"(*%s*) and %.0f µs in a full one (*%s*), where each page is "
			"reclaimed for the next.\n\n",
			room->value * PAGES_OF_MIB / NS_PER_US, room->platform,
			full->value * PAGES_OF_MIB / NS_PER_US, full->platform);
	}
}

static void put_advice(FILE *to)
{
	fputs("What to do about it:\n\n"
	      "- *Pages*: charges are borrowed ahead by the CPU, so depth and limits "
	      "cost "
	      "little. Fault in larger units (huge pages), and keep buffers instead of "
	      "mapping them anew.\n"
	      "- *Kernel objects*: each allocation is charged in bytes, which is where "
	      "most of the cost is. Keep descriptors, connections and processes instead "
	      "of making them anew; `cgroup.memory=nokmem` on the kernel's command line "
	      "takes the cost away, and with it the limit on such memory.\n"
	      "- *Sockets*: version 1 counts TCP buffers only where a limit on them is "
	      "set; leave it unset. Version 2 always counts; `cgroup.memory=nosocket` "
	      "ends that.\n"
	      "- *A baseline* in a shell of a systemd host sits in a group already: a "
	      "comparison from there sees nothing of this. Move it to the root group.\n"
	      "- *Limits*: a group at its limit reclaims for each page it is charged. "
	      "Size the limit above the working set; what it costs to be below is in the "
	      "row of the full group.\n"
	      "- *Two costs* of the same operation are no noise: they follow the bytes "
	      "the group holds. Repeat in fresh groups, not only for longer.\n\n",
	      to);
}

static int write_cost(const struct report *report, FILE *to, struct err *err)
{
	struct memcg_costs costs = {0};
	cleanup(costs) struct memcg_costs *guard = &costs;
	int rc = memcg_costs_make(&report->results, &costs, err);

	(void)guard;
	if (rc || !costs.nr)
		return rc;
	fputs("CPU time of one operation in a group of the memory controller alone, "
	      "against the root group; by what the operation charges. *object* is kernel "
	      "memory: slab objects, stacks, page tables.\n\n",
	      to);
	put_plain(&costs, to);
	report_figure(
		report, "memcg-cost",
		"What a memory cgroup adds to the time of one operation, by what is "
		"charged, with the noise floor",
		to);
	put_controls(&costs, to);
	put_reclaim(&costs, to);
	put_variants(&costs, to);
	report_figure(
		report, "memcg-groups",
		"What a group costs by its depth, limit, neighbours, idle groups and "
		"readers",
		to);
	report_figure(report, "memcg-phase",
		      "Time of one operation by the bytes that its group holds, modulo a "
		      "page",
		      to);
	put_advice(to);
	return 0;
}

/* The dearest plain group that stands out from noise. */
static void answer(const struct report *report, FILE *to)
{
	struct memcg_costs costs = {0};
	cleanup(costs) struct memcg_costs *guard = &costs;
	const struct memcg_cost *most = NULL;
	struct err ignored = {0};

	(void)guard;
	if (memcg_costs_make(&report->results, &costs, &ignored))
		return;
	for (size_t i = 0; i < costs.nr; i++)
		if (memcg_cost_is_plain(&costs, i) && costs.list[i].result->known &&
		    verdict_stands_out(costs.list[i].result) &&
		    (!most || costs.list[i].share > most->share))
			most = &costs.list[i];
	if (!most)
		return;
	fputs("A memory cgroup costs most in *", to);
	report_escape(to, most->result->label);
	fprintf(to, "*: %+.1f %% [%+.1f, %+.1f] CPU time against the root group. ",
		100 * most->share, 100 * most->low, 100 * most->high);
}

const struct report_section report_section_memcg_cost = {
	.chapter = CHAPTER_EFFICIENCY,
	.title = "What the memory cgroup costs",
	.study = "memcg",
	.answer = answer,
	.write = write_cost,
	.figures = {figure_memcg_cost, figure_memcg_groups, figure_memcg_phase},
};
