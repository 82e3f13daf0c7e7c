/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of the file with other bytes is seen. */
#include "bench/agent/proto.h"
#include "bench/workload/mmap_file.c"
#include "tests/check.h"

int main(void)
{
	struct workload_setup setup = {
		.size_bytes = 1 << 16, .seed = 5, .threads = 1, .cpu = -1};
	char why[PROTO_ERROR_MAX] = "";
	uint64_t checksum = 0;
	void *state = NULL;
	struct mapped *mapped;

	CHECK_INT(mapped_open(&setup, &state, why), 0);
	mapped = state;
	CHECK_INT(mapped_run(mapped, FILE_PAGES, &checksum, why), 0);
	CHECK_INT(pwrite(mapped->fd, "x", 1, 5 * PAGE_BYTES), 1);
	CHECK_INT(mapped_run(mapped, FILE_PAGES, &checksum, why), -EBADMSG);
	CHECK_STR(why, "the file holds 120, not 10"); /* seed 5 + page 5 */
	mapped_close(state);
	return check_done();
}
