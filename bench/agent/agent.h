/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_AGENT_H
#define TARE_AGENT_H

/*
 * The program inside every platform.  It answers what the harness asks (proto.h) and
 * does nothing else; it never outlives its harness.
 */
#include <stddef.h>

#include "bench/agent/proto.h"

/* Says hello and answers until BYE or the stream's end; 0, or a negative errno.
 * begun_ns: CLOCK_MONOTONIC at the agent's first instruction, a fact. */
int serve(int channel, uint64_t begun_ns);

/*
 * worker.c: one epoch.  Forks the worker, which answers OPEN and every SLICE on the
 * channel itself, waits for its end and answers CLOSE; a message that a dead worker left
 * unanswered is answered with FAILED.  0: go on (`died` says why a worker is gone that
 * was not closed, and is left alone otherwise); 1: the stream has ended; negative: it may
 * hold half a message.
 */
int worker_epoch(int channel, const struct proto_open *open,
		 char died[static PROTO_ERROR_MAX]);
/* The answer to a SLICE that no worker is there for. */
int worker_missing(int channel, uint64_t sequence, const char *why);

/* run.c: runs a program (argv: NUL-ended words in `words`) and answers with RAN. */
int run_program(int channel, char *words, size_t length);

/* facts.c: answers FACTS. */
int facts_answer(int channel, uint64_t begun_ns);

#endif
