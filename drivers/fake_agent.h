/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FAKE_AGENT_H
#define TARE_FAKE_AGENT_H

/*
 * An agent that does no work: it speaks the real protocol, takes a known time for each
 * operation, answers fio jobs with JSON of known rates, and fails where a test asks.
 */
#include <stdint.h>

struct fake_script {
	const char *fault;   /* which, or "none" */
	uint64_t at;	     /* the n-th time, from 1; once */
	uint64_t latency_ns; /* before every answer */
	double cost;	     /* times what an operation costs: 1 is the baseline */
	double clock;	     /* seconds of its clock in one of the host's: 1 is honest */
	char move_to[512];   /* cgroup.procs that it writes itself to when it moves */
	uint8_t agent_sha256[32], fio_sha256[32]; /* what its hello says */
};

#define FAKE_OPERATION_NS 100u
#define FAKE_IO_NS 100000u /* one I/O of the queue's head: 10 000 a second */

/* Serves the stream until it ends, then exits. */
_Noreturn void fake_agent_serve(int channel, const struct fake_script *script);

#endif
