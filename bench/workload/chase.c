/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pointer chase: each load's address is the last load's result. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kernel.h"

#define LINE_BYTES 64

/* One cache line; indices instead of pointers, so that the result is the same at every
 * address. */
struct line {
	uint32_t next;
	uint32_t rest[LINE_BYTES / 4 - 1];
};

struct part {
	struct line *lines;
	uint32_t nr, at;
};

struct chase {
	struct kernel_pool *pool;
	uint32_t nr;
	void *parts[];
};

/* Sattolo's algorithm (1986): a permutation that is one cycle over all lines. */
static void make_cycle(struct line *lines, uint32_t nr, uint64_t seed)
{
	for (uint32_t i = 0; i < nr; i++)
		lines[i].next = i;
	for (uint32_t i = nr - 1; i > 0; i--) {
		uint32_t j = (uint32_t)(kernel_random(&seed) % i);
		uint32_t kept = lines[i].next;

		lines[i].next = lines[j].next;
		lines[j].next = kept;
	}
}

/* A cycle that is shorter would be a smaller working set than asked. */
static int check_cycle(const struct line *lines, uint32_t nr, char *why)
{
	uint32_t at = 0, steps = 0;

	do {
		at = lines[at].next;
		steps++;
	} while (at && steps <= nr);
	if (steps == nr)
		return 0;
	return kernel_fail(EBADMSG, why, "the cycle has %u lines, not %u", steps, nr);
}

static void part_free(struct part *part)
{
	if (part && part->lines)
		(void)munmap(part->lines, (size_t)part->nr * LINE_BYTES);
	free(part);
}

static struct part *part_new(uint64_t bytes, uint64_t seed)
{
	struct part *part = calloc(1, sizeof(*part));
	void *memory;

	if (!part)
		return NULL;
	part->nr = (uint32_t)(bytes / LINE_BYTES);
	memory = mmap(NULL, (size_t)part->nr * LINE_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		free(part);
		return NULL;
	}
	(void)madvise(memory, (size_t)part->nr * LINE_BYTES, MADV_HUGEPAGE);
	part->lines = memory;
	make_cycle(part->lines, part->nr, seed);
	return part;
}

static int part_work(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;
	const struct line *lines = part->lines;
	uint32_t at = part->at;

	(void)why;
	for (uint64_t i = 0; i < ops; i++) {
		at = lines[at].next;
		kernel_use(at);
	}
	part->at = at;
	*checksum += at;
	return 0;
}

static void chase_close(void *state)
{
	struct chase *chase = state;

	if (!chase)
		return;
	kernel_pool_close(chase->pool);
	for (uint32_t i = 0; i < chase->nr; i++)
		part_free(chase->parts[i]);
	free(chase);
}

static int open_parts(struct chase *chase, const struct workload_setup *setup, char *why)
{
	int rc = 0;

	for (uint32_t i = 0; !rc && i < chase->nr; i++) {
		struct part *part = part_new(setup->size_bytes, setup->seed + i);

		if (!part)
			return kernel_fail(ENOMEM, why, "no memory for %llu bytes",
					   (unsigned long long)setup->size_bytes);
		chase->parts[i] = part;
		rc = check_cycle(part->lines, part->nr, why);
	}
	return rc;
}

static int chase_open(const struct workload_setup *setup, void **state, char *why)
{
	uint32_t nr = setup->threads ? setup->threads : 1;
	struct chase *chase;
	int rc;

	if (setup->size_bytes < 2 * LINE_BYTES || setup->size_bytes >> 37)
		return kernel_fail(EINVAL, why, "cannot chase through %llu bytes",
				   (unsigned long long)setup->size_bytes);
	chase = calloc(1, sizeof(*chase) + nr * sizeof(chase->parts[0]));
	if (!chase)
		return kernel_fail(ENOMEM, why, "no memory");
	chase->nr = nr;
	rc = open_parts(chase, setup, why);
	if (!rc)
		rc = kernel_pool_open(chase->parts, nr, part_work, &chase->pool, why);
	if (rc)
		chase_close(chase);
	else
		*state = chase;
	return rc;
}

static int chase_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	return kernel_pool_run(((struct chase *)state)->pool, ops, checksum, why);
}

static const struct workload_native native = {
	.open = chase_open, .run = chase_run, .close = chase_close};

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
