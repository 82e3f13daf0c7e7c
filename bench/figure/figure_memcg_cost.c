/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "bench/figure/figure.h"
#include "bench/figure/figure_memcg.h"

CLEANUP_DEFINE(costs, struct memcg_costs *, memcg_costs_release)

static size_t groups_of(const struct memcg_costs *costs, size_t i, size_t *ret_before)
{
	size_t nr = 0;

	*ret_before = 0;
	for (size_t j = 0; j < costs->nr; j++) {
		if (costs->list[j].control ||
		    costs->list[j].result->cell != costs->list[i].result->cell)
			continue;
		nr++;
		*ret_before += j < i;
	}
	return nr;
}

bool memcg_cost_is_plain(const struct memcg_costs *costs, size_t i)
{
	size_t before;

	return !costs->list[i].control && groups_of(costs, i, &before) && !before;
}

bool memcg_cost_is_variant(const struct memcg_costs *costs, size_t i)
{
	size_t before;

	return !costs->list[i].control && groups_of(costs, i, &before) > 1;
}

static void put_point(FILE *to, const struct memcg_cost *cost, const char *name)
{
	const struct result *result = cost->result;

	figure_text(to, name);
	fprintf(to, " %.3f %.3f %.3f %.3f %d\n", 100 * cost->share, 100 * cost->low,
		100 * cost->high, isfinite(result->floor) ? 100 * result->floor : 0.0,
		(int)cost->charges);
}

/* One line for each ratio that `wanted` wants, then the figure. */
static int draw(const struct report *report, const char *name,
		bool (*wanted)(const struct memcg_costs *costs, size_t i), bool groups,
		struct err *err)
{
	struct memcg_costs costs = {0};
	cleanup(costs) struct memcg_costs *guard = &costs;
	char label[200], count[16];
	const char *const words[] = {
		count,
		groups ? "The same operation in other groups, and with more around them"
		       : "What a memory cgroup adds to the time of one operation",
		NULL};
	FILE *to = NULL;
	size_t nr = 0;
	int rc = memcg_costs_make(&report->results, &costs, err);

	(void)guard;
	if (!rc)
		rc = figure_data(report, name, &to, err);
	for (size_t i = 0; !rc && i < costs.nr; i++) {
		const struct memcg_cost *cost = &costs.list[i];

		if (!wanted(&costs, i) || !cost->result->known)
			continue;
		(void)snprintf(label, sizeof(label), "%s%s%s", cost->result->label,
			       groups ? ", " : "", groups ? cost->result->platform : "");
		put_point(to, cost, label);
		nr++;
	}
	if (rc || !nr) {
		if (to)
			(void)fclose(to);
		return rc;
	}
	(void)snprintf(count, sizeof(count), "%zu", nr);
	return figure_draw(report, "memcg-cost", name, to, words, err);
}

int figure_memcg_cost(const struct report *report, struct err *err)
{
	return draw(report, "memcg-cost", memcg_cost_is_plain, false, err);
}

int figure_memcg_groups(const struct report *report, struct err *err)
{
	return draw(report, "memcg-groups", memcg_cost_is_variant, true, err);
}
