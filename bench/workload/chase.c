/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pointer chase: each load's address is the last load's result. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "bench/workload/kernel.h"

#define LINE_BYTES 64
#define SIZE_MAX_BYTES (1ull << 37) /* indices are 32 bits */

/* One cache line; indices instead of pointers, so that the result is the same at every
 * address. */
struct line {
	uint32_t next;
	uint32_t rank; /* how many steps it is away from line 0 */
	uint32_t rest[LINE_BYTES / 4 - 2];
};

struct part {
	struct line *lines;
	uint32_t nr, at;
};

/* Sattolo's algorithm (1986): a permutation that is one cycle over all lines. */
static void make_cycle(uint32_t *next, uint32_t nr, uint64_t seed)
{
	for (uint32_t i = 0; i < nr; i++)
		next[i] = i;
	for (uint32_t i = nr - 1; i > 0; i--) {
		uint32_t j = (uint32_t)(kernel_random(&seed) % i), kept = next[i];

		next[i] = next[j];
		next[j] = kept;
	}
}

/* Made in a compact array first: in place every step would be a cache miss. */
static int fill_lines(struct part *part, uint64_t seed)
{
	uint32_t *next = malloc(2ull * part->nr * sizeof(*next));
	uint32_t *rank = next ? next + part->nr : NULL;

	if (!next)
		return -ENOMEM;
	make_cycle(next, part->nr, seed);
	for (uint32_t at = 0, steps = 0; steps < part->nr; steps++) {
		rank[at] = steps;
		at = next[at];
	}
	for (uint32_t i = 0; i < part->nr; i++) {
		part->lines[i].next = next[i];
		part->lines[i].rank = rank[i];
	}
	free(next);
	return 0;
}

static void part_close(void *state)
{
	struct part *part = state;

	if (part && part->lines)
		(void)munmap(part->lines, (size_t)part->nr * LINE_BYTES);
	free(part);
}

static int part_map(struct part *part, uint64_t seed)
{
	size_t bytes = (size_t)part->nr * LINE_BYTES;
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -ENOMEM;
	(void)madvise(memory, bytes, MADV_HUGEPAGE);
	part->lines = memory;
	return fill_lines(part, seed);
}

/* Every thread has lines of its own. */
static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part;

	if (setup->size_bytes < 2 * LINE_BYTES || setup->size_bytes > SIZE_MAX_BYTES)
		return kernel_fail(EINVAL, why, "cannot chase through %llu bytes",
				   (unsigned long long)setup->size_bytes);
	part = calloc(1, sizeof(*part));
	if (part)
		part->nr = (uint32_t)(setup->size_bytes / LINE_BYTES);
	if (!part || part_map(part, setup->seed + thread)) {
		part_close(part);
		return kernel_fail(ENOMEM, why, "no memory for %llu bytes",
				   (unsigned long long)setup->size_bytes);
	}
	*ret = part;
	return 0;
}

/* The rank tells whether the walk has ended where it must: a cycle that is shorter than
 * all lines would be a smaller working set than asked. */
static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;
	const struct line *lines = part->lines;
	uint32_t at = part->at;
	uint32_t want = (uint32_t)((lines[at].rank + ops) % part->nr);

	for (uint64_t i = 0; i < ops; i++) {
		at = lines[at].next;
		kernel_use(at);
	}
	part->at = at;
	*checksum += at;
	if (lines[at].rank != want)
		return kernel_fail(EBADMSG, why, "the walk ended at step %u, not %u",
				   lines[at].rank, want);
	return 0;
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = part_close};

static int chase_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = chase_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_chase = {
	.name = "chase",
	.summary = "pointer chase over a random cycle of cache lines: memory latency",
	.operation = "one dependent load",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.sized = true,
	.default_size = "dram",
	.native = &native,
};
