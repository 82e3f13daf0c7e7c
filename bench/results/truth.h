/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_TRUTH_H
#define TARE_TRUTH_H

/*
 * Is a sample what it says it is?  Each check has an outcome word of its own and a bound
 * that docs/method.md ("Truth checks") gives the reason for.  The first check that fails
 * decides; what was measured stays in the sample.
 */
#include "bench/schedule/clockcheck.h"
#include "bench/plan/plan.h"
#include "bench/results/sample.h"

/* The time that the agent says it worked against what the harness waited: it can only be
 * shorter, by whatever the channel took. */
void truth_clock(struct sample *sample);
/* The rate of the agent's clock between two readings, too fast and too slow. */
void truth_clock_rate(const struct clock_reading *first,
		      const struct clock_reading *second, struct sample *sample);
/* The bytes of a disk slice against what the host's disk moved meanwhile and what the
 * kernel inside counted.  Not known (SAMPLE_NONE) is no evidence, and inside next to
 * nothing neither. */
void truth_bytes(const struct workload_fio *job, struct sample *sample);

#endif
