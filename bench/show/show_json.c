/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "bench/base/json.h"
#include "bench/base/output.h"
#include "bench/show/show.h"
#include "bench/results/verdict.h"

static json_t *outcomes_json(const struct result *result)
{
	json_t *object = json_object();

	for (int i = 0; i < OUTCOME_NR; i++)
		json_object_set_new(object, outcome_name((enum outcome)i),
				    json_integer((json_int_t)result->outcomes[i]));
	return object;
}

static json_t *cell_json(const struct result *result)
{
	json_t *cell = json_loads(result->parameters, 0, NULL);

	if (!cell)
		cell = json_object();
	json_object_set_new(cell, "label", json_string(result->label));
	return cell;
}

static void add_ratio(json_t *object, bool known, const struct stats_ratio *stats)
{
	json_object_set_new(object, "ratio", json_known(known, stats->ratio));
	json_object_set_new(object, "low", json_known(known, stats->low));
	json_object_set_new(object, "high", json_known(known, stats->high));
}

static json_t *ratio_json(const struct result *result)
{
	char verdict[VERDICT_MAX];
	json_t *object = json_object(), *wall = json_object(), *cached = json_object();

	json_object_set_new(object, "workload", json_string(result->workload));
	json_object_set_new(object, "label", json_string(result->label));
	json_object_set_new(object, "platform", json_string(result->platform));
	json_object_set_new(object, "path", json_string(result->path));
	json_object_set_new(object, "role", json_string(result->role));
	json_object_set_new(object, "metric", json_string(result->metric));
	json_object_set_new(object, "unit", json_string(result->unit));
	json_object_set_new(object, "emulated", json_boolean(result->emulated));
	json_object_set_new(object, "injected", json_real(result->injected));
	add_ratio(object, result->known, &result->stats);
	json_object_set_new(object, "floor",
			    json_known(true, result->floor)); /* NaN becomes null */
	json_object_set_new(object, "blocks",
			    json_integer((json_int_t)result->stats.blocks));
	json_object_set_new(object, "epochs",
			    json_integer((json_int_t)result->stats.epochs));
	json_object_set_new(object, "blocks_left_out",
			    json_integer((json_int_t)result->left_out));
	json_object_set_new(object, "samples", json_integer((json_int_t)result->samples));
	json_object_set_new(object, "base_value", json_known(true, result->base_value));
	json_object_set_new(object, "value", json_known(true, result->value));
	json_object_set_new(object, "precision", json_real(result->precision));
	json_object_set_new(object, "met", json_boolean(verdict_met(result)));
	json_object_set_new(object, "verdict",
			    json_string(verdict_text(result, verdict)));
	add_ratio(wall, result->wall_known, &result->wall);
	add_ratio(cached, result->cached_known, &result->cached);
	json_object_set_new(cached, "value", json_known(true, result->cached_value));
	json_object_set_new(object, "wall", wall);
	json_object_set_new(object, "cached", cached);
	json_object_set_new(object, "blocks_disturbed",
			    json_integer((json_int_t)result->disturbed));
	json_object_set_new(object, "outcomes", outcomes_json(result));
	json_object_set_new(object, "cell", cell_json(result));
	return object;
}

int show_json(struct store *store, const struct results *results, struct err *err)
{
	cleanup(json) json_t *root = json_object();
	json_t *ratios = json_array(), *cost = json_array();
	int rc = show_run_json(store, results->run, root, err);

	json_object_set_new(root, "ratios", ratios);
	json_object_set_new(root, "cost_per_io", cost);
	for (size_t i = 0; i < results->nr; i++)
		if (strcmp(results->list[i].role, arm_role_name(ROLE_BASELINE)))
			json_array_append_new(ratios, ratio_json(&results->list[i]));
	if (!rc)
		rc = show_cost_json(store, results->run, cost, err);
	if (!rc)
		rc = show_platforms_json(store, results->run, root, err);
	if (!rc)
		rc = show_starts_json(store, results->run, root, err);
	if (!rc)
		rc = show_experiments_json(store, results->run, root, err);
	return rc ? rc : output_json(root, stdout, err);
}
