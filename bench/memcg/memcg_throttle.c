/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.high (version 1: the soft limit): is whoever exceeds it slowed down? */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/memcg/memcg_behaviour.h"

#define HIGH_BYTES (16 * MIB)
#define WANTED_BYTES (24 * MIB)
#define STEP_BYTES (256ull << 10)
#define STEP_TIMEOUT_NS (10 * NS_PER_S)
#define ALL_TIMEOUT_NS (15 * NS_PER_S)
#define SLOWER 10 /* times */
/* where "below" ends: what the process itself holds is charged as well */
#define BELOW_BYTES (HIGH_BYTES - 2 * MIB)

static const struct memcg_knob high = {"memory.soft_limit_in_bytes", "memory.high"};

#define STEPS (WANTED_BYTES / STEP_BYTES)

struct pace {
	double below_ms[STEPS], above_ms[STEPS];
	size_t below_nr, above_nr;
};

/* 1: it got no further. */
static int step(struct memcg_actor *actor, uint64_t at, uint64_t *ret_ns, struct err *err)
{
	uint64_t page = actor->group.context->page_bytes, begin_ns = clock_now_ns();
	const struct memcg_order touch = {MEMCG_TOUCH, at / page, STEP_BYTES / page, ""};
	int rc = memcg_child_send(&actor->child, &touch, err);

	if (!rc)
		rc = memcg_child_await(&actor->child, STEP_TIMEOUT_NS, NULL, err);
	*ret_ns = clock_now_ns() - begin_ns;
	if (rc == -ETIMEDOUT) {
		err_clear(err);
		return 1;
	}
	return rc;
}

static int climb(struct memcg_actor *actor, struct pace *pace,
		 struct memcg_result *result, struct err *err)
{
	const struct memcg_order map = {MEMCG_MAP, WANTED_BYTES, 0, ""};
	uint64_t begin_ns = clock_now_ns();
	int rc = memcg_child_tell(&actor->child, &map, NULL, err);

	for (uint64_t at = 0;
	     !rc && at < WANTED_BYTES && clock_now_ns() - begin_ns < ALL_TIMEOUT_NS;
	     at += STEP_BYTES) {
		uint64_t ns;
		int point;

		rc = step(actor, at, &ns, err);
		if (rc < 0)
			return rc;
		if (at + STEP_BYTES <= BELOW_BYTES) {
			pace->below_ms[pace->below_nr++] = (double)ns / NS_PER_MS;
		} else if (at >= HIGH_BYTES) {
			pace->above_ms[pace->above_nr++] = (double)ns / NS_PER_MS;
		}
		point = memcg_result_point(result, high.v2, IN_MIB(at + STEP_BYTES),
					   (double)ns / NS_PER_MS, err);
		rc = point ? point : rc;
	}
	return rc < 0 ? rc : 0;
}

enum finding memcg_throttle_judge(double below_ms, double above_ms, uint64_t events,
				  bool counts_events)
{
	bool slow = above_ms > below_ms * SLOWER && (events || !counts_events);

	return slow ? FINDING_HOLDS : FINDING_FAILS;
}

/* Medians: a step that the host held up is not the group's doing. */
static void judge(const struct memcg_actor *actor, struct pace *pace, uint64_t events,
		  struct memcg_result *result)
{
	bool unified = actor->group.context->unified;
	double below = memcg_median(pace->below_ms, pace->below_nr);
	double above = memcg_median(pace->above_ms, pace->above_nr);

	memcg_result_count(result, "high_bytes", HIGH_BYTES);
	memcg_result_number(result, "below_ms_per_step", below);
	memcg_result_number(result, "above_ms_per_step", above);
	memcg_result_count(result, "step_bytes", STEP_BYTES);
	memcg_result_count(result, "steps_above", pace->above_nr);
	if (unified)
		memcg_result_count(result, "high_events", events);
	memcg_result_say(
		result, memcg_throttle_judge(below, above, events, unified),
		"256 KiB more took %.4g ms below %s of %.0f MiB and %.4g ms above "
		"it (medians, n = %zu and %zu)%s.",
		below, unified ? high.v2 : high.v1, IN_MIB(HIGH_BYTES), above,
		pace->below_nr, pace->above_nr,
		unified ? "" : "; version 1 has no memory.high");
	if (unified)
		(void)snprintf(strrchr(result->answer, '.'), 40,
			       ", %" PRIu64 " high events.", events);
}

MEMCG_EXPERIMENT(throttle)
{
	static const struct memcg_knob events = {NULL, "memory.events"};
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	struct pace pace = {.below_nr = 0};
	uint64_t high_events = 0;
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	if (!rc && !context->reversed)
		rc = memcg_group_set(&actor.group, &high, HIGH_BYTES, err);
	if (!rc)
		rc = climb(&actor, &pace, result, err);
	if (!rc && context->unified)
		rc = memcg_group_get(&actor.group, &events, "high", &high_events, err);
	if (!rc && (!pace.below_nr || !pace.above_nr))
		rc = err_fail(err, ETIMEDOUT, "it got no further than %zu steps",
			      pace.below_nr);
	if (!rc)
		judge(&actor, &pace, high_events, result);
	return rc;
}
