/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page faults: anonymous 4 KiB pages, transparent huge pages, pages of a cached file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel.h"

#define PAGE 4096u
#define HUGE_PAGE (2u << 20)
#define BATCH 64u /* pages mapped at once */
#define HUGE_BATCH 2u
#define FILE_PAGES 1024u /* 4 MiB */

static uint64_t minor_faults(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_minflt;
}

static void touch(volatile uint8_t *memory, uint64_t pages, uint64_t stride)
{
	for (uint64_t i = 0; i < pages; i++)
		memory[i * stride] = 1;
}

/* --- fault-4k --- */

static int fault_batch(uint64_t pages, char *why)
{
	uint8_t *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return kernel_fail(errno, why, "cannot map memory: %s", strerror(errno));
	(void)madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
	touch(memory, pages, PAGE);
	(void)munmap(memory, pages * PAGE);
	return 0;
}

static int fault_4k_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	uint64_t before = minor_faults(), left = ops, faults;
	int rc = 0;

	(void)state;
	while (!rc && left) {
		uint64_t pages = left < BATCH ? left : BATCH;

		rc = fault_batch(pages, why);
		left -= pages;
	}
	faults = minor_faults() - before;
	*checksum += ops;
	if (!rc && faults < ops)
		return kernel_fail(EBADMSG, why, "%llu faults for %llu pages",
				   (unsigned long long)faults, (unsigned long long)ops);
	return rc;
}

static int plain_open(const struct workload_setup *setup, void **state, char *why)
{
	*state = NULL;
	return kernel_single(setup, why);
}

static void plain_close(void *state)
{
	(void)state;
}

static const struct workload_native fault_4k_native = {
	.open = plain_open, .run = fault_4k_run, .close = plain_close};

const struct workload workload_fault_4k = {
	.name = "fault-4k",
	.summary = "anonymous page faults, 4 KiB pages, mapped and unmapped by 64",
	.operation = "one page touched",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.native = &fault_4k_native,
};

/* --- fault-thp --- */

static int thp_open(const struct workload_setup *setup, void **state, char *why)
{
	char line[128] = "";
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");

	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		(void)fclose(file);
	if (!line[0] || strstr(line, "[never]"))
		return kernel_fail(EOPNOTSUPP, why, "no transparent huge pages here");
	return plain_open(setup, state, why);
}

/* An address range that holds whole huge pages, whatever mmap gives. */
static int thp_batch(uint64_t pages, char *why)
{
	size_t bytes = (pages + 1) * HUGE_PAGE;
	uint8_t *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *aligned;

	if (memory == MAP_FAILED)
		return kernel_fail(errno, why, "cannot map memory: %s", strerror(errno));
	aligned = (uint8_t *)(((uintptr_t)memory + HUGE_PAGE - 1) &
			      ~(uintptr_t)(HUGE_PAGE - 1));
	(void)madvise(aligned, pages * HUGE_PAGE, MADV_HUGEPAGE);
	touch(aligned, pages * (HUGE_PAGE / PAGE), PAGE);
	(void)munmap(memory, bytes);
	return 0;
}

/* Small pages instead of huge ones would be 512 faults each. */
static int thp_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	uint64_t before = minor_faults(), left = ops, faults;
	int rc = 0;

	(void)state;
	while (!rc && left) {
		uint64_t pages = left < HUGE_BATCH ? left : HUGE_BATCH;

		rc = thp_batch(pages, why);
		left -= pages;
	}
	faults = minor_faults() - before;
	*checksum += ops;
	if (!rc && faults > ops * 64)
		return kernel_fail(
			EBADMSG, why,
			"%llu faults for %llu huge pages: memory is fragmented",
			(unsigned long long)faults, (unsigned long long)ops);
	return rc;
}

static const struct workload_native fault_thp_native = {
	.open = thp_open, .run = thp_run, .close = plain_close};

const struct workload workload_fault_thp = {
	.name = "fault-thp",
	.summary =
		"anonymous page faults, 2 MiB transparent huge pages, each 4 KiB touched",
	.operation = "one huge page touched",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.native = &fault_thp_native,
};

/* --- mmap-file --- */

struct mapped {
	int fd;
	uint64_t cursor; /* next page, wraps around */
};

static int fill_file(int fd, uint64_t seed, char *why)
{
	uint8_t page[PAGE];

	for (uint32_t i = 0; i < FILE_PAGES; i++) {
		memset(page, (int)((i + seed) & 0xff), sizeof(page));
		if (write(fd, page, sizeof(page)) != (ssize_t)sizeof(page))
			return kernel_fail(errno, why, "cannot write a file: %s",
					   strerror(errno));
	}
	return 0;
}

static void mmap_file_close(void *state)
{
	struct mapped *mapped = state;

	if (!mapped)
		return;
	(void)close(mapped->fd);
	free(mapped);
}

static int mmap_file_open(const struct workload_setup *setup, void **state, char *why)
{
	struct mapped *mapped;
	int rc = kernel_single(setup, why);

	if (rc)
		return rc;
	mapped = calloc(1, sizeof(*mapped));
	if (!mapped)
		return kernel_fail(ENOMEM, why, "no memory");
	/* Memory-backed everywhere: the file is in the page cache, whatever the disk. */
	mapped->fd = (int)memfd_create("tare", MFD_CLOEXEC);
	if (mapped->fd < 0)
		rc = kernel_fail(errno, why, "cannot make a file: %s", strerror(errno));
	else
		rc = fill_file(mapped->fd, 0, why);
	if (rc)
		mmap_file_close(mapped);
	else
		*state = mapped;
	return rc;
}

static int map_batch(struct mapped *mapped, uint64_t pages, uint64_t *checksum, char *why)
{
	const volatile uint8_t *memory = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED,
					      mapped->fd, (off_t)(mapped->cursor * PAGE));
	int rc = 0;

	if (memory == MAP_FAILED)
		return kernel_fail(errno, why, "cannot map a file: %s", strerror(errno));
	for (uint64_t i = 0; i < pages; i++) {
		uint8_t want = (uint8_t)(mapped->cursor + i), got = memory[i * PAGE];

		*checksum += got;
		if (got != want && !rc)
			rc = kernel_fail(EBADMSG, why, "the file holds %u, not %u", got,
					 want);
	}
	(void)munmap((void *)(uintptr_t)memory, pages * PAGE);
	mapped->cursor = (mapped->cursor + pages) % FILE_PAGES;
	return rc;
}

static int mmap_file_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct mapped *mapped = state;
	int rc = 0;

	while (!rc && ops) {
		uint64_t room = FILE_PAGES - mapped->cursor;
		uint64_t pages = ops < BATCH ? ops : BATCH;

		if (pages > room)
			pages = room;
		rc = map_batch(mapped, pages, checksum, why);
		ops -= pages;
	}
	return rc;
}

static const struct workload_native mmap_file_native = {
	.open = mmap_file_open, .run = mmap_file_run, .close = mmap_file_close};

const struct workload workload_mmap_file = {
	.name = "mmap-file",
	.summary = "map a file that is in the page cache, read each page, unmap, by 64",
	.operation = "one page read",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.native = &mmap_file_native,
};
