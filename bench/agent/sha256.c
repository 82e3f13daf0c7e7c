/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/agent/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* First 32 bits of the fractional parts of the cube roots of the first 64 primes
 * (FIPS 180-4, 4.2.2). */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t load_be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void expand(const uint8_t *block, uint32_t w[64])
{
	for (int t = 0; t < 16; t++)
		w[t] = load_be(block + 4 * t);
	for (int t = 16; t < 64; t++) {
		uint32_t a = w[t - 15], b = w[t - 2];

		w[t] = w[t - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 7] +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

/* One round; the caller renames the variables instead of moving their values. */
#define ROUND(a, b, c, d, e, f, g, h, t)                                                 \
	do {                                                                             \
		uint32_t t1_ = (h) + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +    \
			       (((e) & (f)) ^ (~(e) & (g))) + round_constants[t] + w[t]; \
		(d) += t1_;                                                              \
		(h) = t1_ + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +             \
		      (((a) & (b)) ^ ((a) & (c)) ^ ((b) & (c)));                         \
	} while (0)

static void compress(struct sha256 *sha, const uint8_t *block)
{
	uint32_t a = sha->state[0], b = sha->state[1], c = sha->state[2];
	uint32_t d = sha->state[3], e = sha->state[4], f = sha->state[5];
	uint32_t g = sha->state[6], h = sha->state[7], w[64];

	expand(block, w);
	for (int t = 0; t < 64; t += 8) {
		ROUND(a, b, c, d, e, f, g, h, t);
		ROUND(h, a, b, c, d, e, f, g, t + 1);
		ROUND(g, h, a, b, c, d, e, f, t + 2);
		ROUND(f, g, h, a, b, c, d, e, t + 3);
		ROUND(e, f, g, h, a, b, c, d, t + 4);
		ROUND(d, e, f, g, h, a, b, c, t + 5);
		ROUND(c, d, e, f, g, h, a, b, t + 6);
		ROUND(b, c, d, e, f, g, h, a, t + 7);
	}
	sha->state[0] += a;
	sha->state[1] += b;
	sha->state[2] += c;
	sha->state[3] += d;
	sha->state[4] += e;
	sha->state[5] += f;
	sha->state[6] += g;
	sha->state[7] += h;
}

void sha256_init(struct sha256 *sha)
{
	static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	memcpy(sha->state, start, sizeof(start));
	sha->length = 0;
}

void sha256_update(struct sha256 *sha, const void *data, size_t length)
{
	const uint8_t *at = data;
	size_t held = sha->length % 64;

	sha->length += length;
	if (held) {
		size_t part = 64 - held < length ? 64 - held : length;

		memcpy(sha->block + held, at, part);
		at += part;
		length -= part;
		if (held + part < 64)
			return;
		compress(sha, sha->block);
	}
	for (; length >= 64; at += 64, length -= 64)
		compress(sha, at);
	memcpy(sha->block, at, length);
}

void sha256_final(struct sha256 *sha, uint8_t digest[static SHA256_BYTES])
{
	uint64_t bits = sha->length * 8;
	uint8_t padding[72] = {0x80};
	size_t length = (sha->length % 64 < 56 ? 56 : 120) - sha->length % 64;

	for (int i = 0; i < 8; i++)
		padding[length + (size_t)i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_update(sha, padding, length + 8);
	for (int i = 0; i < 32; i++)
		digest[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}

int sha256_file(const char *path, uint8_t digest[static SHA256_BYTES])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t buffer[1 << 14];
	struct sha256 sha;
	ssize_t got;
	int rc;

	if (fd < 0)
		return -errno;
	sha256_init(&sha);
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		sha256_update(&sha, buffer, (size_t)got);
	rc = got < 0 ? -errno : 0;
	(void)close(fd);
	if (!rc)
		sha256_final(&sha, digest);
	return rc;
}
