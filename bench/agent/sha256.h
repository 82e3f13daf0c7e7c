/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SHA256_H
#define TARE_SHA256_H

/* SHA-256 (FIPS 180-4): the hash workload, and the proof of which bytes ran. */
#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

struct sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	uint8_t block[64];
};

void sha256_init(struct sha256 *sha);
void sha256_update(struct sha256 *sha, const void *data, size_t length);
void sha256_final(struct sha256 *sha, uint8_t digest[static SHA256_BYTES]);
/* Of a whole file; 0 or a negative errno, digest untouched. */
int sha256_file(const char *path, uint8_t digest[static SHA256_BYTES]);

#endif
