/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STREAM's four kernels (McCalpin, "Memory Bandwidth and Machine Balance", 1995), done in
 * pieces: an operation is one piece of each array, and the cursor wraps around.  Values
 * stay small integers, so that what is read back can be checked exactly.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kernel.h"

#define PIECE_BYTES (64u << 10)
#define PIECE (PIECE_BYTES / sizeof(double))
#define SCALAR 3.0

enum stream_kernel { COPY, SCALE, ADD, TRIAD };

/* One thread's part. */
struct part {
	enum stream_kernel kernel;
	double *a, *b, *c;
	uint64_t pieces, cursor;
};

struct stream {
	struct kernel_pool *pool;
	uint32_t nr;
	void *parts[];
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

static void part_free(struct part *part)
{
	uint64_t bytes = part ? part->pieces * PIECE_BYTES : 0;

	if (!part)
		return;
	if (part->a)
		(void)munmap(part->a, bytes);
	if (part->b)
		(void)munmap(part->b, bytes);
	if (part->c)
		(void)munmap(part->c, bytes);
	free(part);
}

static struct part *part_new(enum stream_kernel kernel, uint64_t bytes)
{
	struct part *part = calloc(1, sizeof(*part));

	if (!part)
		return NULL;
	part->kernel = kernel;
	part->pieces = bytes / PIECE_BYTES;
	part->a = array_new(bytes, 1);
	part->b = array_new(bytes, 2);
	part->c = array_new(bytes, 0);
	if (part->a && part->b && part->c)
		return part;
	part_free(part);
	return NULL;
}

static void do_piece(const struct part *part, uint64_t from)
{
	double *a = part->a + from, *b = part->b + from, *c = part->c + from;

	switch (part->kernel) {
	case COPY:
		for (uint64_t i = 0; i < PIECE; i++)
			c[i] = a[i];
		break;
	case SCALE:
		for (uint64_t i = 0; i < PIECE; i++)
			c[i] = SCALAR * a[i];
		break;
	case ADD:
		for (uint64_t i = 0; i < PIECE; i++)
			c[i] = a[i] + b[i];
		break;
	case TRIAD:
		for (uint64_t i = 0; i < PIECE; i++)
			c[i] = a[i] + SCALAR * b[i];
		break;
	}
}

static double expected(enum stream_kernel kernel)
{
	static const double values[] = {
		[COPY] = 1, [SCALE] = SCALAR, [ADD] = 3, [TRIAD] = 1 + 2 * SCALAR};

	return values[kernel];
}

static int part_work(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;
	uint64_t from = 0;

	for (uint64_t i = 0; i < ops; i++) {
		from = part->cursor * PIECE;
		do_piece(part, from);
		kernel_barrier();
		part->cursor = part->cursor + 1 == part->pieces ? 0 : part->cursor + 1;
	}
	if (ops && (part->c[from] != expected(part->kernel) ||
		    part->c[from + PIECE - 1] != expected(part->kernel)))
		return kernel_fail(EBADMSG, why, "array element is %g, not %g",
				   part->c[from], expected(part->kernel));
	*checksum += part->cursor;
	return 0;
}

static void stream_close(void *state)
{
	struct stream *stream = state;

	if (!stream)
		return;
	kernel_pool_close(stream->pool);
	for (uint32_t i = 0; i < stream->nr; i++)
		part_free(stream->parts[i]);
	free(stream);
}

/* The arrays are shared out among the threads. */
static int stream_open(const struct workload_setup *setup, enum stream_kernel kernel,
		       void **state, char *why)
{
	uint32_t nr = setup->threads ? setup->threads : 1;
	struct stream *stream =
		calloc(1, sizeof(*stream) + nr * sizeof(stream->parts[0]));
	uint64_t bytes = setup->size_bytes / nr / PIECE_BYTES * PIECE_BYTES;
	int rc;

	if (!stream)
		return kernel_fail(ENOMEM, why, "no memory");
	if (!bytes)
		return kernel_fail(EINVAL, why, "an array of %llu bytes is too small",
				   (unsigned long long)setup->size_bytes);
	stream->nr = nr;
	for (uint32_t i = 0; i < nr; i++) {
		stream->parts[i] = part_new(kernel, bytes);
		if (!stream->parts[i]) {
			stream_close(stream);
			return kernel_fail(ENOMEM, why,
					   "no memory for three arrays of %llu bytes",
					   (unsigned long long)bytes);
		}
	}
	rc = kernel_pool_open(stream->parts, nr, part_work, &stream->pool, why);
	if (!rc)
		*state = stream;
	return rc;
}

static int stream_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	return kernel_pool_run(((struct stream *)state)->pool, ops, checksum, why);
}

#define STREAM(id, kernel, text, what)                                         \
	static int id##_open(const struct workload_setup *setup, void **state, \
			     char *why)                                        \
	{                                                                      \
		return stream_open(setup, kernel, state, why);                 \
	}                                                                      \
	static const struct workload_native id##_native = {                    \
		.open = id##_open, .run = stream_run, .close = stream_close};  \
	const struct workload workload_stream_##id = {                         \
		.name = text,                                                  \
		.summary = what,                                               \
		.operation = "64 KiB of each array",                           \
		.family = FAMILY_MEMORY,                                       \
		.metric = METRIC_CPU_TIME,                                     \
		.sized = true,                                                 \
		.default_size = "4xllc",                                       \
		.native = &id##_native,                                        \
	}

STREAM(copy, COPY, "stream-copy", "STREAM copy: c = a");
STREAM(scale, SCALE, "stream-scale", "STREAM scale: c = 3 a");
STREAM(add, ADD, "stream-add", "STREAM add: c = a + b");
STREAM(triad, TRIAD, "stream-triad", "STREAM triad: c = a + 3 b");
