/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that the kernel uses for a process: charged to its group? limited by itself? */
#include <errno.h>
#include <inttypes.h>

#include "bench/memcg/memcg_behaviour.h"

#define PIPES 64
#define PIPES_BYTES (PIPES * MEMCG_PIPE_BYTES) /* 4 MiB */
#define KMEM_LIMIT_BYTES MIB
#define GROUP_LIMIT_BYTES (8 * MIB)
#define TOO_MANY_PIPES 256 /* 16 MiB */
#define MOST 0.9

MEMCG_EXPERIMENT(kmem_charge)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	cleanup(memcg_actor) struct memcg_actor other = MEMCG_ACTOR_NONE;
	struct memcg_actor *user = context->reversed ? &other : &actor;
	uint64_t before, full, closed;
	double charged, left;
	bool holds;
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	if (!rc)
		rc = memcg_actor_start(context, NULL, 0, &other, err);
	if (!rc)
		rc = memcg_group_kernel(&actor.group, &before, err);
	if (!rc)
		rc = memcg_actor_pipes(user, PIPES, err);
	if (!rc)
		rc = memcg_group_kernel(&actor.group, &full, err);
	if (!rc)
		rc = memcg_actor_pipes(user, 0, err);
	if (!rc)
		rc = memcg_group_kernel(&actor.group, &closed, err);
	if (rc)
		return rc;
	charged = (double)full - (double)before;
	left = (double)closed - (double)before;
	holds = charged >= MOST * PIPES_BYTES && left <= (1 - MOST) * PIPES_BYTES;
	memcg_result_count(result, "pipe_bytes", PIPES_BYTES);
	memcg_result_number(result, "charged_bytes", charged);
	memcg_result_number(result, "left_bytes", left);
	memcg_result_say(
		result, holds ? FINDING_HOLDS : FINDING_FAILS,
		"%d pipes with %.0f MiB in them raised the group's kernel memory "
		"by %.2f MiB; %.2f MiB of that stayed when they were closed.",
		PIPES, IN_MIB(PIPES_BYTES), IN_MIB(charged), IN_MIB(left));
	return 0;
}

/* *ret_stopped: the kernel refused to give that much, or killed for it. */
static int fill(struct memcg_actor *actor, uint64_t pipes, bool *ret_stopped,
		struct err *err)
{
	int rc = memcg_actor_pipes(actor, pipes, err);

	*ret_stopped = rc == -ENOMEM || rc == -ECHILD;
	if (!*ret_stopped)
		return rc;
	err_clear(err);
	return 0;
}

/* Under a limit on all memory. */
static int try_group_limit(struct memcg_context *context, bool *ret_stopped,
			   uint64_t *ret_peak, struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	int rc = memcg_actor_start(context, NULL, GROUP_LIMIT_BYTES, &actor, err);

	if (!rc)
		rc = fill(&actor, TOO_MANY_PIPES, ret_stopped, err);
	return rc ? rc : memcg_group_get(&actor.group, &memcg_peak, NULL, ret_peak, err);
}

/* Under a limit on kernel memory alone. -ENOENT: there is none; -EOPNOTSUPP: some kernels
 * since 5.16 refuse it. */
static int try_limit(struct memcg_context *context, bool *ret_stopped,
		     uint64_t *ret_bytes, struct err *err)
{
	static const struct memcg_knob limit = {"memory.kmem.limit_in_bytes", NULL};
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	uint64_t before = 0, after = 0;
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	if (!rc && !memcg_group_has(&actor.group, &limit))
		return err_fail(err, ENOENT, "this kernel has no such limit");
	if (!rc)
		rc = memcg_group_kernel(&actor.group, &before, err);
	if (!rc)
		rc = memcg_group_set(&actor.group,
				     context->reversed ? &memcg_limit : &limit,
				     before + KMEM_LIMIT_BYTES, err);
	if (!rc)
		rc = fill(&actor, PIPES, ret_stopped, err);
	if (!rc)
		rc = memcg_group_kernel(&actor.group, &after, err);
	if (!rc)
		*ret_bytes = after > before ? after - before : 0;
	return rc;
}

MEMCG_EXPERIMENT(limit_kmem)
{
	uint64_t bytes = 0, peak = 0;
	bool by_group = false, stopped = false;
	char group[160];
	int rc = try_group_limit(context, &by_group, &peak, err);

	if (rc)
		return rc;
	(void)snprintf(group, sizeof(group),
		       "the limit on all memory (%.0f MiB, peak %.1f MiB) %s",
		       IN_MIB(GROUP_LIMIT_BYTES), IN_MIB(peak),
		       by_group ? "stops kernel memory as well"
				: "does not stop kernel memory");
	memcg_result_count(result, "stopped_by_group_limit", by_group);
	memcg_result_count(result, "group_limit_bytes", GROUP_LIMIT_BYTES);
	memcg_result_count(result, "group_peak_bytes", peak);
	rc = try_limit(context, &stopped, &bytes, err);
	if (rc == -ENOENT || rc == -EOPNOTSUPP) {
		err_clear(err);
		memcg_result_say(result, FINDING_FAILS,
				 "This kernel %s limit on kernel memory alone; %s.",
				 rc == -ENOENT ? "has no" : "refuses a", group);
		return 0;
	}
	if (rc)
		return rc;
	memcg_result_count(result, "kmem_limit_bytes", KMEM_LIMIT_BYTES);
	memcg_result_count(result, "kmem_charged_bytes", bytes);
	memcg_result_say(
		result, stopped ? FINDING_HOLDS : FINDING_FAILS,
		"With memory.kmem.limit_in_bytes %.0f MiB above what was in use, "
		"the kernel charged %.1f MiB for full pipes %s; %s.",
		IN_MIB(KMEM_LIMIT_BYTES), IN_MIB(bytes),
		stopped ? "and then refused" : "and refused nothing", group);
	return 0;
}
