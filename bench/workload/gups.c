/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random updates of a table, as in HPC Challenge's RandomAccess (Luszczek et al., 2005):
 * a word chosen by random bits is XORed with them. Updates do not wait for each other, so
 * that misses of caches and TLB overlap; chase is the one where they do not.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "bench/workload/kernel.h"

/* The table is checked in portions, one a run: the XOR of a portion's words is known. */
#define PORTIONS 1024
#define BYTES_LEAST (PORTIONS * sizeof(uint64_t))
#define BYTES_MOST (1ull << 40)

struct part {
	uint64_t *words;
	uint64_t nr, portion_words; /* powers of two */
	unsigned shift;		    /* index of a word → portion */
	uint64_t random;
	uint64_t expected[PORTIONS]; /* XOR of all words of a portion */
	uint64_t next_portion;
};

static void part_close(void *state)
{
	struct part *part = state;

	if (part && part->words)
		(void)munmap(part->words, part->nr * sizeof(*part->words));
	free(part);
}

/* Words begin as their own indices, as HPC Challenge has it. */
static void fill(struct part *part)
{
	for (uint64_t i = 0; i < part->nr; i++) {
		part->words[i] = i;
		part->expected[i >> part->shift] ^= i;
	}
}

/* The largest power of two that fits: an index is a mask of random bits. */
static int part_map(struct part *part, uint64_t size_bytes)
{
	void *memory;

	part->nr = PORTIONS;
	while (part->nr * 2 * sizeof(*part->words) <= size_bytes) {
		part->nr *= 2;
		part->shift++;
	}
	part->portion_words = part->nr / PORTIONS;
	memory = mmap(NULL, part->nr * sizeof(*part->words), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -ENOMEM;
	part->words = memory;
	fill(part);
	return 0;
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part;

	if (setup->size_bytes < BYTES_LEAST || setup->size_bytes > BYTES_MOST)
		return kernel_fail(EINVAL, why, "cannot update a table of %llu bytes",
				   (unsigned long long)setup->size_bytes);
	part = calloc(1, sizeof(*part));
	if (!part || part_map(part, setup->size_bytes)) {
		part_close(part);
		return kernel_fail(ENOMEM, why, "no memory for %llu bytes",
				   (unsigned long long)setup->size_bytes);
	}
	part->random = setup->seed + thread;
	*ret = part;
	return 0;
}

/* One portion, in turn: a little work beside the updates, and in time all of the table.
 */
static int check(struct part *part, uint64_t *checksum, char *why)
{
	uint64_t portion = part->next_portion++ % PORTIONS, sum = 0;
	const uint64_t *words = part->words + (portion << part->shift);

	for (uint64_t i = 0; i < part->portion_words; i++)
		sum ^= words[i];
	*checksum += sum;
	if (sum != part->expected[portion])
		return kernel_fail(EBADMSG, why, "portion %llu of the table is wrong",
				   (unsigned long long)portion);
	return 0;
}

static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;
	uint64_t mask = part->nr - 1, random = part->random, seen = 0;

	for (uint64_t i = 0; i < ops; i++) {
		uint64_t value = kernel_random(&random), at = value & mask;

		seen += part->words[at];
		part->words[at] ^= value;
		part->expected[at >> part->shift] ^= value;
	}
	part->random = random;
	*checksum += seen + random;
	return check(part, checksum, why);
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = part_close};

static int gups_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = gups_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_gups = {
	.name = "gups",
	.summary = "random updates of a table (RandomAccess): overlapping cache and TLB "
		   "misses",
	.operation = "one word updated",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.sized = true,
	.default_size = "dram",
	.native = &native,
};
