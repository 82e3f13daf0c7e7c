/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integer, floating point, branches, hashing: work that never leaves user mode. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../agent/sha256.h"
#include "kernel.h"

#define BRANCH_BYTES 65536
#define MATRIX 32 /* three 32 × 32 matrices of doubles: 24 KiB, inside every L1 or L2 */
#define HASH_BYTES 4096

/* One thread's state; each kernel uses its part. */
struct cpu {
	uint64_t random, x;
	uint64_t rounds; /* operations so far */
	double a[MATRIX * MATRIX], b[MATRIX * MATRIX], c[MATRIX * MATRIX];
	uint8_t bytes[BRANCH_BYTES];
};

struct cpus {
	struct kernel_pool *pool;
	uint32_t nr;
	void *states[];
};

static void cpus_close(void *state)
{
	struct cpus *cpus = state;

	if (!cpus)
		return;
	kernel_pool_close(cpus->pool);
	for (uint32_t i = 0; i < cpus->nr; i++)
		free(cpus->states[i]);
	free(cpus);
}

static struct cpu *cpu_new(uint64_t seed)
{
	struct cpu *cpu = calloc(1, sizeof(*cpu));

	if (!cpu)
		return NULL;
	cpu->random = seed;
	cpu->x = kernel_random(&cpu->random) | 1;
	for (int i = 0; i < MATRIX * MATRIX; i++) {
		cpu->a[i] = (double)(kernel_random(&cpu->random) % 17) - 8;
		cpu->b[i] = (double)(kernel_random(&cpu->random) % 17) - 8;
	}
	for (int i = 0; i < BRANCH_BYTES; i++)
		cpu->bytes[i] = (uint8_t)kernel_random(&cpu->random);
	return cpu;
}

static int cpus_open(const struct workload_setup *setup, kernel_run *run, void **state,
		     char *why)
{
	uint32_t nr = setup->threads ? setup->threads : 1;
	struct cpus *cpus = calloc(1, sizeof(*cpus) + nr * sizeof(cpus->states[0]));
	int rc;

	if (!cpus)
		return kernel_fail(ENOMEM, why, "no memory");
	cpus->nr = nr;
	for (uint32_t i = 0; i < nr; i++) {
		cpus->states[i] = cpu_new(setup->seed + i);
		if (!cpus->states[i]) {
			cpus_close(cpus);
			return kernel_fail(ENOMEM, why, "no memory");
		}
	}
	rc = kernel_pool_open(cpus->states, nr, run, &cpus->pool, why);
	if (rc)
		return rc; /* the worker ends, and with it all it holds */
	*state = cpus;
	return 0;
}

static int cpus_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	return kernel_pool_run(((struct cpus *)state)->pool, ops, checksum, why);
}

/* --- int: a mix of multiply, add, shift, rotate and divide --- */

static int int_work(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct cpu *cpu = state;
	uint64_t x = cpu->x, divisor = (cpu->random | 1) >> 40 | 3;

	(void)why;
	for (uint64_t i = 0; i < ops; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u; /* Knuth's LCG */
		x ^= x >> 29;
		x += x / divisor;
		x = x << 13 | x >> 51;
		kernel_use(x);
	}
	cpu->x = x;
	*checksum += x;
	return 0;
}

static int int_open(const struct workload_setup *setup, void **state, char *why)
{
	return cpus_open(setup, int_work, state, why);
}

static const struct workload_native int_native = {
	.open = int_open, .run = cpus_run, .close = cpus_close};

const struct workload workload_int = {
	.name = "int",
	.summary = "integer multiply, add, shift, divide, each depending on the last",
	.operation = "one mix of five integer instructions",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &int_native,
};

/* --- float: one row of a matrix product, fused multiply-add --- */

__attribute__((target("avx2,fma"))) static void multiply_row(const double *a,
							     const double *b, double *c)
{
	for (int k = 0; k < MATRIX; k++)
		for (int j = 0; j < MATRIX; j++)
			c[j] = __builtin_fma(a[k], b[k * MATRIX + j], c[j]);
}

/* All values are small integers: sums are exact in any order, so that the result is the
 * same on every CPU and can be checked. */
static int check_row(const double *a, const double *b, const double *c, int column,
		     char *why)
{
	long sum = 0;

	for (int k = 0; k < MATRIX; k++)
		sum += (long)a[k] * (long)b[k * MATRIX + column];
	if ((long)c[column] == sum)
		return 0;
	return kernel_fail(EBADMSG, why, "matrix product is %ld, not %ld",
			   (long)c[column], sum);
}

static int float_work(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct cpu *cpu = state;
	int row = 0;

	for (uint64_t i = 0; i < ops; i++) {
		row = (int)(cpu->rounds++ % MATRIX);
		memset(cpu->c + row * MATRIX, 0, MATRIX * sizeof(double));
		multiply_row(cpu->a + row * MATRIX, cpu->b, cpu->c + row * MATRIX);
		kernel_barrier();
	}
	*checksum += (uint64_t)(int64_t)cpu->c[row * MATRIX + row] + cpu->rounds;
	return check_row(cpu->a + row * MATRIX, cpu->b, cpu->c + row * MATRIX, row, why);
}

static int float_open(const struct workload_setup *setup, void **state, char *why)
{
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
		return kernel_fail(EOPNOTSUPP, why, "this CPU shows no AVX2 and FMA");
	return cpus_open(setup, float_work, state, why);
}

static const struct workload_native float_native = {
	.open = float_open, .run = cpus_run, .close = cpus_close};

const struct workload workload_float = {
	.name = "float",
	.summary = "32 x 32 matrix product in doubles, fused multiply-add (AVX2)",
	.operation = "one row of the product: 1024 multiply-adds",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &float_native,
};

/* --- branch: which way to go depends on random data --- */

static int branch_work(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct cpu *cpu = state;
	uint64_t sum = 0;

	(void)why;
	for (uint64_t i = 0; i < ops; i++) {
		uint64_t at = cpu->rounds++ * 2654435761u % BRANCH_BYTES;

		if (cpu->bytes[at] & 1) {
			sum += at;
			kernel_barrier();
		} else {
			sum ^= at << 1;
			kernel_barrier();
		}
	}
	*checksum += sum;
	return 0;
}

static int branch_open(const struct workload_setup *setup, void **state, char *why)
{
	return cpus_open(setup, branch_work, state, why);
}

static const struct workload_native branch_native = {
	.open = branch_open, .run = cpus_run, .close = cpus_close};

const struct workload workload_branch = {
	.name = "branch",
	.summary = "branches that depend on random bytes: half are mispredicted",
	.operation = "one unpredictable branch",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &branch_native,
};

/* --- sha256 --- */

static int sha256_work(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct cpu *cpu = state;
	uint8_t digest[SHA256_BYTES];
	struct sha256 sha;
	uint64_t word;

	(void)why;
	for (uint64_t i = 0; i < ops; i++) {
		uint64_t at = cpu->rounds++ * 64 % (BRANCH_BYTES - HASH_BYTES);

		sha256_init(&sha);
		sha256_update(&sha, cpu->bytes + at, HASH_BYTES);
		sha256_final(&sha, digest);
		memcpy(&word, digest, sizeof(word));
		*checksum += word;
	}
	return 0;
}

/* FIPS 180-4's example: the digest of "abc" begins with ba7816bf 8f01cfea. */
static int sha256_open(const struct workload_setup *setup, void **state, char *why)
{
	static const uint8_t expected[8] = {0xba, 0x78, 0x16, 0xbf,
					    0x8f, 0x01, 0xcf, 0xea};
	uint8_t digest[SHA256_BYTES];
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, "abc", 3);
	sha256_final(&sha, digest);
	if (memcmp(digest, expected, sizeof(expected)))
		return kernel_fail(EBADMSG, why, "SHA-256 of a known text is wrong");
	return cpus_open(setup, sha256_work, state, why);
}

static const struct workload_native sha256_native = {
	.open = sha256_open, .run = cpus_run, .close = cpus_close};

const struct workload workload_sha256 = {
	.name = "sha256",
	.summary = "SHA-256 in portable C",
	.operation = "4 KiB hashed",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &sha256_native,
};
