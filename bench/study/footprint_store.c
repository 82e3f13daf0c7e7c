/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "bench/base/json.h"
#include "bench/study/footprint_json.h"
#include "bench/study/footprint_study.h"

static const char procedure[] =
	"read /proc/meminfo, start instances, read it and the PSS of their processes, "
	"put "
	"them to work, read again, end them, read once more; a reading above the "
	"straight "
	"line from the first to the last, divided by their number; Student's t interval "
	"over steps; the floor is the reach of as many controls in which nothing is "
	"started";

json_t *footprint_json_mean(const struct stats_mean *over, size_t steps, double floor)
{
	return json_pack("{s:o, s:o, s:o, s:i, s:o}", "mean", json_finite(over->mean),
			 "low", json_finite(over->low), "high", json_finite(over->high),
			 "steps", (int)steps, "floor", json_finite(floor));
}

static json_t *roles_json(const struct footprint *footprint)
{
	json_t *root = json_object();

	for (size_t i = 0; i < footprint->role_nr; i++) {
		const struct footprint_role *role = &footprint->roles[i];
		struct stats_mean pss = stats_mean(role->pss, footprint->nr);
		struct stats_mean tables = stats_mean(role->page_tables, footprint->nr);
		double processes = stats_mean(role->processes, footprint->nr).mean;

		json_object_set_new(
			root, role->name,
			json_pack("{s:f, s:o, s:o}", "processes", processes, "pss_bytes",
				  footprint_json_mean(&pss, footprint->nr, NAN),
				  "page_table_bytes",
				  footprint_json_mean(&tables, footprint->nr, NAN)));
	}
	return root;
}

/* Groups times what an empty one costs here. */
static json_t *memcg_json(const struct footprint_study *study,
			  const struct footprint *footprint)
{
	double groups = footprint_mean(footprint, FOOTPRINT_GROUPS).mean;
	const struct stats_mean *each = &study->group_bytes;
	struct stats_mean all = {groups * each->mean, groups * each->low,
				 groups * each->high};

	return footprint_json_mean(&all, footprint->nr, NAN);
}

/* What the host loses beyond the workload's own size. */
static json_t *overhead_json(const struct footprint *footprint,
			     enum footprint_field field, uint64_t work_bytes)
{
	struct stats_mean over = footprint_mean(footprint, field);

	over.mean -= (double)work_bytes;
	over.low -= (double)work_bytes;
	over.high -= (double)work_bytes;
	return footprint_json_mean(&over, footprint->nr,
				   footprint_floor(footprint, field));
}

static char *numbers(const struct footprint_study *study,
		     const struct footprint *footprint, uint64_t work_bytes)
{
	cleanup(json) json_t *root = json_object();

	for (int i = 0; i < FOOTPRINT_NR; i++) {
		enum footprint_field field = (enum footprint_field)i;
		struct stats_mean over = footprint_mean(footprint, field);

		json_object_set_new(
			root, footprint_name(field),
			footprint_json_mean(&over, footprint->nr,
					    footprint_floor(footprint, field)));
	}
	json_object_set_new(root, "memcg_bytes", memcg_json(study, footprint));
	json_object_set_new(root, "processes", roles_json(footprint));
	json_object_set_new(root, "instances",
			    json_integer((int)study->settings->instances));
	if (work_bytes) {
		json_object_set_new(root, "work_bytes",
				    json_integer((json_int_t)work_bytes));
		json_object_set_new(root, "overhead_pss_bytes",
				    overhead_json(footprint, FOOTPRINT_PSS, work_bytes));
		json_object_set_new(root, "overhead_used_bytes",
				    overhead_json(footprint, FOOTPRINT_USED, work_bytes));
	}
	return json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
}

/* "agent 1.20, LXC monitor 0.85 MiB" */
static void list_roles(const struct footprint *footprint, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < footprint->role_nr && used < size; i++) {
		const struct footprint_role *role = &footprint->roles[i];
		double pss = stats_mean(role->pss, footprint->nr).mean;

		used += (size_t)snprintf(text + used, size - used, "%s%s %.2f",
					 i ? ", " : "", role->name, pss / 1048576);
	}
}

static int store_state(struct footprint_study *study, size_t place,
		       const struct footprint *footprint, uint64_t work_bytes,
		       struct err *err)
{
	const struct place *at = &study->places.list[place];
	cleanup(free) char *json = numbers(study, footprint, work_bytes);
	struct stats_mean pss = footprint_mean(footprint, FOOTPRINT_PSS);
	struct stats_mean used = footprint_mean(footprint, FOOTPRINT_USED);
	char answer[400], words[2][FOOTPRINT_WORDS_MAX], roles[160], condition[64] = "";
	struct store_experiment row = {.name = work_bytes ? "working" : "idle",
				       .platform = at->platform->name,
				       .condition = condition,
				       .emulated = at->probe.state == EMULATED,
				       .verdict = FINDING_INCONCLUSIVE,
				       .procedure = procedure,
				       .answer = answer,
				       .numbers = json};
	int64_t id;

	if (!json)
		return err_fail(err, ENOMEM, "no memory for a footprint");
	if (work_bytes)
		(void)snprintf(condition, sizeof(condition), "%llu MiB touched",
			       (unsigned long long)(work_bytes >> 20));
	list_roles(footprint, roles, sizeof(roles));
	(void)snprintf(answer, sizeof(answer),
		       "PSS of its processes %s (%s MiB); fall of available memory %s",
		       footprint_words(&pss, NAN, words[0]), roles,
		       footprint_words(&used, footprint_floor(footprint, FOOTPRINT_USED),
				       words[1]));
	return footprint_add_finding(study, &row, &id, err);
}

static int store_failure(struct footprint_study *study, size_t place, struct err *err)
{
	struct store_experiment row = {
		.name = "idle",
		.platform = study->places.list[place].platform->name,
		.emulated = study->places.list[place].probe.state == EMULATED,
		.verdict = FINDING_UNAVAILABLE,
		.procedure = procedure,
		.answer = study->state[place].failed};
	int64_t id;

	return footprint_add_finding(study, &row, &id, err);
}

int footprint_store(struct footprint_study *study, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++) {
		const struct footprint_place *state = &study->state[i];

		if (!state->idle.nr) {
			rc = store_failure(study, i, err);
			continue;
		}
		rc = store_state(study, i, &state->idle, 0, err);
		if (!rc)
			rc = store_state(study, i, &state->working,
					 study->settings->touch_bytes, err);
	}
	return rc;
}
