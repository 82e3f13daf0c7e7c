/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integer arithmetic: multiply, add, shift, divide, rotate, each waiting for the last. */
#include <errno.h>
#include <stdlib.h>

#include "bench/workload/kernel.h"

/* Operations after which the chain must have come to a known value. */
#define ROUND 1024

struct part {
	uint64_t x, divisor;
	uint64_t start, end; /* of a round */
	uint64_t done;	     /* operations of the round so far */
};

/* The multiplier and increment are Knuth's for 64-bit linear congruences (MMIX). */
static uint64_t mix(uint64_t x, uint64_t divisor, uint64_t ops)
{
	for (uint64_t i = 0; i < ops; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		x ^= x >> 29;
		x += x / divisor;
		x = x << 13 | x >> 51;
		kernel_use(x);
	}
	return x;
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part = calloc(1, sizeof(*part));
	uint64_t random = setup->seed + thread;

	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	part->x = part->start = kernel_random(&random);
	part->divisor = kernel_random(&random) >> 40 | 3;
	part->end = mix(part->start, part->divisor, ROUND);
	*ret = part;
	return 0;
}

static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;

	while (ops) {
		uint64_t nr = kernel_min(ops, ROUND - part->done);

		part->x = mix(part->x, part->divisor, nr);
		part->done += nr;
		ops -= nr;
		*checksum += part->x;
		if (part->done < ROUND)
			continue;
		if (part->x != part->end)
			return kernel_fail(EBADMSG, why, "arithmetic gave %llx, not %llx",
					   (unsigned long long)part->x,
					   (unsigned long long)part->end);
		part->x = part->start;
		part->done = 0;
	}
	return 0;
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = free};

static int int_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = int_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_int = {
	.name = "int",
	.summary = "integer multiply, add, shift, divide, each depending on the last",
	.operation = "one mix of five integer instructions",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &native,
};
