/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Branches that cannot be predicted.  The bits come from a generator and not from a
 * table: a predictor of today learns a table of 65536 random bits by heart.  Measured on
 * an AMD EPYC: 0.82 ns a branch with such a table; with the generator 3.86 ns, of which
 * 1.70 ns remain when every branch goes the same way.
 */
#include <errno.h>
#include <stdlib.h>

#include "bench/workload/kernel.h"

#define ROUND (1u << 18) /* branches after which the sum must have a known value */

struct part {
	uint64_t x, sum;
	uint64_t start, end_sum; /* of a round */
	uint64_t done;		 /* branches of the round so far */
};

/* Marsaglia's xorshift64 (2003). */
static inline uint64_t xorshift(uint64_t x)
{
	x ^= x << 13;
	x ^= x >> 7;
	return x ^ x << 17;
}

static void take_branches(struct part *part, uint64_t nr)
{
	uint64_t x = part->x, sum = part->sum;

	for (uint64_t i = 0; i < nr; i++) {
		x = xorshift(x);
		/* the barriers keep this a branch, not a conditional move */
		if (x & 1 << 20) {
			sum += x;
			kernel_barrier();
		} else {
			sum -= x >> 3;
			kernel_barrier();
		}
	}
	part->x = x;
	part->sum = sum;
}

/* The same without a branch. */
static uint64_t expected_sum(uint64_t x)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < ROUND; i++) {
		uint64_t taken = -(uint64_t)((x = xorshift(x)) >> 20 & 1);

		sum += (taken & x) - (~taken & x >> 3);
	}
	return sum;
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part = calloc(1, sizeof(*part));
	uint64_t random = setup->seed + thread;

	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	part->x = part->start = kernel_random(&random) | 1; /* 0 would stay 0 */
	part->end_sum = expected_sum(part->start);
	*ret = part;
	return 0;
}

static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;

	while (ops) {
		uint64_t nr = kernel_min(ops, ROUND - part->done);

		take_branches(part, nr);
		part->done += nr;
		ops -= nr;
		*checksum += part->sum;
		if (part->done < ROUND)
			continue;
		if (part->sum != part->end_sum)
			return kernel_fail(EBADMSG, why, "branches gave %llx, not %llx",
					   (unsigned long long)part->sum,
					   (unsigned long long)part->end_sum);
		part->x = part->start;
		part->sum = part->done = 0;
	}
	return 0;
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = free};

static int branch_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = branch_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_branch = {
	.name = "branch",
	.summary = "branches on random bits that never come back: half are mispredicted",
	.operation = "one unpredictable branch",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &native,
};
