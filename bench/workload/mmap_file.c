/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Map a file that is in the page cache, read each page once, unmap. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define PAGE_BYTES 4096u
#define BATCH 64u /* pages mapped at once */
#define FILE_PAGES 1024u

struct mapped {
	int fd;
	uint8_t first;	 /* byte of the first page, the next page's is one more */
	uint64_t cursor; /* next page, wraps around */
};

static int fill_file(const struct mapped *mapped, char *why)
{
	uint8_t page[PAGE_BYTES];

	for (uint32_t i = 0; i < FILE_PAGES; i++) {
		memset(page, (uint8_t)(mapped->first + i), sizeof(page));
		if (write(mapped->fd, page, sizeof(page)) != (ssize_t)sizeof(page))
			return kernel_fail(errno, why, "cannot write a file: %s",
					   strerror(errno));
	}
	return 0;
}

static void mapped_close(void *state)
{
	struct mapped *mapped = state;

	if (mapped && mapped->fd >= 0)
		(void)close(mapped->fd);
	free(mapped);
}

static int mapped_open(const struct workload_setup *setup, void **state, char *why)
{
	struct mapped *mapped;
	int rc = kernel_single(setup, why);

	if (rc)
		return rc;
	mapped = calloc(1, sizeof(*mapped));
	if (!mapped)
		return kernel_fail(ENOMEM, why, "no memory");
	mapped->first = (uint8_t)setup->seed;
	/* Memory-backed everywhere: the file is in the page cache, whatever the disk. */
	mapped->fd = memfd_create("tare", MFD_CLOEXEC);
	if (mapped->fd < 0)
		rc = kernel_fail(errno, why, "cannot make a file: %s", strerror(errno));
	else
		rc = fill_file(mapped, why);
	if (rc)
		mapped_close(mapped);
	else
		*state = mapped;
	return rc;
}

static int read_batch(struct mapped *mapped, uint64_t pages, uint64_t *checksum,
		      char *why)
{
	size_t bytes = pages * PAGE_BYTES;
	void *memory = mmap(NULL, bytes, PROT_READ, MAP_SHARED, mapped->fd,
			    (off_t)(mapped->cursor * PAGE_BYTES));
	const volatile uint8_t *at = memory;
	int rc = 0;

	if (memory == MAP_FAILED)
		return kernel_fail(errno, why, "cannot map a file: %s", strerror(errno));
	for (uint64_t i = 0; i < pages; i++) {
		uint8_t want = (uint8_t)(mapped->first + mapped->cursor + i);
		uint8_t got = at[i * PAGE_BYTES];

		*checksum += got;
		if (got != want && !rc)
			rc = kernel_fail(EBADMSG, why, "the file holds %u, not %u", got,
					 want);
	}
	(void)munmap(memory, bytes);
	mapped->cursor = (mapped->cursor + pages) % FILE_PAGES;
	return rc;
}

static int mapped_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct mapped *mapped = state;
	int rc = 0;

	while (!rc && ops) {
		uint64_t pages =
			kernel_min(kernel_min(ops, BATCH), FILE_PAGES - mapped->cursor);

		rc = read_batch(mapped, pages, checksum, why);
		ops -= pages;
	}
	return rc;
}

static const struct workload_native native = {
	.open = mapped_open, .run = mapped_run, .close = mapped_close};

const struct workload workload_mmap_file = {
	.name = "mmap-file",
	.summary = "map a file that is in the page cache, read each page, unmap, by 64",
	.operation = "one page read",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_OBJECT,
	.native = &native,
};
