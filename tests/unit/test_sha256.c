/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors: FIPS 180-4's examples (NIST, "SHA256.pdf") and RFC 6234's million of 'a'. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/agent/sha256.h"
#include "tests/check.h"

static const char *hex(const uint8_t digest[static SHA256_BYTES])
{
	static char text[2 * SHA256_BYTES + 1];

	for (int i = 0; i < SHA256_BYTES; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

/* In pieces of `step` bytes: block borders must not matter. */
static const char *hash(const char *text, size_t length, size_t step)
{
	uint8_t digest[SHA256_BYTES];
	struct sha256 sha;

	sha256_init(&sha);
	for (size_t at = 0; at < length; at += step)
		sha256_update(&sha, text + at, length - at < step ? length - at : step);
	sha256_final(&sha, digest);
	return hex(digest);
}

static void test_vectors(void)
{
	static const char two[] =
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

	CHECK_STR(hash("", 0, 1), "e3b0c44298fc1c149afbf4c8996fb924"
				  "27ae41e4649b934ca495991b7852b855");
	CHECK_STR(hash("abc", 3, 3), "ba7816bf8f01cfea414140de5dae2223"
				     "b00361a396177a9cb410ff61f20015ad");
	CHECK_STR(hash(two, strlen(two), 100), "248d6a61d20638b8e5c026930c3e6039"
					       "a33ce45964ff2167f6ecedd419db06c1");
}

static void test_million(void)
{
	static const size_t steps[] = {1, 7, 63, 64, 65, 128, 1000000};
	char *text = malloc(1000000);

	CHECK(text != NULL);
	if (!text)
		return;
	memset(text, 'a', 1000000);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		CHECK_STR(hash(text, 1000000, steps[i]),
			  "cdc76e5c9914fb9281a1c7e284d73e67"
			  "f1809a48a497200e046d39ccc7112cd0");
	free(text);
}

/* Around the place where the length no longer fits into the last block: what one update
 * gives, single bytes must give. */
static void test_padding(void)
{
	char text[130];

	memset(text, 'x', sizeof(text));
	for (size_t length = 50; length <= sizeof(text); length++) {
		char whole[2 * SHA256_BYTES + 1];

		(void)snprintf(whole, sizeof(whole), "%s", hash(text, length, length));
		CHECK_STR(hash(text, length, 1), whole);
	}
}

static void test_file(void)
{
	char path[] = "/tmp/tare-test-sha256-XXXXXX";
	uint8_t digest[SHA256_BYTES];
	int fd = mkstemp(path);

	CHECK(fd >= 0);
	CHECK(write(fd, "abc", 3) == 3);
	(void)close(fd);
	CHECK_INT(sha256_file(path, digest), 0);
	CHECK(!strncmp(hex(digest), "ba7816bf8f01cfea", 16));
	(void)unlink(path);

	memset(digest, 0x5a, sizeof(digest));
	CHECK_INT(sha256_file(path, digest), -ENOENT);
	CHECK_INT(sha256_file("/", digest), -EISDIR);
	CHECK_INT(digest[0], 0x5a); /* untouched */
}

int main(void)
{
	test_vectors();
	test_million();
	test_padding();
	test_file();
	return check_done();
}
