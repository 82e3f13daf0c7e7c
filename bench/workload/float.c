/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floating point: a matrix product in doubles, by fused multiply-add on AVX2 vectors. */
#include <errno.h>
#include <immintrin.h>
#include <stdlib.h>

#include "bench/workload/kernel.h"

#define SIDE 32 /* three 32 x 32 matrices of doubles: 24 KiB, inside every L1 or L2 */
#define LANES 4
#define VECTORS (SIDE / LANES)

/* All values are small integers: sums are exact in any order, so that the result is the
 * same on every CPU and can be checked. */
struct part {
	double a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];
	int32_t expected[SIDE][SIDE];
	uint64_t rounds; /* operations so far */
} __attribute__((aligned(64)));

/* One row: eight vectors of sums stay in registers. */
__attribute__((target("avx2,fma"))) static void
multiply_row(const double a[SIDE], const double b[SIDE][SIDE], double c[SIDE])
{
	__m256d sums[VECTORS];

	for (int v = 0; v < VECTORS; v++)
		sums[v] = _mm256_setzero_pd();
	for (int k = 0; k < SIDE; k++) {
		__m256d factor = _mm256_broadcast_sd(&a[k]);

#pragma GCC unroll 8
		for (int v = 0; v < VECTORS; v++)
			sums[v] = _mm256_fmadd_pd(
				factor, _mm256_load_pd(&b[k][v * LANES]), sums[v]);
	}
	for (int v = 0; v < VECTORS; v++)
		_mm256_store_pd(&c[v * LANES], sums[v]);
}

static void fill(struct part *part, uint64_t random)
{
	for (int i = 0; i < SIDE * SIDE; i++) {
		part->a[i / SIDE][i % SIDE] = (double)(kernel_random(&random) % 17) - 8;
		part->b[i / SIDE][i % SIDE] = (double)(kernel_random(&random) % 17) - 8;
	}
	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE; j++)
			for (int k = 0; k < SIDE; k++)
				part->expected[i][j] +=
					(int32_t)part->a[i][k] * (int32_t)part->b[k][j];
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part = aligned_alloc(64, sizeof(*part));

	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	*part = (struct part){.rounds = 0};
	fill(part, setup->seed + thread);
	*ret = part;
	return 0;
}

/* One element of each row is checked as it is made, another one each time around. */
static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;

	for (uint64_t i = 0; i < ops; i++) {
		uint64_t row = part->rounds % SIDE, column = part->rounds / SIDE % SIDE;
		double got;

		multiply_row(part->a[row], part->b, part->c[row]);
		kernel_barrier();
		got = part->c[row][column];
		if (got != part->expected[row][column])
			return kernel_fail(EBADMSG, why, "matrix product is %g, not %d",
					   got, part->expected[row][column]);
		*checksum += (uint64_t)(int64_t)got + part->rounds++;
	}
	return 0;
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = free};

static int float_open(const struct workload_setup *setup, void **state, char *why)
{
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
		return kernel_fail(EOPNOTSUPP, why, "this CPU shows no AVX2 and FMA");
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = float_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_float = {
	.name = "float",
	.summary = "32 x 32 matrix product in doubles, fused multiply-add (AVX2)",
	.operation = "one row of the product: 1024 multiply-adds",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &native,
};
