/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups that are removed while pages are still charged to them: gone from the tree, not
 * from memory. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/memcg/memcg_behaviour.h"

#define GROUPS 30
#define FILE_BYTES MIB /* each */
#define WAIT_US 20000
#define WAITS 250

uint64_t memcg_dying_parse(const char *cgroups)
{
	const char *line = strstr(cgroups, "\nmemory");
	uint64_t nr = 0;

	/* name, hierarchy, groups, enabled */
	return line && sscanf(line, "\nmemory %*u %" SCNu64, &nr) == 1 ? nr : 0;
}

/* Version 2 counts them below a group; version 1 has one count for the whole machine, in
 * which others' groups come and go. */
static int count(const struct memcg_group *above, uint64_t *ret, struct err *err)
{
	static const struct memcg_knob stat = {NULL, "cgroup.stat"};
	char text[2048] = "";
	cleanup(file) FILE *stream = NULL;

	if (above->context->unified)
		return memcg_group_get(above, &stat, "nr_dying_descendants", ret, err);
	stream = fopen("/proc/cgroups", "re");
	if (stream)
		(void)!fread(text, 1, sizeof(text) - 1, stream);
	*ret = memcg_dying_parse(text);
	return 0;
}

static int live_and_die(struct memcg_context *context, const struct memcg_group *above,
			const struct memcg_file *file, uint64_t at, struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	int rc = memcg_actor_start(context, above, 0, &actor, err);

	if (!rc)
		rc = memcg_actor_read(&actor, file, at, FILE_BYTES, err);
	if (rc)
		return rc;
	(void)memcg_child_end(&actor.child);
	if (context->reversed)
		memcg_file_drop(file);
	return memcg_group_remove(&actor.group, err);
}

/* They go by a worker of the kernel, when the last page has gone. */
static int wait_below(const struct memcg_group *above, uint64_t most, uint64_t *ret,
		      struct err *err)
{
	int rc = count(above, ret, err);

	for (int i = 0; !rc && *ret > most && i < WAITS; i++) {
		(void)usleep(WAIT_US);
		rc = memcg_check_stop(above->context, err);
		if (!rc)
			rc = count(above, ret, err);
	}
	return rc;
}

static void judge(const struct memcg_context *context, const uint64_t counts[static 3],
		  uint64_t held, struct memcg_result *result)
{
	uint64_t dying = counts[1] > counts[0] ? counts[1] - counts[0] : 0;
	uint64_t after = counts[2] > counts[0] ? counts[2] - counts[0] : 0;
	bool holds = dying >= GROUPS * 8 / 10 && after <= dying / 2 &&
		     held >= GROUPS * FILE_BYTES * 8 / 10;

	memcg_result_count(result, "groups", GROUPS);
	memcg_result_count(result, "dying_groups", dying);
	memcg_result_count(result, "dying_groups_after_drop", after);
	memcg_result_count(result, "held_bytes", held);
	memcg_result_say(result, holds ? FINDING_HOLDS : FINDING_FAILS,
			 "Of %d groups that were removed with 1 MiB of page cache each, "
			 "%" PRIu64
			 " lived on in the kernel (%s), with %.1f MiB charged to "
			 "the group above; %" PRIu64 " once the cache was dropped.",
			 GROUPS, dying,
			 context->unified ? "nr_dying_descendants" : "/proc/cgroups",
			 IN_MIB(held), after);
}

MEMCG_EXPERIMENT(linger_group)
{
	cleanup(memcg_file) struct memcg_file file = MEMCG_FILE_NONE;
	cleanup(memcg_group) struct memcg_group above = {0};
	uint64_t counts[3], held = 0; /* before, removed, dropped */
	int rc = memcg_file_make(context, "dying", GROUPS * FILE_BYTES, &file, err);

	if (!rc)
		rc = memcg_group_make(context, NULL, 0, &above, err);
	if (!rc)
		rc = count(&above, &counts[0], err);
	for (uint64_t i = 0; !rc && i < GROUPS; i++)
		rc = live_and_die(context, &above, &file, i * FILE_BYTES, err);
	/* those that nothing holds go now */
	if (!rc)
		rc = wait_below(&above, counts[0] + (context->reversed ? 0 : GROUPS),
				&counts[1], err);
	if (!rc)
		rc = memcg_group_usage(&above, &held, err);
	memcg_file_drop(&file);
	if (!rc)
		rc = wait_below(&above, counts[0] + GROUPS / 10, &counts[2], err);
	if (!rc)
		judge(context, counts, held, result);
	return rc;
}
