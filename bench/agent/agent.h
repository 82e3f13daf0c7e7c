/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_AGENT_H
#define TARE_AGENT_H

/*
 * The program inside every platform.  It answers what the harness asks (proto.h) and
 * does nothing else; it never outlives its harness.
 */
#include <stddef.h>

#include "proto.h"

/* Says hello and answers until BYE or the stream's end; 0, or a negative errno. */
int serve(int channel);

/* worker.c: one epoch. Forks the worker, which answers OPEN's READY, SLICEs and CLOSE on
 * the channel itself; comes back when it has ended. 0: it closed in order; 1: the stream
 * ended; negative: it died (the harness is told by the stream's end). */
int worker_epoch(int channel, const struct proto_open *open);

/* run.c: runs a program (argv: NUL-ended words in `words`) and answers with RAN. */
int run_program(int channel, char *words, size_t length);

/* facts.c: answers FACTS. */
int facts_answer(int channel);

#endif
