/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word that changes by itself is seen, at the latest after a round of portions. */
#include "bench/agent/proto.h"
#include "bench/workload/gups.c"
#include "tests/check.h"

static int rounds(struct part *part, int nr, uint64_t *checksum, char *why)
{
	int rc = 0;

	for (int i = 0; !rc && i < nr; i++)
		rc = part_run(part, 100, checksum, why);
	return rc;
}

int main(void)
{
	struct workload_setup setup = {
		.size_bytes = 3 << 20, .seed = 5, .threads = 1, .cpu = -1};
	char why[PROTO_ERROR_MAX] = "";
	uint64_t first = 0, second = 0;
	void *state = NULL, *other = NULL;
	struct part *part;

	CHECK_INT(part_open(&setup, 0, &state, why), 0);
	CHECK_INT(part_open(&setup, 0, &other, why), 0);
	part = state;
	CHECK_INT(part->nr, (2 << 20) / 8); /* the power of two below */
	CHECK_INT(rounds(part, 2 * PORTIONS, &first, why), 0);
	CHECK_INT(rounds(other, 2 * PORTIONS, &second, why), 0);
	CHECK(first == second && first);
	part->words[part->nr - 1] ^= 1;
	CHECK_INT(rounds(part, PORTIONS, &first, why), -EBADMSG);
	CHECK_STR(why, "portion 1023 of the table is wrong");
	part_close(state);
	part_close(other);
	setup.size_bytes = 4096;
	CHECK_INT(part_open(&setup, 0, &state, why), -EINVAL);
	return check_done();
}
