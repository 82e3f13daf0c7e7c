/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_group.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define SETTLE_US 2000
#define SETTLE_MAX 50
#define SETTLED 5 /* equal readings one after the other */

const struct memcg_knob memcg_usage = {"memory.usage_in_bytes", "memory.current"};
const struct memcg_knob memcg_limit = {"memory.limit_in_bytes", "memory.max"};
const struct memcg_knob memcg_swap_limit = {"memory.memsw.limit_in_bytes",
					    "memory.swap.max"};
const struct memcg_knob memcg_stat = {"memory.stat", "memory.stat"};

static const struct cgroup_hierarchy *hierarchy_of(const struct memcg_group *group)
{
	return &group->context->all.list[0];
}

static const char *file_of(const struct memcg_group *group, const struct memcg_knob *knob)
{
	const char *file = group->context->unified ? knob->v2 : knob->v1;

	return file ? file : "";
}

void memcg_group_path(const struct memcg_group *group, const char *file, char *ret,
		      size_t size)
{
	(void)snprintf(ret, size, "%s/%s%s%s", hierarchy_of(group)->dir, group->name,
		       file[0] ? "/" : "", file);
}

/* Where the host swaps, what exceeds a limit would go there instead. */
static int set_limits(const struct memcg_group *group, uint64_t limit_bytes,
		      struct err *err)
{
	int rc = memcg_group_set(group, &memcg_limit, limit_bytes, err);

	if (rc || !memcg_group_has(group, &memcg_swap_limit))
		return rc;
	return memcg_group_set(group, &memcg_swap_limit,
			       group->context->unified ? 0 : limit_bytes, err);
}

int memcg_group_make(struct memcg_context *context, const struct memcg_group *above,
		     uint64_t limit_bytes, struct memcg_group *ret, struct err *err)
{
	struct memcg_group group = {.context = context};
	int length = above ? snprintf(group.name, sizeof(group.name), "%s/%u",
				      above->name, context->groups)
			   : snprintf(group.name, sizeof(group.name), "%s/%s-memcg-%u",
				      MEMCG_PARENT, context->owner, context->groups);
	int rc;

	if (length >= (int)sizeof(group.name))
		return err_fail(err, ENAMETOOLONG, "the group's name is too long");
	context->groups++;
	rc = cgroup_create(&context->all, group.name, err);
	if (rc)
		return rc;
	rc = set_limits(&group, limit_bytes ? limit_bytes : MEMCG_BOUND_BYTES, err);
	if (rc) {
		memcg_group_release(&group);
		return rc;
	}
	*ret = group;
	return 0;
}

int memcg_group_remove(struct memcg_group *group, struct err *err)
{
	int rc;

	if (!group->context)
		return 0;
	rc = cgroup_remove(&group->context->all, group->name, err);
	if (rc >= 0)
		group->context = NULL;
	return rc < 0 ? rc : 0;
}

void memcg_group_release(struct memcg_group *group)
{
	(void)memcg_group_remove(group, &(struct err){0});
}

bool memcg_group_has(const struct memcg_group *group, const struct memcg_knob *knob)
{
	char path[512];

	memcg_group_path(group, file_of(group, knob), path, sizeof(path));
	return file_of(group, knob)[0] && !access(path, F_OK);
}

int memcg_group_set(const struct memcg_group *group, const struct memcg_knob *knob,
		    uint64_t value, struct err *err)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, value);
	return cgroup_write(hierarchy_of(group), group->name, file_of(group, knob), text,
			    err);
}

int memcg_group_lift(const struct memcg_group *group, const struct memcg_knob *knob,
		     struct err *err)
{
	return cgroup_write(hierarchy_of(group), group->name, file_of(group, knob),
			    group->context->unified ? "max" : "-1", err);
}

int memcg_group_get(const struct memcg_group *group, const struct memcg_knob *knob,
		    const char *key, uint64_t *ret, struct err *err)
{
	int rc = cgroup_number(hierarchy_of(group), group->name, file_of(group, knob),
			       key, ret);

	return rc ? err_fail(err, -rc, "cannot read %s of '%s/%s': %s", key ? key : "it",
			     group->name, file_of(group, knob), strerror(-rc))
		  : 0;
}

int memcg_group_usage(const struct memcg_group *group, uint64_t *ret, struct err *err)
{
	return memcg_group_get(group, &memcg_usage, NULL, ret, err);
}

/* The other CPUs give back by a worker of their own, a moment later. */
static int settle(const struct memcg_group *group, struct err *err)
{
	uint64_t before, now;
	int same = 0, rc = memcg_group_usage(group, &now, err);

	for (int i = 0; !rc && i < SETTLE_MAX && same < SETTLED; i++) {
		(void)usleep(SETTLE_US);
		before = now;
		rc = memcg_group_usage(group, &now, err);
		same = now == before ? same + 1 : 0;
	}
	return rc;
}

int memcg_group_drain(const struct memcg_group *group, struct err *err)
{
	static const struct memcg_knob low = {"memory.limit_in_bytes", "memory.high"};
	uint64_t usage, limit = UINT64_MAX, page = group->context->page_bytes;
	struct err full = {0};
	int rc = memcg_group_usage(group, &usage, err);

	if (!rc && !group->context->unified)
		rc = memcg_group_get(group, &low, NULL, &limit, err);
	if (rc || usage < 2 * page)
		return rc;
	/* version 1 refuses what it cannot reach: then nothing was borrowed */
	rc = memcg_group_set(group, &low, usage - page, &full);
	if (rc && rc != -EBUSY)
		return err_fail(err, -rc, "%s", full.text);
	rc = group->context->unified ? memcg_group_lift(group, &low, err)
				     : memcg_group_set(group, &low, limit, err);
	return rc ? rc : settle(group, err);
}
