/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wrong element of the product is seen. */
#include "bench/agent/proto.h"
#include "bench/workload/float.c"
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
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
		SKIP("this CPU shows no AVX2 and FMA");
		free(state);
		return check_done();
	}
	CHECK_INT(part_run(part, SIDE * SIDE, &checksum, why), 0);
	part->b[3][0] += 1; /* column 0 is looked at in the next 32 rows */
	CHECK_INT(part_run(part, SIDE, &checksum, why), -EBADMSG);
	CHECK(!strncmp(why, "matrix product is ", 18));
	free(state);
	return check_done();
}
