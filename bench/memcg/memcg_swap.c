/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limit on swap (version 2) or on memory and swap together (version 1). */
#include <errno.h>

#include "bench/memcg/memcg_swapfile.h"
#include "bench/memcg/memcg_behaviour.h"

#define MEMORY_BYTES (32 * MIB)
#define SWAP_BYTES (16 * MIB)	  /* that the limits leave */
#define FITS_BYTES (40 * MIB)	  /* more than memory, less than both */
#define TOO_MUCH_BYTES (72 * MIB) /* more than both */
#define FILE_BYTES (64 * MIB)

static const struct memcg_knob swap_usage = {"memory.memsw.usage_in_bytes",
					     "memory.swap.current"};

static int begin(struct memcg_context *context, struct memcg_actor *actor,
		 struct err *err)
{
	uint64_t swap = context->reversed ? FILE_BYTES : SWAP_BYTES;
	uint64_t limit = context->unified ? swap : MEMORY_BYTES + swap;
	int rc = memcg_actor_start(context, NULL, MEMORY_BYTES, actor, err);

	return rc ? rc : memcg_group_set(&actor->group, &memcg_swap_limit, limit, err);
}

static int swapped(const struct memcg_group *group, uint64_t *ret_bytes, struct err *err)
{
	uint64_t both, memory = 0;
	int rc = memcg_group_get(group, &swap_usage, NULL, &both, err);

	if (!rc && !group->context->unified)
		rc = memcg_group_usage(group, &memory, err);
	if (!rc)
		*ret_bytes = both > memory ? both - memory : 0;
	return rc;
}

/* *ret_lived: it got what it wanted. */
static int want(struct memcg_context *context, uint64_t bytes, bool *ret_lived,
		uint64_t *ret_swapped, struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	int rc = begin(context, &actor, err);

	if (rc)
		return rc;
	rc = memcg_actor_allocate(&actor, bytes, err);
	*ret_lived = !rc;
	if (rc && rc != -ECHILD) /* killed is an answer */
		return rc;
	err_clear(err);
	return swapped(&actor.group, ret_swapped, err);
}

static bool has_limit(struct memcg_context *context, struct err *err)
{
	cleanup(memcg_group) struct memcg_group group = {0};

	return !memcg_group_make(context, NULL, MEMORY_BYTES, &group, err) &&
	       memcg_group_has(&group, &memcg_swap_limit);
}

MEMCG_EXPERIMENT(limit_swap)
{
	cleanup(memcg_swapfile) struct memcg_swapfile swapfile = {.on = false};
	uint64_t used = 0, used_then = 0;
	bool fits = false, too_much = false;
	int rc;

	if (!has_limit(context, err)) {
		memcg_result_say(result, FINDING_UNAVAILABLE,
				 "This kernel keeps no account of swap; boot with "
				 "swapaccount=1.");
		return 0;
	}
	rc = memcg_swapfile_make(context, FILE_BYTES, &swapfile, err);
	if (rc == -ENOTSUP) {
		memcg_result_say(result, FINDING_UNAVAILABLE, "%s", err->text);
		err_clear(err);
		return 0;
	}
	if (!rc)
		rc = want(context, FITS_BYTES, &fits, &used, err);
	if (!rc)
		rc = want(context, TOO_MUCH_BYTES, &too_much, &used_then, err);
	if (rc)
		return rc;
	memcg_result_count(result, "memory_limit_bytes", MEMORY_BYTES);
	memcg_result_count(result, "swap_limit_bytes", SWAP_BYTES);
	memcg_result_count(result, "fitting_swapped_bytes", used);
	memcg_result_count(result, "fitting_lived", fits);
	memcg_result_count(result, "excess_lived", too_much);
	memcg_result_say(
		result, fits && used && !too_much ? FINDING_HOLDS : FINDING_FAILS,
		"With %.0f MiB of memory and %.0f MiB of swap allowed, a process that "
		"wanted %.0f MiB %s (%.1f MiB swapped out), and one that wanted %.0f MiB "
		"%s.",
		IN_MIB(MEMORY_BYTES), IN_MIB(SWAP_BYTES), IN_MIB(FITS_BYTES),
		fits ? "got them" : "was killed", IN_MIB(used), IN_MIB(TOO_MUCH_BYTES),
		too_much ? "got them as well" : "was killed");
	return 0;
}
