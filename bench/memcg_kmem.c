/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that the kernel uses for a process: charged to its group? limited by itself? */
#include <errno.h>
#include <inttypes.h>

#include "memcg_behaviour.h"

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

/* Is kernel memory stopped by the limit on all memory? 1: yes, 0: no. */
static int is_stopped_by_group(struct memcg_context *context, uint64_t *ret_peak,
			       struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	struct err met = {0};
	int rc = memcg_actor_start(context, NULL, GROUP_LIMIT_BYTES, &actor, err);
	int stopped;

	if (rc)
		return rc;
	stopped = memcg_actor_pipes(&actor, TOO_MANY_PIPES, &met);
	if (stopped == -EINTR)
		return err_fail(err, EINTR, "%s", met.text);
	rc = memcg_group_get(&actor.group, &memcg_peak, NULL, ret_peak, err);
	return rc ? rc : stopped == -ENOMEM || stopped == -ECHILD;
}

/* Fills pipes under a limit on kernel memory alone. *ret_stopped: that stopped it.
 * -EOPNOTSUPP: some kernels since 5.16 refuse the limit. */
static int try_limit(struct memcg_actor *actor, const struct memcg_knob *limit,
		     bool *ret_stopped, uint64_t *ret_bytes, struct err *err)
{
	static const struct memcg_knob read_back = {"memory.kmem.limit_in_bytes", NULL};
	struct err met = {0};
	uint64_t before, got = 0;
	int rc = memcg_group_kernel(&actor->group, &before, err);

	if (!rc)
		rc = memcg_group_set(&actor->group,
				     actor->group.context->reversed ? &memcg_limit
								    : limit,
				     before + KMEM_LIMIT_BYTES, err);
	if (!rc)
		rc = memcg_group_get(&actor->group, &read_back, NULL, &got, err);
	if (rc)
		return rc;
	rc = memcg_actor_pipes(actor, PIPES, &met);
	if (rc == -EINTR)
		return err_fail(err, EINTR, "%s", met.text);
	*ret_stopped = rc == -ENOMEM || rc == -ECHILD;
	rc = memcg_group_kernel(&actor->group, ret_bytes, err);
	*ret_bytes -= rc || *ret_bytes < before ? 0 : before;
	return rc;
}

MEMCG_EXPERIMENT(limit_kmem)
{
	static const struct memcg_knob limit = {"memory.kmem.limit_in_bytes", NULL};
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	uint64_t bytes = 0, peak = 0;
	bool stopped = false;
	int rc = is_stopped_by_group(context, &peak, err);
	const char *group;

	if (rc < 0)
		return rc;
	group = rc ? "stops kernel memory as well" : "does not stop kernel memory";
	memcg_result_count(result, "stopped_by_group_limit", (uint64_t)rc);
	memcg_result_count(result, "group_limit_bytes", GROUP_LIMIT_BYTES);
	memcg_result_count(result, "group_peak_bytes", peak);
	rc = memcg_actor_start(context, NULL, 0, &actor, err);
	if (rc)
		return rc;
	if (!memcg_group_has(&actor.group, &limit)) {
		memcg_result_say(result, FINDING_FAILS,
				 "This kernel has no limit on kernel memory alone; the "
				 "limit on all memory (%.0f MiB, peak %.1f MiB) %s.",
				 IN_MIB(GROUP_LIMIT_BYTES), IN_MIB(peak), group);
		return 0;
	}
	rc = try_limit(&actor, &limit, &stopped, &bytes, err);
	if (rc == -EOPNOTSUPP) {
		err_clear(err);
		memcg_result_say(
			result, FINDING_FAILS,
			"This kernel refuses to set memory.kmem.limit_in_bytes; the "
			"limit on all memory (%.0f MiB, peak %.1f MiB) %s.",
			IN_MIB(GROUP_LIMIT_BYTES), IN_MIB(peak), group);
		return 0;
	}
	if (rc)
		return rc;
	memcg_result_count(result, "kmem_limit_bytes", KMEM_LIMIT_BYTES);
	memcg_result_count(result, "kmem_charged_bytes", bytes);
	memcg_result_say(
		result, stopped ? FINDING_HOLDS : FINDING_FAILS,
		"With memory.kmem.limit_in_bytes %.0f MiB above what was in use, "
		"the kernel charged %.1f MiB for full pipes %s; the limit on all "
		"memory (%.0f MiB, peak %.1f MiB) %s.",
		IN_MIB(KMEM_LIMIT_BYTES), IN_MIB(bytes),
		stopped ? "and then refused" : "and refused nothing",
		IN_MIB(GROUP_LIMIT_BYTES), IN_MIB(peak), group);
	return 0;
}
