/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KERNEL_H
#define TARE_KERNEL_H

/* What native kernels share: refusals, pseudo-random numbers, threads. */
#include <stdint.h>

#include "bench/workload/workload.h"

/* Writes a reason (PROTO_ERROR_MAX bytes) and returns -code. */
int kernel_fail(int code, char *why, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Refuses more than one thread; 0 or -EOPNOTSUPP. */
int kernel_single(const struct workload_setup *setup, char *why);

/* A file without a name in the folder of the disk under test; -EOPNOTSUPP where this
 * platform has no such folder. The caller closes it. */
int kernel_disk_file(int *fd, char *why);

/* splitmix64 (Steele, Lea, Flood 2014): every platform draws the same numbers. */
static inline uint64_t kernel_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static inline uint64_t kernel_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Keeps the compiler from dropping or merging what led to a value. */
#define kernel_use(value) __asm__ volatile("" : "+r"(value))
#define kernel_use_vector(value) __asm__ volatile("" : "+x"(value))
#define kernel_barrier() __asm__ volatile("" ::: "memory")

/*
 * A kernel that runs in one or more threads.  Each thread has a part of its own, opened
 * in the caller by `open` (which may leave NULL for a kernel without state), and does
 * `ops` operations; checksums are summed.  The functions keep workload_native's rules.
 */
struct kernel_part {
	int (*open)(const struct workload_setup *setup, uint32_t thread, void **part,
		    char *why);
	int (*run)(void *part, uint64_t ops, uint64_t *checksum, char *why);
	void (*close)(void *part); /* takes NULL */
};

/* A team of setup->threads threads, the caller being the first: what a native kernel's
 * open, run and close are made of. A thread that fails fails the run. */
int kernel_team_open(const struct kernel_part *kind, const struct workload_setup *setup,
		     void **ret, char *why);
int kernel_team_run(void *team, uint64_t ops, uint64_t *checksum, char *why);
void kernel_team_close(void *team); /* takes NULL */

#endif
