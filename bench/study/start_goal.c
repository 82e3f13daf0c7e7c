/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a start as quick as by what a user would type instead of us? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/results/results.h"
#include "bench/study/start.h"

CLEANUP_DEFINE(results, struct results *, results_release)

enum finding start_goal(double low, double high, double goal)
{
	if (1 / low <= goal)
		return FINDING_HOLDS;
	return 1 / high > goal ? FINDING_FAILS : FINDING_INCONCLUSIVE;
}

static const char *words_of(enum finding finding)
{
	static const char *const words[] = {[FINDING_HOLDS] = "goal held",
					    [FINDING_FAILS] = "goal not held",
					    [FINDING_INCONCLUSIVE] = "undecided",
					    [FINDING_UNAVAILABLE] = "no ratio"};

	return words[finding];
}

static int store_goal(struct start_study *study, const struct place *place,
		      const struct result *result, struct err *err)
{
	const struct driver *driver = place->platform->driver;
	const struct stats_ratio *stats = &result->stats;
	double goal = driver->tool_goal;
	cleanup(json) json_t *numbers =
		json_pack("{s:f, s:f, s:f, s:f, s:I}", "goal", goal, "times",
			  1 / stats->ratio, "low", 1 / stats->high, "high",
			  1 / stats->low, "blocks", (json_int_t)stats->blocks);
	cleanup(free) char *json = numbers ? json_dumps(numbers, JSON_COMPACT) : NULL;
	char name[64], answer[240];
	const struct store_experiment row = {
		.chapter = "start",
		.name = name,
		.platform = place->platform->name,
		.condition = "",
		.emulated = result->emulated,
		.verdict = start_goal(stats->low, stats->high, goal),
		.answer = answer,
		.procedure = "start both once in a drawn order and once in its mirror, "
			     "block after block; how many times as long as the tool's a "
			     "start takes, 95 % interval; held when all of the interval "
			     "is at most the goal, not held when none of it is",
		.numbers = json,
		.begin_ns = study->session->begin_ns,
		.end_ns = clock_now_ns(),
	};
	int64_t id;

	if (!json)
		return err_fail(err, ENOMEM, "no memory for a finding");
	(void)snprintf(name, sizeof(name), "goal against %.40s", driver->tool->name);
	(void)snprintf(answer, sizeof(answer),
		       "%s: a start takes %.3g times as long as by %.40s (95 %% interval "
		       "%.3g to %.3g, %zu blocks), at most %.3g is wanted",
		       words_of(row.verdict), 1 / stats->ratio, driver->tool->name,
		       1 / stats->high, 1 / stats->low, stats->blocks, goal);
	return store_experiment_add(study->session->store, study->session->run, &row, &id,
				    err);
}

static bool is_against(const struct result *result, const struct place *place)
{
	char label[96];

	(void)snprintf(label, sizeof(label), START_TOOL_LABEL ", 0 running",
		       place->platform->name, place->platform->driver->tool->name);
	return result->known && !strncmp(result->label, "start ", 6) &&
	       !strcmp(result->label + 6, label) &&
	       !strcmp(result->platform, place->platform->name);
}

int start_goals_store(struct start_study *study, struct err *err)
{
	struct results results = {0};
	cleanup(results) struct results *guard = &results;
	int rc = results_load(study->session->store, study->session->run, guard, err);

	for (size_t i = 0; !rc && i < study->places.nr; i++) {
		const struct place *place = &study->places.list[i];

		if (!place->platform->driver->tool || !place->platform->driver->tool_goal)
			continue;
		for (size_t j = 0; !rc && j < results.nr; j++)
			if (is_against(&results.list[j], place))
				rc = store_goal(study, place, &results.list[j], err);
	}
	return rc;
}
