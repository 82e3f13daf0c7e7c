/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page cache filled and dropped: reads through a sparse file, whose pages cost no
 * input, and drops them `size` bytes later.  In a group whose limit is below that size
 * the kernel has to reclaim each page before.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define PAGE_BYTES 4096u
#define BATCH 64u /* pages read at once */
#define BATCH_BYTES (BATCH * PAGE_BYTES)
#define FILE_SIZES 4u /* the file is as many times the size: a page is long gone */
#define SIZE_MOST (1ull << 32)

struct stream {
	int fd;
	uint64_t lag_bytes, file_bytes, cursor; /* bytes; cursor: to be read next */
	uint8_t buffer[BATCH_BYTES];
};

static void stream_close(void *state)
{
	struct stream *stream = state;

	if (stream && stream->fd >= 0)
		(void)close(stream->fd);
	free(stream);
}

static int make_file(struct stream *stream, char *why)
{
	int rc = kernel_disk_file(&stream->fd, why);

	if (rc)
		return rc;
	if (ftruncate(stream->fd, (off_t)stream->file_bytes))
		return kernel_fail(errno, why, "cannot make a sparse file: %s",
				   strerror(errno));
	/* what is read ahead would be charged out of turn */
	(void)posix_fadvise(stream->fd, 0, 0, POSIX_FADV_RANDOM);
	return 0;
}

static void drop(const struct stream *stream, uint64_t from, uint64_t bytes)
{
	(void)posix_fadvise(stream->fd, (off_t)from, (off_t)bytes, POSIX_FADV_DONTNEED);
}

/* Up to the end of a batch of the file; what is read there has been dropped before. */
static int step(struct stream *stream, uint64_t *left_pages, char *why)
{
	uint64_t at = stream->cursor % BATCH_BYTES;
	uint64_t bytes = kernel_min(BATCH_BYTES - at, *left_pages * PAGE_BYTES);
	ssize_t got = pread(stream->fd, stream->buffer, bytes, (off_t)stream->cursor);

	if (got != (ssize_t)bytes)
		return kernel_fail(got < 0 ? errno : EBADMSG, why,
				   "cannot read a file: %s", strerror(errno));
	if (at + bytes == BATCH_BYTES)
		drop(stream,
		     (stream->cursor - at + stream->file_bytes - stream->lag_bytes) %
			     stream->file_bytes,
		     BATCH_BYTES);
	stream->cursor = (stream->cursor + bytes) % stream->file_bytes;
	*left_pages -= bytes / PAGE_BYTES;
	return 0;
}

static int stream_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct stream *stream = state;
	uint64_t left = ops;
	int rc = 0;

	while (!rc && left)
		rc = step(stream, &left, why);
	*checksum += ops;
	return rc;
}

static int stream_open(const struct workload_setup *setup, void **state, char *why)
{
	struct stream *stream;
	uint64_t ignored = 0;
	int rc = kernel_single(setup, why);

	if (rc)
		return rc;
	if (setup->size_bytes < BATCH_BYTES || setup->size_bytes > SIZE_MOST)
		return kernel_fail(EINVAL, why, "cannot fill %llu bytes",
				   (unsigned long long)setup->size_bytes);
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return kernel_fail(ENOMEM, why, "no memory");
	stream->lag_bytes = setup->size_bytes / BATCH_BYTES * BATCH_BYTES;
	stream->file_bytes = stream->lag_bytes * FILE_SIZES;
	rc = make_file(stream, why);
	if (!rc) /* so that each page read from now on has one to be dropped */
		rc = stream_run(stream, stream->lag_bytes / PAGE_BYTES, &ignored, why);
	if (rc)
		stream_close(stream);
	else
		*state = stream;
	return rc;
}

static const struct workload_native native = {
	.open = stream_open, .run = stream_run, .close = stream_close};

const struct workload workload_cache_fill = {
	.name = "cache-fill",
	.summary = "fill the page cache from a sparse file, drop each page a size later",
	.operation = "one page filled and dropped",
	.family = FAMILY_MEMCG,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_PAGE,
	.disk_folder = true,
	.sized = true,
	.default_size = "4MiB",
	.native = &native,
};
