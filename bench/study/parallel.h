/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PARALLEL_H
#define TARE_PARALLEL_H

/*
 * The same native workload in several instances at once: one thread an instance asks for
 * slice after slice until the time is up.  For studies of what instances do to each
 * other; everything that compares platforms takes turns instead.
 */
#include "bench/schedule/runner.h"
#include "bench/workload/workload.h"

#define PARALLEL_SLICES_MAX 8192 /* of an instance in one window, kept for quantiles */

struct parallel_member {
	struct runner *runner; /* with an open worker */
	uint64_t ops;	       /* a slice's operations */
	/* Out: */
	int rc; /* of the transport or the worker */
	struct err err;
	double ops_per_s;      /* over the time its slices took, as the host saw it */
	double p50_ns, p99_ns; /* wall time of an operation, over slices, host's clock */
	uint64_t slices;
};

/* Starts the epoch's worker in a running, resumed instance. */
int parallel_open(struct runner *runner, const struct workload *workload,
		  uint64_t size_bytes, uint64_t seed, struct err *err);
/* Operations that take about slice_ns in this worker. */
int parallel_calibrate(struct runner *runner, uint64_t slice_ns, uint64_t *ret,
		       struct err *err);
/* All members at once for about window_ns. A member's failure is in its rc; <0 only when
 * no thread could be made. */
int parallel_run(struct parallel_member *members, size_t nr, uint64_t window_ns,
		 struct err *err);

#endif
