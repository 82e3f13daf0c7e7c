/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two threads on one CPU wake each other in turn through a futex. */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

struct pair {
	_Atomic uint32_t turn; /* 0: the caller's, 1: the partner's */
	atomic_bool leaving;
	uint64_t answered; /* by the partner, while it is its turn */
	pthread_t partner;
};

static void futex(_Atomic uint32_t *word, int operation, uint32_t value)
{
	(void)syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL,
		      0);
}

static void hand_over(struct pair *pair, uint32_t to)
{
	atomic_store(&pair->turn, to);
	futex(&pair->turn, FUTEX_WAKE, 1);
}

static void wait_turn(struct pair *pair, uint32_t mine)
{
	while (atomic_load(&pair->turn) != mine)
		futex(&pair->turn, FUTEX_WAIT, !mine);
}

static void *be_partner(void *argument)
{
	struct pair *pair = argument;

	for (;;) {
		wait_turn(pair, 1);
		if (atomic_load(&pair->leaving))
			return NULL;
		pair->answered++;
		hand_over(pair, 0);
	}
}

/* On two CPUs the threads would wait for each other instead of switching. */
static int pin_to_one(char *why)
{
	cpu_set_t set, one;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof(set), &set))
		return kernel_fail(errno, why, "cannot read the CPU affinity");
	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &set))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		return kernel_fail(errno, why, "cannot stay on one CPU");
	return 0;
}

static int pair_open(const struct workload_setup *setup, void **ret, char *why)
{
	struct pair *pair;
	int rc = kernel_single(setup, why);

	if (!rc)
		rc = pin_to_one(why);
	if (rc)
		return rc;
	pair = calloc(1, sizeof(*pair));
	if (!pair)
		return kernel_fail(ENOMEM, why, "no memory");
	rc = pthread_create(&pair->partner, NULL, be_partner, pair);
	if (rc) {
		free(pair);
		return kernel_fail(rc, why, "cannot start a thread: %s", strerror(rc));
	}
	*ret = pair;
	return 0;
}

static int pair_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct pair *pair = state;
	uint64_t before = pair->answered;

	for (uint64_t i = 0; i < ops; i++) {
		hand_over(pair, 1);
		wait_turn(pair, 0);
	}
	if (pair->answered - before != ops)
		return kernel_fail(EBADMSG, why, "%llu answers to %llu calls",
				   (unsigned long long)(pair->answered - before),
				   (unsigned long long)ops);
	*checksum += ops;
	return 0;
}

static void pair_close(void *state)
{
	struct pair *pair = state;

	if (!pair)
		return;
	atomic_store(&pair->leaving, true);
	hand_over(pair, 1);
	(void)pthread_join(pair->partner, NULL);
	free(pair);
}

static const struct workload_native native = {
	.open = pair_open, .run = pair_run, .close = pair_close};

const struct workload workload_ctxswitch = {
	.name = "ctxswitch",
	.summary = "two threads on one CPU wake each other through a futex",
	.operation = "there and back: two context switches",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &native,
};
