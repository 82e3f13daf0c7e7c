/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limit on memory: page cache is reclaimed, what a process holds is not exceeded. */
#include <errno.h>

#include "bench/memcg/memcg_behaviour.h"

#define LIMIT_BYTES (32 * MIB)
#define FILE_BYTES (96 * MIB)

MEMCG_EXPERIMENT(limit_memory)
{
	cleanup(memcg_file) struct memcg_file file = MEMCG_FILE_NONE;
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	uint64_t cached = 0, peak = 0;
	bool holds;
	int rc = memcg_file_make(context, "limit", FILE_BYTES, &file, err);

	if (!rc)
		rc = memcg_actor_start(context, NULL, context->reversed ? 0 : LIMIT_BYTES,
				       &actor, err);
	if (!rc)
		rc = memcg_actor_read(&actor, &file, 0, FILE_BYTES, err);
	if (!rc)
		rc = memcg_file_cached(&file, &cached, err);
	if (!rc)
		rc = memcg_group_get(&actor.group, &memcg_peak, NULL, &peak, err);
	if (rc)
		return rc;
	holds = peak <= LIMIT_BYTES && cached < LIMIT_BYTES;
	memcg_result_count(result, "limit_bytes", LIMIT_BYTES);
	memcg_result_count(result, "read_bytes", FILE_BYTES);
	memcg_result_count(result, "cached_bytes", cached);
	memcg_result_count(result, "peak_bytes", peak);
	memcg_result_say(
		result, holds ? FINDING_HOLDS : FINDING_FAILS,
		"A process that read %.0f MiB in a group limited to %.0f MiB had "
		"%.1f MiB of it cached at the end; the group's peak was %.1f MiB.",
		IN_MIB(FILE_BYTES), IN_MIB(LIMIT_BYTES), IN_MIB(cached), IN_MIB(peak));
	return 0;
}
