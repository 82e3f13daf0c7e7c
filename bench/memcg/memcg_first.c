/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two groups use the same pages: who pays. */
#include "bench/memcg/memcg_behaviour.h"

#define FILE_BYTES (16 * MIB)
#define MOST                                                                      \
	0.9 /* of the file: the rest is what CPUs borrowed, and the process's own \
	     */

/* Bytes that a use of the file adds to the group's counter. */
static int charge_of(struct memcg_actor *actor, const struct memcg_file *file, bool write,
		     double *ret_bytes, struct err *err)
{
	uint64_t before, after;
	int rc = memcg_group_usage(&actor->group, &before, err);

	if (!rc)
		rc = write ? memcg_actor_write(actor, file, err)
			   : memcg_actor_read(actor, file, 0, file->bytes, err);
	if (!rc)
		rc = memcg_group_usage(&actor->group, &after, err);
	if (!rc)
		*ret_bytes = (double)after - (double)before;
	return rc;
}

static int compare(struct memcg_context *context, const struct memcg_file *file,
		   const char *what, bool write, struct memcg_result *result,
		   struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor a = MEMCG_ACTOR_NONE;
	cleanup(memcg_actor) struct memcg_actor b = MEMCG_ACTOR_NONE;
	struct memcg_actor *first = context->reversed ? &b : &a;
	double charged[2] = {0, 0}; /* a's, b's */
	bool holds;
	int rc = memcg_actor_start(context, NULL, 0, &a, err);

	if (!rc)
		rc = memcg_actor_start(context, NULL, 0, &b, err);
	if (!rc)
		rc = charge_of(first, file, write, &charged[first == &b], err);
	if (!rc)
		rc = charge_of(first == &a ? &b : &a, file, write, &charged[first == &a],
			       err);
	if (rc)
		return rc;
	holds = charged[0] >= MOST * FILE_BYTES && charged[1] <= (1 - MOST) * FILE_BYTES;
	memcg_result_count(result, "file_bytes", FILE_BYTES);
	memcg_result_number(result, "a_charged_bytes", charged[0]);
	memcg_result_number(result, "b_charged_bytes", charged[1]);
	memcg_result_say(result, holds ? FINDING_HOLDS : FINDING_FAILS,
			 "Of %.0f MiB of %s that group %s used first and group %s after "
			 "it, A was charged %.1f MiB and B %.1f MiB.",
			 IN_MIB(FILE_BYTES), what, first == &a ? "A" : "B",
			 first == &a ? "B" : "A", IN_MIB(charged[0]), IN_MIB(charged[1]));
	return 0;
}

MEMCG_EXPERIMENT(first_cache)
{
	cleanup(memcg_file) struct memcg_file file = MEMCG_FILE_NONE;
	int rc = memcg_file_make(context, "first", FILE_BYTES, &file, err);

	return rc ? rc : compare(context, &file, "page cache", false, result, err);
}

MEMCG_EXPERIMENT(first_shmem)
{
	cleanup(memcg_file) struct memcg_file file = MEMCG_FILE_NONE;
	int rc = memcg_file_make_shared(FILE_BYTES, &file, err);

	return rc ? rc : compare(context, &file, "shared memory", true, result, err);
}
