/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Anonymous page faults: 4 KiB pages and transparent huge pages. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "bench/workload/kernel.h"

#define PAGE_BYTES 4096u
#define HUGE_BYTES (2u << 20)
#define BATCH 64u /* pages mapped at once */
#define HUGE_BATCH 2u
/* Small pages in place of a huge one would be 512 faults. */
#define HUGE_FAULTS_MAX 64u

/* Of this thread alone. */
static uint64_t faults_so_far(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_THREAD, &usage);
	return (uint64_t)usage.ru_minflt;
}

static uint8_t *map(size_t bytes, char *why)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory != MAP_FAILED)
		return memory;
	(void)kernel_fail(errno, why, "cannot map memory: %s", strerror(errno));
	return NULL;
}

static void touch(volatile uint8_t *memory, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += PAGE_BYTES)
		memory[at] = 1;
}

static int small_batch(uint64_t pages, char *why)
{
	uint8_t *memory = map(pages * PAGE_BYTES, why);

	if (!memory)
		return -ENOMEM;
	(void)madvise(memory, pages * PAGE_BYTES, MADV_NOHUGEPAGE);
	touch(memory, pages * PAGE_BYTES);
	(void)munmap(memory, pages * PAGE_BYTES);
	return 0;
}

/* An address range that holds whole huge pages, whatever mmap gives. */
static int huge_batch(uint64_t pages, char *why)
{
	size_t bytes = (pages + 1) * HUGE_BYTES;
	uint8_t *memory = map(bytes, why), *aligned;

	if (!memory)
		return -ENOMEM;
	aligned = memory + (-(uintptr_t)memory & (HUGE_BYTES - 1));
	(void)madvise(aligned, pages * HUGE_BYTES, MADV_HUGEPAGE);
	touch(aligned, pages * HUGE_BYTES);
	(void)munmap(memory, bytes);
	return 0;
}

static int small_run(void *part, uint64_t ops, uint64_t *checksum, char *why)
{
	uint64_t before = faults_so_far(), faults;
	int rc = 0;

	(void)part;
	for (uint64_t left = ops; !rc && left; left -= kernel_min(left, BATCH))
		rc = small_batch(kernel_min(left, BATCH), why);
	faults = faults_so_far() - before;
	*checksum += ops;
	if (!rc && faults < ops)
		return kernel_fail(EBADMSG, why, "%llu faults for %llu pages",
				   (unsigned long long)faults, (unsigned long long)ops);
	return rc;
}

static int huge_run(void *part, uint64_t ops, uint64_t *checksum, char *why)
{
	uint64_t before = faults_so_far(), faults;
	int rc = 0;

	(void)part;
	for (uint64_t left = ops; !rc && left; left -= kernel_min(left, HUGE_BATCH))
		rc = huge_batch(kernel_min(left, HUGE_BATCH), why);
	faults = faults_so_far() - before;
	*checksum += ops;
	if (!rc && (faults < ops || faults > ops * HUGE_FAULTS_MAX))
		return kernel_fail(
			EBADMSG, why,
			"%llu faults for %llu huge pages: memory is fragmented",
			(unsigned long long)faults, (unsigned long long)ops);
	return rc;
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **part,
		     char *why)
{
	(void)setup;
	(void)thread;
	(void)why;
	*part = NULL;
	return 0;
}

static void part_close(void *part)
{
	(void)part;
}

static const struct kernel_part small_kind = {
	.open = part_open, .run = small_run, .close = part_close};
static const struct kernel_part huge_kind = {
	.open = part_open, .run = huge_run, .close = part_close};

static int small_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&small_kind, setup, state, why);
}

static int huge_open(const struct workload_setup *setup, void **state, char *why)
{
	char line[128] = "";
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");

	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		(void)fclose(file);
	if (!line[0] || strstr(line, "[never]"))
		return kernel_fail(EOPNOTSUPP, why, "no transparent huge pages here");
	return kernel_team_open(&huge_kind, setup, state, why);
}

static const struct workload_native small_native = {
	.open = small_open, .run = kernel_team_run, .close = kernel_team_close};
static const struct workload_native huge_native = {
	.open = huge_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_fault_4k = {
	.name = "fault-4k",
	.summary = "anonymous page faults, 4 KiB pages, mapped and unmapped by 64",
	.operation = "one page touched",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_PAGE,
	.native = &small_native,
};

const struct workload workload_fault_thp = {
	.name = "fault-thp",
	.summary =
		"anonymous page faults, 2 MiB transparent huge pages, each 4 KiB touched",
	.operation = "one huge page touched",
	.family = FAMILY_MEMORY,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_PAGE,
	.native = &huge_native,
};
