/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KERNEL_H
#define TARE_KERNEL_H

/* What native kernels share: refusals, pseudo-random numbers, threads. */
#include <stdint.h>

#include "workload.h"

/* Writes a reason (PROTO_ERROR_MAX bytes) and returns -code. */
int kernel_fail(int code, char *why, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Refuses more than one thread; 0 or -EOPNOTSUPP. */
int kernel_single(const struct workload_setup *setup, char *why);

/* splitmix64 (Steele, Lea, Flood 2014): every platform draws the same numbers. */
static inline uint64_t kernel_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Keeps the compiler from dropping or merging what led to a value. */
#define kernel_use(value) __asm__ volatile("" : "+r"(value))
#define kernel_barrier() __asm__ volatile("" ::: "memory")

/*
 * A kernel in several threads: each has a state of its own and does `ops` operations;
 * a pool with one thread runs in the caller.  The checksum is the sum over threads.
 */
typedef int kernel_run(void *state, uint64_t ops, uint64_t *checksum, char *why);
struct kernel_pool;
/* Takes the states (one per thread); they must outlive the pool. */
int kernel_pool_open(void **states, uint32_t nr, kernel_run *run,
		     struct kernel_pool **ret, char *why);
int kernel_pool_run(struct kernel_pool *pool, uint64_t ops, uint64_t *checksum,
		    char *why);
void kernel_pool_close(struct kernel_pool *pool); /* takes NULL */

#endif
