/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a container start faster than a guest?  Only the order is asked for. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/results/results.h"
#include "bench/study/start.h"

#define CELL "start, 0 running"

CLEANUP_DEFINE(results, struct results *, results_release)

void start_side_add(struct start_side *side, double low, double high)
{
	bool first = !side->nr++;

	side->least_low = first ? low : fmin(side->least_low, low);
	side->least_high = first ? high : fmin(side->least_high, high);
	side->most_low = first ? low : fmax(side->most_low, low);
	side->most_high = first ? high : fmax(side->most_high, high);
}

enum finding start_order(const struct start_side *containers,
			 const struct start_side *guests)
{
	if (!containers->nr || !guests->nr)
		return FINDING_UNAVAILABLE;
	if (containers->least_low > guests->most_high)
		return FINDING_HOLDS;
	return guests->most_low > containers->least_high ? FINDING_FAILS
							 : FINDING_INCONCLUSIVE;
}

struct sides {
	struct start_side containers, guests;
	bool emulated;
	char text[480];
	json_t *numbers;
};

static const struct place *place_of(const struct start_study *study,
				    const struct result *result)
{
	for (size_t i = 0; i < study->places.nr; i++)
		if (!strcmp(study->places.list[i].platform->name, result->platform))
			return &study->places.list[i];
	return NULL;
}

static void add_platform(struct sides *sides, const struct place *place,
			 const struct result *result)
{
	const struct stats_ratio *stats = &result->stats;
	bool guest = place->platform->driver->own_kernel;
	size_t length = strlen(sides->text);

	start_side_add(guest ? &sides->guests : &sides->containers, stats->low,
		       stats->high);
	sides->emulated |= guest && result->emulated;
	(void)snprintf(sides->text + length, sizeof(sides->text) - length,
		       "%s%.40s%s %.3g (%.3g to %.3g)", length ? ", " : "",
		       result->platform, result->emulated ? " (emulated)" : "",
		       stats->ratio, stats->low, stats->high);
	json_object_set_new(sides->numbers, result->platform,
			    json_pack("{s:f, s:f, s:f, s:b}", "ratio", stats->ratio,
				      "low", stats->low, "high", stats->high, "kernel",
				      guest));
}

static int store(struct start_study *study, const struct sides *sides, struct err *err)
{
	cleanup(free) char *json = json_dumps(sides->numbers, JSON_COMPACT);
	char answer[600];
	const struct store_experiment row = {
		.chapter = "start",
		.name = "talk-start",
		.platform = "",
		.condition = "",
		.emulated = sides->emulated,
		.verdict = start_order(&sides->containers, &sides->guests),
		.answer = answer,
		.procedure =
			"start every platform once in a drawn order and once in its "
			"mirror, block after block; the speed of each start against the "
			"baseline's in the same blocks, 95 % interval; holds when every "
			"interval of a platform on the host's kernel lies above every "
			"one of a platform with a kernel of its own",
		.numbers = json,
		.begin_ns = study->session->begin_ns,
		.end_ns = clock_now_ns(),
	};
	int64_t id;

	(void)snprintf(answer, sizeof(answer), "speed of a start, %s's is 1: %s",
		       study->places.list[0].platform->name, sides->text);
	if (!json)
		return err_fail(err, ENOMEM, "no memory for a finding");
	return store_experiment_add(study->session->store, study->session->run, &row, &id,
				    err);
}

int start_claim_store(struct start_study *study, struct err *err)
{
	struct results results = {0};
	cleanup(results) struct results *guard = &results;
	cleanup(json) json_t *numbers = json_object();
	struct sides sides = {.numbers = numbers};
	int rc = results_load(study->session->store, study->session->run, guard, err);

	for (size_t i = 0; !rc && i < results.nr; i++) {
		const struct result *result = &results.list[i];
		const struct place *place = place_of(study, result);

		if (place && !place->baseline && result->known &&
		    !strcmp(result->label, CELL))
			add_platform(&sides, place, result);
	}
	if (rc || !sides.containers.nr || !sides.guests.nr)
		return rc;
	return store(study, &sides, err);
}
