/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that each kind of kernel object charges. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "bench/memcg/memcg_bytes.h"

#define TURNS 3
#define LEAST_BYTES 100

static int tell(struct memcg_actor *actor, enum memcg_do what, uint64_t a, uint64_t b,
		uint64_t *ret, struct err *err)
{
	return memcg_child_tell(&actor->child, &(struct memcg_order){what, a, b, ""}, ret,
				err);
}

int memcg_bytes_of(struct memcg_context *context, enum memcg_object object, uint64_t most,
		   double *ret, uint64_t *ret_nr, struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	uint64_t before, after, nr = 0;
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	/* the table of descriptors grows once, and stays */
	if (!rc)
		rc = tell(&actor, MEMCG_HOLD, object, most, &nr, err);
	if (!rc)
		rc = tell(&actor, MEMCG_HOLD, object, 0, &nr, err);
	if (!rc)
		rc = memcg_group_kernel(&actor.group, &before, err);
	if (!rc)
		rc = tell(&actor, MEMCG_HOLD, object, context->reversed ? 0 : most, &nr,
			  err);
	if (!rc)
		rc = memcg_group_kernel(&actor.group, &after, err);
	if (rc)
		return rc;
	*ret_nr = nr;
	*ret = nr ? ((double)after - (double)before) / (double)nr : 0;
	return 0;
}

static double median3(double a, double b, double c)
{
	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

static void shuffle(struct memcg_context *context, enum memcg_object list[OBJECT_NR])
{
	for (size_t i = 0; i < OBJECT_NR; i++)
		list[i] = (enum memcg_object)i;
	for (size_t i = OBJECT_NR - 1; i > 0; i--) {
		size_t other = memcg_random(context, i + 1);
		enum memcg_object kept = list[i];

		list[i] = list[other];
		list[other] = kept;
	}
}

static int measure(struct memcg_context *context, double bytes[OBJECT_NR],
		   uint64_t nr[OBJECT_NR], struct err *err)
{
	double turns[OBJECT_NR][TURNS];
	enum memcg_object list[OBJECT_NR];
	size_t turns_nr = context->quick ? 1 : TURNS;
	int rc = 0;

	for (size_t turn = 0; !rc && turn < turns_nr; turn++) {
		shuffle(context, list);
		for (size_t i = 0; !rc && i < OBJECT_NR; i++)
			rc = memcg_bytes_of(context, list[i], memcg_object_most(list[i]),
					    &turns[list[i]][turn], &nr[list[i]], err);
	}
	for (size_t i = 0; !rc && i < OBJECT_NR; i++)
		bytes[i] = turns_nr == 1 ? turns[i][0]
					 : median3(turns[i][0], turns[i][1], turns[i][2]);
	return rc;
}

static int keep(struct memcg_result *result, const double *bytes, const uint64_t *nr,
		double page_bytes, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < OBJECT_NR; i++) {
		const char *name = memcg_object_name((enum memcg_object)i);
		char key[64];

		(void)snprintf(key, sizeof(key), "%s_bytes", name);
		memcg_result_number(result, key, round(bytes[i]));
		/* kernel memory is counted in whole pages, before and after */
		(void)snprintf(key, sizeof(key), "%s_error_bytes", name);
		memcg_result_number(result, key, ceil(page_bytes / (double)nr[i]));
		rc = memcg_result_point(result, "bytes an object", (double)i, bytes[i],
					err);
	}
	return rc;
}

MEMCG_EXPERIMENT(bytes)
{
	double bytes[OBJECT_NR] = {0};
	uint64_t nr[OBJECT_NR] = {0};
	bool holds;
	int rc = measure(context, bytes, nr, err);

	if (!rc)
		rc = keep(result, bytes, nr, (double)context->page_bytes, err);
	if (rc)
		return rc;
	holds = bytes[OBJECT_FILE] >= LEAST_BYTES && bytes[OBJECT_PIPE] >= LEAST_BYTES &&
		bytes[OBJECT_UDP] >= LEAST_BYTES;
	memcg_result_say(result, holds ? FINDING_HOLDS : FINDING_FAILS,
			 "Bytes charged for each: open file %.0f, eventfd %.0f, epoll "
			 "%.0f, inotify "
			 "%.0f, pipe %.0f, socketpair %.0f, UDP socket %.0f, TCP socket "
			 "%.0f, thread "
			 "%.0f, process %.0f.",
			 bytes[OBJECT_FILE], bytes[OBJECT_EVENTFD], bytes[OBJECT_EPOLL],
			 bytes[OBJECT_INOTIFY], bytes[OBJECT_PIPE],
			 bytes[OBJECT_SOCKETPAIR], bytes[OBJECT_UDP], bytes[OBJECT_TCP],
			 bytes[OBJECT_THREAD], bytes[OBJECT_PROCESS]);
	return 0;
}
