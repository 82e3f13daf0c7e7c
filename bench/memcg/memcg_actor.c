/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A group with a process in it, and what most experiments have it do or ask of it. */
#include <unistd.h>

#include "bench/memcg/memcg_behaviour.h"

/* The kernel sums its statistics up every two seconds (FLUSH_TIME in mm/memcontrol.c). */
#define SUMMED_UP_US 2500000

const struct memcg_knob memcg_peak = {"memory.max_usage_in_bytes", "memory.peak"};

int memcg_actor_start(struct memcg_context *context, const struct memcg_group *above,
		      uint64_t limit_bytes, struct memcg_actor *actor, struct err *err)
{
	int rc = memcg_group_make(context, above, limit_bytes, &actor->group, err);

	return rc ? rc : memcg_child_start(&actor->group, &actor->child, err);
}

static int use_file(struct memcg_actor *actor, const struct memcg_file *file,
		    struct memcg_order *order, struct err *err)
{
	(void)snprintf(order->path, sizeof(order->path), "%s", file->path);
	return memcg_child_tell(&actor->child, order, NULL, err);
}

int memcg_actor_read(struct memcg_actor *actor, const struct memcg_file *file,
		     uint64_t from, uint64_t bytes, struct err *err)
{
	return use_file(actor, file, &(struct memcg_order){MEMCG_READ, from, bytes, ""},
			err);
}

int memcg_actor_write(struct memcg_actor *actor, const struct memcg_file *file,
		      struct err *err)
{
	return use_file(actor, file,
			&(struct memcg_order){MEMCG_WRITE, 0, file->bytes, ""}, err);
}

int memcg_actor_allocate(struct memcg_actor *actor, uint64_t bytes, struct err *err)
{
	const struct memcg_order map = {MEMCG_MAP, bytes, 0, ""};
	const struct memcg_order touch = {MEMCG_TOUCH, 0,
					  bytes / actor->group.context->page_bytes, ""};
	int rc = memcg_child_tell(&actor->child, &map, NULL, err);

	return rc ? rc : memcg_child_tell(&actor->child, &touch, NULL, err);
}

int memcg_actor_pipes(struct memcg_actor *actor, uint64_t nr, struct err *err)
{
	return memcg_child_tell(&actor->child,
				&(struct memcg_order){MEMCG_PIPES, nr, 0, ""}, NULL, err);
}

int memcg_group_kernel(const struct memcg_group *group, uint64_t *ret, struct err *err)
{
	static const struct memcg_knob counter = {"memory.kmem.usage_in_bytes", NULL};
	int rc;

	if (!group->context->unified)
		return memcg_group_get(group, &counter, NULL, ret, err);
	(void)usleep(SUMMED_UP_US);
	rc = memcg_check_stop(group->context, err);
	return rc ? rc : memcg_group_get(group, &memcg_stat, "kernel", ret, err);
}

int memcg_group_oom_kills(const struct memcg_group *group, uint64_t *ret, struct err *err)
{
	static const struct memcg_knob events = {"memory.oom_control", "memory.events"};

	return memcg_group_get(group, &events, "oom_kill", ret, err);
}
