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

enum finding start_order_bounded(const struct start_side *containers,
				 const struct start_side *guests,
				 const struct start_side *bounds)
{
	enum finding whole = start_order(containers, guests);
	enum finding before = start_order(containers, bounds);

	if (before ==
	    FINDING_FAILS) /* by a part of a start that may be as long as it is */
		before = FINDING_INCONCLUSIVE;
	if (whole == FINDING_UNAVAILABLE || whole == before)
		return before;
	return whole == FINDING_FAILS ? FINDING_FAILS : FINDING_INCONCLUSIVE;
}

/* Guests whose whole start counts; bounds of those that are emulated, by either
 * accelerator. */
struct sides {
	struct start_side containers, guests, bounds[2];
	bool emulated;
	char text[640];
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

static const struct start_bound *bound_of(const struct start_study *study,
					  const struct result *result)
{
	for (size_t i = 0; i < study->bound_nr; i++)
		if (!strcmp(study->bounds[i].name, result->platform))
			return &study->bounds[i];
	return NULL;
}

static void say(struct sides *sides, const struct result *result, bool kernel)
{
	const struct stats_ratio *stats = &result->stats;
	size_t length = strlen(sides->text);

	(void)snprintf(sides->text + length, sizeof(sides->text) - length,
		       "%s%.40s%s %.3g (%.3g to %.3g)", length ? ", " : "",
		       result->platform, result->emulated ? " (emulated)" : "",
		       stats->ratio, stats->low, stats->high);
	json_object_set_new(sides->numbers, result->platform,
			    json_pack("{s:f, s:f, s:f, s:b, s:b}", "ratio", stats->ratio,
				      "low", stats->low, "high", stats->high, "kernel",
				      kernel, "emulated", result->emulated));
}

static void add_platform(struct sides *sides, const struct place *place,
			 const struct result *result)
{
	bool guest = place->platform->driver->own_kernel;
	const struct stats_ratio *stats = &result->stats;

	say(sides, result, guest);
	sides->emulated |= guest && result->emulated;
	if (!guest || !result->emulated)
		start_side_add(guest ? &sides->guests : &sides->containers, stats->low,
			       stats->high);
}

static void add_bound(struct sides *sides, const struct start_bound *bound,
		      const struct result *result)
{
	say(sides, result, true);
	start_side_add(&sides->bounds[bound->hardware], result->stats.low,
		       result->stats.high);
}

static void add_result(struct start_study *study, struct sides *sides,
		       const struct result *result)
{
	const struct place *place = place_of(study, result);
	const struct start_bound *bound = bound_of(study, result);

	if (!result->known || strcmp(result->label, CELL) != 0)
		return;
	if (bound)
		add_bound(sides, bound, result);
	else if (place && !place->baseline)
		add_platform(sides, place, result);
}

/* By the accelerator that the claim is about, where it is. */
static const struct start_side *bound_side(const struct sides *sides)
{
	return &sides->bounds[sides->bounds[true].nr > 0];
}

static const char answer_bounded[] =
	"speed of a start, %s's is 1: %s. The guests' whole start is emulated and "
	"decides "
	"nothing; a set-up ends before the first instruction of the guest's kernel, is "
	"not "
	"emulated and bounds the start from below, whatever runs the guest; firmware, "
	"kernel and init, which come on top, are not bounded%s";

static void write_answer(const struct start_study *study, const struct sides *sides,
			 char *to, size_t size)
{
	const char *baseline = study->places.list[0].platform->name;

	if (!sides->emulated)
		(void)snprintf(to, size, "speed of a start, %s's is 1: %s", baseline,
			       sides->text);
	else
		(void)snprintf(to, size, answer_bounded, baseline, sides->text,
			       sides->bounds[true].nr
				       ? ""
				       : "; the hardware's accelerator is not here, and "
					 "emulation sets up other things");
}

static int store(struct start_study *study, const struct sides *sides, struct err *err)
{
	cleanup(free) char *json = json_dumps(sides->numbers, JSON_COMPACT);
	const struct start_side *bounds = bound_side(sides);
	char answer[1200];
	const struct store_experiment row = {
		.chapter = "start",
		.name = "talk-start",
		.platform = "",
		.condition = "",
		/* what the verdict rests on */
		.emulated = sides->emulated && !bounds->nr,
		.verdict = sides->emulated
				   ? start_order_bounded(&sides->containers,
							 &sides->guests, bounds)
				   : start_order(&sides->containers, &sides->guests),
		.answer = answer,
		.procedure =
			"start every platform once in a drawn order and once in its "
			"mirror, block after block; the speed of each start against the "
			"baseline's in the same blocks, 95 % interval; holds when every "
			"interval of a platform on the host's kernel lies above every "
			"one of a platform with a kernel of its own. In the place of an "
			"emulated guest: what comes before the first instruction of its "
			"kernel (QEMU with -S, from the fork to the monitor's answer), "
			"with the hardware's accelerator where it is; no order in "
			"which a guest is faster can be found so",
		.numbers = json,
		.begin_ns = study->session->begin_ns,
		.end_ns = clock_now_ns(),
	};
	int64_t id;

	write_answer(study, sides, answer, sizeof(answer));
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

	for (size_t i = 0; !rc && i < results.nr; i++)
		add_result(study, &sides, &results.list[i]);
	if (rc || !sides.containers.nr || (!sides.guests.nr && !sides.emulated))
		return rc;
	return store(study, &sides, err);
}
