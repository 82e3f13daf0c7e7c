/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cycle that is shorter than all lines is seen. */
#include "bench/agent/proto.h"
#include "bench/workload/chase.c"
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
	CHECK_INT(part_run(part, 3 * part->nr, &checksum, why), 0);
	CHECK_INT(part->at, 0); /* three times around */
	/* line 0 skips one: the cycle has one line less */
	part->lines[0].next = part->lines[part->lines[0].next].next;
	CHECK_INT(part_run(part, 10, &checksum, why), -EBADMSG);
	CHECK_STR(why, "the walk ended at step 11, not 10");
	part_close(state);
	return check_done();
}
