/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_cost.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"

#define CHARGE_NR 4
/* In the order that they are shown. */
static const enum workload_charge order[CHARGE_NR] = {CHARGE_PAGE, CHARGE_OBJECT,
						      CHARGE_SOCKET, CHARGE_NONE};

static enum workload_charge charge_of(const struct result *result)
{
	cleanup(json) json_t *parameters = json_loads(result->parameters, 0, NULL);
	const char *name = json_string_value(json_object_get(parameters, "charges"));

	for (size_t i = 0; name && i < CHARGE_NR; i++)
		if (!strcmp(name, workload_charge_name(order[i])))
			return order[i];
	return CHARGE_NONE;
}

static bool is_of_study(const struct result *result)
{
	return !strcmp(result->family, workload_family_name(FAMILY_MEMCG)) &&
	       (!strcmp(result->role, arm_role_name(ROLE_PLATFORM)) ||
		!strcmp(result->role, arm_role_name(ROLE_AA)));
}

/* A ratio of performance as a share of time: its bounds change places. */
static struct memcg_cost make_cost(const struct result *result)
{
	const struct stats_ratio *stats = &result->stats;

	return (struct memcg_cost){
		.result = result,
		.charges = charge_of(result),
		.control = strcmp(result->role, arm_role_name(ROLE_PLATFORM)) != 0,
		.share = result->known ? 1 / stats->ratio - 1 : NAN,
		.low = result->known ? 1 / stats->high - 1 : NAN,
		.high = result->known ? 1 / stats->low - 1 : NAN,
	};
}

int memcg_costs_make(const struct results *results, struct memcg_costs *ret,
		     struct err *err)
{
	struct memcg_cost *list = calloc(results->nr + 1, sizeof(*list));
	size_t nr = 0;

	if (!list)
		return err_fail(err, ENOMEM, "no memory for the study's costs");
	for (size_t charge = 0; charge < CHARGE_NR; charge++)
		for (size_t i = 0; i < results->nr; i++)
			if (is_of_study(&results->list[i]) &&
			    charge_of(&results->list[i]) == order[charge])
				list[nr++] = make_cost(&results->list[i]);
	*ret = (struct memcg_costs){.list = list, .nr = nr};
	return 0;
}

void memcg_costs_release(struct memcg_costs *costs)
{
	free(costs->list);
	*costs = (struct memcg_costs){0};
}
