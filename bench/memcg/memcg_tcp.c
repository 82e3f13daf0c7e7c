/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of TCP's buffers: a connection that nobody reads, with a limit and without. */
#include <errno.h>

#include "bench/memcg/memcg_behaviour.h"

#define LIMIT_BYTES (256ull << 10)
#define WANTED_BYTES (32 * MIB)
/* The kernel lets a socket go over so that it does not stand still
 * (__sk_mem_raise_allocated in net/core/sock.c). */
#define OVER_BYTES (256ull << 10)

static const struct memcg_knob tcp_limit = {"memory.kmem.tcp.limit_in_bytes", NULL};
static const struct memcg_knob tcp_peak = {"memory.kmem.tcp.max_usage_in_bytes", NULL};

/* Fills a connection in a group of its own; limit 0: none. The group's highest use of TCP
 * memory: version 1's counter; version 2 has memory.stat alone. */
static int fill(struct memcg_context *context, uint64_t limit_bytes, uint64_t *ret_taken,
		uint64_t *ret_charged, struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	const struct memcg_order order = {MEMCG_TCP, WANTED_BYTES, 0, ""};
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	/* an account is kept from the first limit on, however high */
	if (!rc && !context->unified)
		rc = memcg_group_set(&actor.group, &tcp_limit,
				     limit_bytes ? limit_bytes : WANTED_BYTES * 4, err);
	if (!rc)
		rc = memcg_child_tell(&actor.child, &order, ret_taken, err);
	if (rc)
		return rc;
	if (!context->unified)
		return memcg_group_get(&actor.group, &tcp_peak, NULL, ret_charged, err);
	/* "kernel" waits until the statistics are summed up */
	rc = memcg_group_kernel(&actor.group, ret_charged, err);
	return rc ? rc
		  : memcg_group_get(&actor.group, &memcg_stat, "sock", ret_charged, err);
}

static int compare(struct memcg_context *context, uint64_t taken, uint64_t charged,
		   struct memcg_result *result, struct err *err)
{
	uint64_t limited, limited_charged;
	bool holds;
	int rc = fill(context, context->reversed ? 0 : LIMIT_BYTES, &limited,
		      &limited_charged, err);

	if (rc)
		return rc;
	holds = limited_charged <= LIMIT_BYTES + OVER_BYTES && limited < taken / 2;
	memcg_result_count(result, "limit_bytes", LIMIT_BYTES);
	memcg_result_count(result, "limited_taken_bytes", limited);
	memcg_result_count(result, "limited_charged_bytes", limited_charged);
	memcg_result_say(
		result, holds ? FINDING_HOLDS : FINDING_FAILS,
		"A connection that nobody reads took %.2f MiB (%.2f MiB of buffers "
		"charged at most); with memory.kmem.tcp.limit_in_bytes of %.2f "
		"MiB it took %.2f MiB (%.2f MiB charged at most).",
		IN_MIB(taken), IN_MIB(charged), IN_MIB(LIMIT_BYTES), IN_MIB(limited),
		IN_MIB(limited_charged));
	return 0;
}

MEMCG_EXPERIMENT(limit_tcp)
{
	uint64_t taken, charged;
	int rc = fill(context, 0, &taken, &charged, err);

	if (rc)
		return rc;
	memcg_result_count(result, "taken_bytes", taken);
	memcg_result_count(result, "charged_bytes", charged);
	if (!context->unified)
		return compare(context, taken, charged, result, err);
	memcg_result_say(
		result, FINDING_FAILS,
		"Version 2 has no limit on socket buffers alone: a connection that "
		"nobody reads took %.2f MiB, of which memory.stat's sock counts "
		"%.2f MiB against memory.max.",
		IN_MIB(taken), IN_MIB(charged));
	return 0;
}
