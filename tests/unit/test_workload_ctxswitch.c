/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A partner that did not answer each call is seen. */
#include "bench/agent/proto.h"
#include "bench/workload/ctxswitch.c"
#include "tests/check.h"

static void *be_impostor(void *argument)
{
	struct pair *pair = argument;

	for (int i = 0; i < 3; i++) {
		wait_turn(pair, 1);
		hand_over(pair, 0);
	}
	return NULL;
}

int main(void)
{
	struct workload_setup setup = {
		.size_bytes = 1 << 16, .seed = 5, .threads = 1, .cpu = -1};
	char why[PROTO_ERROR_MAX] = "";
	uint64_t checksum = 0;
	void *state = NULL;
	struct pair *pair;
	pthread_t impostor;

	CHECK_INT(pair_open(&setup, &state, why), 0);
	pair = state;
	CHECK_INT(pair_run(pair, 10, &checksum, why), 0);
	CHECK_INT(pair->answered, 10);
	/* a thread of our own hands the turn back without answering */
	atomic_store(&pair->leaving, true);
	hand_over(pair, 1);
	(void)pthread_join(pair->partner, NULL);
	atomic_store(&pair->turn, 0);
	CHECK_INT(pthread_create(&impostor, NULL, be_impostor, pair), 0);
	CHECK_INT(pair_run(pair, 3, &checksum, why), -EBADMSG);
	CHECK_STR(why, "0 answers to 3 calls");
	(void)pthread_join(impostor, NULL);
	free(state);
	return check_done();
}
