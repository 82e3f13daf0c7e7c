/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files in memory: write and truncate, which charges and gives back each page; and read
 * what is there, which charges nothing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define PAGE_BYTES 4096u
#define BATCH 64u /* pages written before they are given back */
#define FILE_PAGES 1024u

struct part {
	int fd;
	uint8_t first;	 /* byte of the first page, the next page's is one more */
	uint64_t cursor; /* page to be read next */
	uint8_t page[PAGE_BYTES];
};

static void part_close(void *state)
{
	struct part *part = state;

	if (part && part->fd >= 0)
		(void)close(part->fd);
	free(part);
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part = calloc(1, sizeof(*part));

	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	part->first = (uint8_t)(setup->seed + thread);
	part->fd = memfd_create("tare", MFD_CLOEXEC);
	if (part->fd < 0) {
		int rc = kernel_fail(errno, why, "cannot make a file in memory: %s",
				     strerror(errno));

		part_close(part);
		return rc;
	}
	*ret = part;
	return 0;
}

static int write_page(struct part *part, uint64_t nr, char *why)
{
	part->page[0] = (uint8_t)(part->first + nr);
	if (pwrite(part->fd, part->page, PAGE_BYTES, (off_t)(nr * PAGE_BYTES)) ==
	    PAGE_BYTES)
		return 0;
	return kernel_fail(errno, why, "cannot write in memory: %s", strerror(errno));
}

static int write_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;
	int rc = 0;

	for (uint64_t left = ops; !rc && left;) {
		uint64_t nr = kernel_min(left, BATCH);

		for (uint64_t i = 0; !rc && i < nr; i++)
			rc = write_page(part, i, why);
		if (!rc && ftruncate(part->fd, 0))
			rc = kernel_fail(errno, why, "cannot truncate a file: %s",
					 strerror(errno));
		left -= nr;
	}
	*checksum += ops;
	return rc;
}

static int filled_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		       char *why)
{
	int rc = part_open(setup, thread, ret, why);

	for (uint64_t i = 0; !rc && i < FILE_PAGES; i++)
		rc = write_page(*ret, i, why);
	return rc;
}

static int read_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;

	for (uint64_t i = 0; i < ops; i++) {
		uint8_t want = (uint8_t)(part->first + part->cursor);

		part->page[0] = (uint8_t)~want;
		if (pread(part->fd, part->page, PAGE_BYTES,
			  (off_t)(part->cursor * PAGE_BYTES)) != PAGE_BYTES)
			return kernel_fail(errno, why, "cannot read a file: %s",
					   strerror(errno));
		if (part->page[0] != want)
			return kernel_fail(EBADMSG, why, "the file holds %u, not %u",
					   part->page[0], want);
		*checksum += want + 1u;
		part->cursor = (part->cursor + 1) % FILE_PAGES;
	}
	return 0;
}

static const struct kernel_part write_kind = {
	.open = part_open, .run = write_run, .close = part_close};
static const struct kernel_part read_kind = {
	.open = filled_open, .run = read_run, .close = part_close};

static int write_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&write_kind, setup, state, why);
}

static int read_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&read_kind, setup, state, why);
}

static const struct workload_native write_native = {
	.open = write_open, .run = kernel_team_run, .close = kernel_team_close};
static const struct workload_native read_native = {
	.open = read_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_tmpfs_write = {
	.name = "tmpfs-write",
	.summary = "write a file in memory page by page and truncate it, by 64",
	.operation = "one page written",
	.family = FAMILY_MEMCG,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_PAGE,
	.native = &write_native,
};

const struct workload workload_pread_cached = {
	.name = "pread-cached",
	.summary = "pread(2) of pages that are in the page cache",
	.operation = "one page read",
	.family = FAMILY_MEMCG,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_NONE,
	.native = &read_native,
};
