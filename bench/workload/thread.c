/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start a thread and wait for its end. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "bench/workload/kernel.h"

struct part {
	uint64_t ran; /* threads that did their work */
};

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part = calloc(1, sizeof(*part));

	(void)setup;
	(void)thread;
	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	*ret = part;
	return 0;
}

static void *be_thread(void *argument)
{
	((struct part *)argument)->ran++;
	return NULL;
}

static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;
	uint64_t before = part->ran;

	for (uint64_t i = 0; i < ops; i++) {
		pthread_t thread;
		int rc = pthread_create(&thread, NULL, be_thread, part);

		if (rc)
			return kernel_fail(rc, why, "cannot start a thread: %s",
					   strerror(rc));
		(void)pthread_join(thread, NULL);
	}
	if (part->ran - before != ops)
		return kernel_fail(EBADMSG, why, "%llu of %llu threads ran",
				   (unsigned long long)(part->ran - before),
				   (unsigned long long)ops);
	*checksum += ops;
	return 0;
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = free};

static int thread_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = thread_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_thread = {
	.name = "thread",
	.summary = "start a thread and wait for its end",
	.operation = "one thread",
	.family = FAMILY_MEMCG,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_OBJECT,
	.native = &native,
};
