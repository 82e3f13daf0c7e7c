/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STREAM's four kernels (McCalpin, "Memory Bandwidth and Machine Balance", 1995), done in
 * pieces: an operation is one piece of each array, and the cursor wraps around.  Bytes
 * count as STREAM counts them: what is read and what is written, once each.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "bench/workload/kernel.h"

#define PIECE_BYTES (64u << 10)
#define PIECE (PIECE_BYTES / sizeof(double))
#define SCALAR 3.0
#define ARRAYS 3

enum stream_kernel { COPY, SCALE, ADD, TRIAD };

/* The widest vector that every x86-64 has: the same instructions everywhere, and no
 * library function, which would choose its own by CPU. */
typedef double pair __attribute__((vector_size(16)));
#define PAIRS (PIECE / 2)

/* One thread's part. Values are small integers, so that they are exact. */
struct part {
	enum stream_kernel kernel;
	double *arrays[ARRAYS]; /* a, b, c; c is written */
	uint64_t bytes, pieces, cursor;
	double want; /* in every element of c */
};

static double *array_new(uint64_t bytes, double value)
{
	double *array = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (array == MAP_FAILED)
		return NULL;
	/* Without huge pages where there are none: what remains is the TLB's cost. */
	(void)madvise(array, bytes, MADV_HUGEPAGE);
	for (uint64_t i = 0; i < bytes / sizeof(*array); i++)
		array[i] = value;
	return array;
}

static void part_close(void *state)
{
	struct part *part = state;

	for (int i = 0; part && i < ARRAYS; i++)
		if (part->arrays[i])
			(void)munmap(part->arrays[i], part->bytes);
	free(part);
}

/* From a = 1 and b = 2. */
static double expected(enum stream_kernel kernel)
{
	static const double values[] = {
		[COPY] = 1, [SCALE] = SCALAR, [ADD] = 3, [TRIAD] = 1 + 2 * SCALAR};

	return values[kernel];
}

/* The arrays are shared out among the threads. */
static int part_open(const struct workload_setup *setup, enum stream_kernel kernel,
		     void **ret, char *why)
{
	uint32_t threads = setup->threads ? setup->threads : 1;
	uint64_t pieces = setup->size_bytes / threads / PIECE_BYTES;
	struct part *part;

	if (!pieces)
		return kernel_fail(EINVAL, why, "an array of %llu bytes is too small",
				   (unsigned long long)setup->size_bytes);
	part = calloc(1, sizeof(*part));
	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	part->kernel = kernel;
	part->want = expected(kernel);
	part->pieces = pieces;
	part->bytes = pieces * PIECE_BYTES;
	for (int i = 0; i < ARRAYS; i++) {
		part->arrays[i] = array_new(part->bytes, (i + 1) % ARRAYS);
		if (part->arrays[i])
			continue;
		part_close(part);
		return kernel_fail(ENOMEM, why, "no memory for %d arrays of %llu bytes",
				   ARRAYS, (unsigned long long)setup->size_bytes);
	}
	*ret = part;
	return 0;
}

static void do_piece(enum stream_kernel kernel, const pair *a, const pair *b, pair *c)
{
	switch (kernel) {
	case COPY:
		for (uint64_t i = 0; i < PAIRS; i++) {
			pair value = a[i];

			kernel_use_vector(value); /* or it becomes memmove */
			c[i] = value;
		}
		break;
	case SCALE:
		for (uint64_t i = 0; i < PAIRS; i++)
			c[i] = SCALAR * a[i];
		break;
	case ADD:
		for (uint64_t i = 0; i < PAIRS; i++)
			c[i] = a[i] + b[i];
		break;
	case TRIAD:
		for (uint64_t i = 0; i < PAIRS; i++)
			c[i] = a[i] + SCALAR * b[i];
		break;
	}
}

static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;

	for (uint64_t i = 0; i < ops; i++) {
		uint64_t from = part->cursor * PIECE;
		const double *a = part->arrays[0] + from, *b = part->arrays[1] + from;
		double *c = part->arrays[2] + from;

		/* else the last pass's values would do as well */
		c[0] = c[PIECE - 1] = 0;

		do_piece(part->kernel, (const pair *)a, (const pair *)b, (pair *)c);
		kernel_barrier();
		if (c[0] != part->want || c[PIECE - 1] != part->want)
			return kernel_fail(EBADMSG, why,
					   "array elements are %g, %g: not %g", c[0],
					   c[PIECE - 1], part->want);
		*checksum += (uint64_t)c[0] + part->cursor;
		part->cursor = part->cursor + 1 == part->pieces ? 0 : part->cursor + 1;
	}
	return 0;
}

#define STREAM(id, kernel, text, what, moved)                                           \
	static int id##_part(const struct workload_setup *setup, uint32_t thread,       \
			     void **part, char *why)                                    \
	{                                                                               \
		(void)thread;                                                           \
		return part_open(setup, kernel, part, why);                             \
	}                                                                               \
	static const struct kernel_part id##_kind = {                                   \
		.open = id##_part, .run = part_run, .close = part_close};               \
	static int id##_open(const struct workload_setup *setup, void **state,          \
			     char *why)                                                 \
	{                                                                               \
		return kernel_team_open(&id##_kind, setup, state, why);                 \
	}                                                                               \
	static const struct workload_native id##_native = {                             \
		.open = id##_open, .run = kernel_team_run, .close = kernel_team_close}; \
	const struct workload workload_stream_##id = {                                  \
		.name = text,                                                           \
		.summary = what,                                                        \
		.operation = "64 KiB of each array: " moved " KiB moved",               \
		.family = FAMILY_MEMORY,                                                \
		.metric = METRIC_CPU_TIME,                                              \
		.sized = true,                                                          \
		.default_size = "4xllc",                                                \
		.native = &id##_native,                                                 \
	}

STREAM(copy, COPY, "stream-copy", "STREAM copy: c = a", "128");
STREAM(scale, SCALE, "stream-scale", "STREAM scale: c = 3 a", "128");
STREAM(add, ADD, "stream-add", "STREAM add: c = a + b", "192");
STREAM(triad, TRIAD, "stream-triad", "STREAM triad: c = a + 3 b", "192");
