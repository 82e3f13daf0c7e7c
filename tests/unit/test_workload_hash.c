/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece that hashes to something else is seen. */
#include "bench/agent/proto.h"
#include "bench/workload/hash.c"
#include "tests/check.h"

int main(void)
{
	struct workload_setup setup = {
		.size_bytes = 1 << 16, .seed = 5, .threads = 1, .cpu = -1};
	char why[PROTO_ERROR_MAX] = "";
	uint64_t checksum = 0;
	void *state = NULL;
	struct part *part;

	CHECK_INT(part_open(&setup, 0, &state, why), 0);
	part = state;
	CHECK_INT(part_run(part, PIECES, &checksum, why), 0);
	part->bytes[2 * STEP_BYTES] ^= 1;
	CHECK_INT(part_run(part, 3, &checksum, why), -EBADMSG);
	CHECK(strstr(why, " has another digest") != NULL);
	free(state);
	return check_done();
}
