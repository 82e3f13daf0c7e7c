/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process needs more than its group may have: who is killed. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>

#include "bench/memcg/memcg_behaviour.h"

#define LIMIT_BYTES (32 * MIB)
#define WANTED_BYTES (64 * MIB)
#define SMALL_BYTES MIB
#define OUTSIDE_BYTES (16 * MIB)

struct cast {
	struct memcg_actor inside, outside; /* two groups; inside: the one that wants */
	struct memcg_child small;	    /* in the same group */
};

static void cleanup_cast(struct cast *cast)
{
	(void)memcg_child_end(&cast->small);
	cleanup_memcg_actor(&cast->inside);
	cleanup_memcg_actor(&cast->outside);
}

static int allocate_small(struct cast *cast, struct err *err)
{
	const struct memcg_order map = {MEMCG_MAP, SMALL_BYTES, 0, ""};
	const struct memcg_order touch = {MEMCG_TOUCH, 0, SMALL_BYTES / 4096, ""};
	int rc = memcg_child_tell(&cast->small, &map, NULL, err);

	return rc ? rc : memcg_child_tell(&cast->small, &touch, NULL, err);
}

static int begin(struct memcg_context *context, struct cast *cast, struct err *err)
{
	int rc = memcg_actor_start(context, NULL, context->reversed ? 0 : LIMIT_BYTES,
				   &cast->inside, err);

	if (!rc)
		rc = memcg_actor_start(context, NULL, 0, &cast->outside, err);
	if (!rc)
		rc = memcg_child_start(&cast->inside.group, &cast->small, err);
	if (!rc)
		rc = allocate_small(cast, err);
	return rc ? rc : memcg_actor_allocate(&cast->outside, OUTSIDE_BYTES, err);
}

static bool is_alive(struct memcg_child *child)
{
	return !memcg_child_tell(child, &(struct memcg_order){MEMCG_MAP, 0, 0, ""}, NULL,
				 &(struct err){0});
}

static int judge(struct cast *cast, struct memcg_result *result, struct err *err)
{
	bool small = is_alive(&cast->small), outside = is_alive(&cast->outside.child);
	uint64_t peak = 0, kills = 0, others = 0;
	bool killed = memcg_child_end(&cast->inside.child) == SIGKILL, holds;
	int rc = memcg_group_get(&cast->inside.group, &memcg_peak, NULL, &peak, err);

	if (!rc)
		rc = memcg_group_oom_kills(&cast->inside.group, &kills, err);
	if (!rc)
		rc = memcg_group_oom_kills(&cast->outside.group, &others, err);
	if (rc)
		return rc;
	/* its end by our own hand is no kill of the kernel's: the count decides */
	killed = killed && kills == 1;
	holds = killed && small && outside && !others && peak <= LIMIT_BYTES;
	memcg_result_count(result, "limit_bytes", LIMIT_BYTES);
	memcg_result_count(result, "wanted_bytes", WANTED_BYTES);
	memcg_result_count(result, "peak_bytes", peak);
	memcg_result_count(result, "oom_kills", kills);
	memcg_result_count(result, "oom_kills_outside", others);
	memcg_result_say(
		result, holds ? FINDING_HOLDS : FINDING_FAILS,
		"The process that wanted %.0f MiB in a group of %.0f MiB was %s "
		"(oom_kill %" PRIu64 ", peak %.1f MiB); the small one beside it %s, "
		"the one in another group %s (oom_kill %" PRIu64 ").",
		IN_MIB(WANTED_BYTES), IN_MIB(LIMIT_BYTES),
		killed ? "killed" : "not killed", kills, IN_MIB(peak),
		small ? "lived on" : "died", outside ? "lived on" : "died", others);
	return 0;
}

MEMCG_EXPERIMENT(oom)
{
	cleanup(cast) struct cast cast = {.inside = MEMCG_ACTOR_NONE,
					  .outside = MEMCG_ACTOR_NONE,
					  .small = {.fd = -1}};
	int rc = begin(context, &cast, err);

	if (rc)
		return rc;
	rc = memcg_actor_allocate(&cast.inside, WANTED_BYTES, err);
	if (rc && rc != -ECHILD) /* killed is what it is about */
		return rc;
	err_clear(err);
	return judge(&cast, result, err);
}
