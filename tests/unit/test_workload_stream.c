/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STREAM's four kernels: right values throughout, and wrong ones seen. */
#include "bench/agent/proto.h"
#include "bench/workload/stream.c"
#include "tests/check.h"

#define SIZE_BYTES (4 * PIECE_BYTES)

static uint64_t count_wrong(const struct part *part, double want)
{
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < SIZE_BYTES / sizeof(double); i++)
		wrong += part->arrays[2][i] != want;
	return wrong;
}

static void test_kernel(enum stream_kernel kernel, double want, uint64_t wrong_in)
{
	struct workload_setup setup = {
		.size_bytes = SIZE_BYTES, .seed = 5, .threads = 1, .cpu = -1};
	char why[PROTO_ERROR_MAX] = "";
	uint64_t checksum = 0;
	void *state = NULL;
	struct part *part;

	CHECK_INT(part_open(&setup, kernel, &state, why), 0);
	part = state;
	CHECK_INT(part->pieces, 4);
	CHECK_INT(part_run(part, 3, &checksum, why), 0);
	CHECK_INT(count_wrong(part, want), PIECE); /* the fourth piece is to come */
	CHECK_INT(part_run(part, 6, &checksum, why), 0);
	CHECK_INT(part->cursor, 1); /* it wrapped around */
	CHECK_INT(count_wrong(part, want), 0);

	part->arrays[wrong_in][2 * PIECE - 1] += 1;
	CHECK_INT(part_run(part, 1, &checksum, why), -EBADMSG);
	CHECK(!strncmp(why, "array elements are ", 19));
	part->cursor = 3; /* the last pass left the right values: doing nothing is seen */
	part->kernel = 99;
	CHECK_INT(part_run(part, 1, &checksum, why), -EBADMSG);
	part_close(part);
}

int main(void)
{
	test_kernel(COPY, 1, 0);
	test_kernel(SCALE, 3, 0);
	test_kernel(ADD, 3, 1);
	test_kernel(TRIAD, 7, 1);
	return check_done();
}
