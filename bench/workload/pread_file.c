/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of a file on a disk, read in no order. All of them are in the page cache when the
 * work begins; one that somebody makes the kernel drop has to come from the disk again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define PAGE_BYTES 4096u
#define BATCH_BYTES (64u * PAGE_BYTES)
#define SIZE_MOST (1ull << 30)
#define ROOM 4 /* times the file's size that the disk has free */

struct set {
	int fd;
	uint64_t pages, random, first;
	uint8_t buffer[BATCH_BYTES];
};

static void set_close(void *state)
{
	struct set *set = state;

	if (set && set->fd >= 0)
		(void)close(set->fd);
	free(set);
}

static uint8_t byte_of(const struct set *set, uint64_t page)
{
	return (uint8_t)(set->first + page * 7);
}

static int check_room(const struct set *set, char *why)
{
	struct statvfs disk;

	if (fstatvfs(set->fd, &disk))
		return kernel_fail(errno, why, "cannot look at the disk: %s",
				   strerror(errno));
	if (disk.f_bavail * disk.f_frsize / ROOM < set->pages * PAGE_BYTES)
		return kernel_fail(ENOSPC, why,
				   "less than %d times the file's size is "
				   "free on its disk",
				   ROOM);
	return 0;
}

/* On the disk and clean, or the kernel could not drop its pages. */
static int write_set(struct set *set, char *why)
{
	uint64_t per_batch = BATCH_BYTES / PAGE_BYTES;

	for (uint64_t page = 0; page < set->pages; page += per_batch) {
		for (uint64_t i = 0; i < per_batch; i++)
			memset(set->buffer + i * PAGE_BYTES, byte_of(set, page + i),
			       PAGE_BYTES);
		if (write(set->fd, set->buffer, BATCH_BYTES) != BATCH_BYTES)
			return kernel_fail(errno, why, "cannot write a file: %s",
					   strerror(errno));
	}
	if (fdatasync(set->fd))
		return kernel_fail(errno, why, "cannot write a file: %s",
				   strerror(errno));
	/* a page that is read ahead was not asked for */
	(void)posix_fadvise(set->fd, 0, 0, POSIX_FADV_RANDOM);
	return 0;
}

static int make_file(struct set *set, char *why)
{
	int rc = kernel_disk_file(&set->fd, why);

	if (!rc)
		rc = check_room(set, why);
	return rc ? rc : write_set(set, why);
}

static int set_open(const struct workload_setup *setup, void **state, char *why)
{
	struct set *set;
	int rc = kernel_single(setup, why);

	if (rc)
		return rc;
	if (setup->size_bytes < BATCH_BYTES || setup->size_bytes > SIZE_MOST)
		return kernel_fail(EINVAL, why, "cannot read %llu bytes",
				   (unsigned long long)setup->size_bytes);
	set = calloc(1, sizeof(*set));
	if (!set)
		return kernel_fail(ENOMEM, why, "no memory");
	set->first = set->random = setup->seed;
	set->pages = setup->size_bytes / BATCH_BYTES * (BATCH_BYTES / PAGE_BYTES);
	rc = make_file(set, why);
	if (rc)
		set_close(set);
	else
		*state = set;
	return rc;
}

static int set_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct set *set = state;

	for (uint64_t i = 0; i < ops; i++) {
		uint64_t page = kernel_random(&set->random) % set->pages;
		uint8_t want = byte_of(set, page);

		set->buffer[0] = (uint8_t)~want;
		if (pread(set->fd, set->buffer, PAGE_BYTES, (off_t)(page * PAGE_BYTES)) !=
		    PAGE_BYTES)
			return kernel_fail(errno, why, "cannot read a file: %s",
					   strerror(errno));
		if (set->buffer[0] != want)
			return kernel_fail(EBADMSG, why, "the file holds %u, not %u",
					   set->buffer[0], want);
		*checksum += want + 1u;
	}
	return 0;
}

static const struct workload_native native = {
	.open = set_open, .run = set_run, .close = set_close};

const struct workload workload_pread_file = {
	.name = "pread-file",
	.summary = "pread(2) of any pages of a file on the disk, cached until evicted",
	.operation = "one page read",
	.family = FAMILY_MEMORY,
	.metric = METRIC_WALL_TIME,
	.charges = CHARGE_PAGE,
	.disk_folder = true,
	.sized = true,
	.default_size = "16MiB",
	.native = &native,
};
