/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 over pieces of a random buffer, each digest compared with the first pass's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/agent/sha256.h"
#include "bench/workload/kernel.h"

#define PIECE_BYTES 4096
#define STEP_BYTES 1024
#define PIECES 60

struct part {
	uint8_t bytes[(PIECES - 1) * STEP_BYTES + PIECE_BYTES];
	uint64_t expected[PIECES];
	uint64_t rounds; /* operations so far */
};

/* The digest's first eight bytes. */
static uint64_t hash(const uint8_t *bytes, size_t length)
{
	uint8_t digest[SHA256_BYTES];
	struct sha256 sha;
	uint64_t word;

	sha256_init(&sha);
	sha256_update(&sha, bytes, length);
	sha256_final(&sha, digest);
	memcpy(&word, digest, sizeof(word));
	return word;
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part = calloc(1, sizeof(*part));
	uint64_t random = setup->seed + thread;

	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	for (size_t i = 0; i < sizeof(part->bytes); i++)
		part->bytes[i] = (uint8_t)kernel_random(&random);
	for (uint64_t i = 0; i < PIECES; i++)
		part->expected[i] = hash(part->bytes + i * STEP_BYTES, PIECE_BYTES);
	*ret = part;
	return 0;
}

static int part_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct part *part = state;

	for (uint64_t i = 0; i < ops; i++) {
		uint64_t piece = part->rounds++ % PIECES;
		uint64_t word = hash(part->bytes + piece * STEP_BYTES, PIECE_BYTES);

		if (word != part->expected[piece])
			return kernel_fail(EBADMSG, why, "piece %llu has another digest",
					   (unsigned long long)piece);
		*checksum += word;
	}
	return 0;
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = free};

/* FIPS 180-4's example: the digest of "abc" begins with ba7816bf 8f01cfea. */
static int hash_open(const struct workload_setup *setup, void **state, char *why)
{
	static const uint8_t known[8] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea};
	uint64_t word = hash((const uint8_t *)"abc", 3);

	if (memcmp(&word, known, sizeof(known)) != 0)
		return kernel_fail(EBADMSG, why, "SHA-256 of a known text is wrong");
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = hash_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_sha256 = {
	.name = "sha256",
	.summary = "SHA-256 in portable C",
	.operation = "4 KiB hashed",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &native,
};
