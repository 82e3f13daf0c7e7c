/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A branch taken the wrong way is seen at the end of the round. */
#include "bench/agent/proto.h"
#include "bench/workload/branch.c"
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
	CHECK_INT(part_run(part, ROUND - 1, &checksum, why), 0);
	part->sum++;
	CHECK_INT(part_run(part, 1, &checksum, why), -EBADMSG);
	CHECK(!strncmp(why, "branches gave ", 14));
	free(state);
	return check_done();
}
