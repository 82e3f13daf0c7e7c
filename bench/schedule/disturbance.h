/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_DISTURBANCE_H
#define TARE_DISTURBANCE_H

/*
 * What else happened on the host during a block, and whether that was more than a stated
 * bound.  A disturbed block is marked and counted and stays in the statistic: what
 * disturbs may hit one side more than the other for a reason that is its own (a guest
 * that is preempted more often), and to leave such blocks out would leave out what was to
 * be measured.  docs/method.md gives the bounds' reasons.
 */
#include <stddef.h>
#include <stdint.h>

#include "bench/results/sample.h"

#define DISTURBANCE_STEAL_MAX 0.01	/* of the host's CPU time since the last block */
#define DISTURBANCE_PSI_MAX 25.0	/* per cent of time, somebody waited for a CPU */
#define DISTURBANCE_INVOLUNTARY_MAX 1.0 /* switches a slice, mean over a block */
#define DISTURBANCE_FREQUENCY_MAX 0.05	/* off the block before */

/* Conditions of one block. */
struct disturbance {
	uint64_t since_ns; /* since the last block's end */
	uint64_t steal_ns; /* meanwhile, all CPUs; SAMPLE_NONE: not known */
	unsigned cpu_nr;
	double load1, psi_cpu;	      /* negative: not known */
	uint64_t cpu_khz, before_khz; /* of the CPU measured on; 0: not known */
	double involuntary;	      /* switches a slice; negative: not known */
};

/* Mean of the involuntary switches that the agent counted; negative: it counted none. */
double disturbance_involuntary(const struct sample *samples, size_t nr);
#define DISTURBANCE_TEXT_MAX 160
/* Everything that is beyond its bound, as "steal 3.1 %, load 13.5"; "" when nothing is.
 */
const char *disturbance_text(const struct disturbance *disturbance,
			     char to[static DISTURBANCE_TEXT_MAX]);

#endif
