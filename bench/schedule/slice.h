/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SLICE_H
#define TARE_SLICE_H

/*
 * One slice on one platform, from the request to a checked sample.  A slice that goes
 * wrong is a sample with another outcome; only an interruption (-EINTR) and the loss of
 * the agent (any other error: the runner has to be started again) come back as errors,
 * and the sample is filled in then too.
 */
#include "bench/plan/plan.h"
#include "bench/schedule/runner.h"
#include "bench/results/sample.h"

/* Where a slice takes place and what it belongs to. */
struct slice {
	struct runner *runner;
	const struct cell *cell;
	const struct arm *arm;
	uint32_t position;
};

/* Opens an epoch's worker. ret->status other than PROTO_OK is an answer. */
int slice_open_worker(const struct slice *slice, uint64_t seed, uint32_t phase,
		      struct proto_ready *ret, struct err *err);
int slice_close_worker(const struct slice *slice, struct err *err);
/* `ops` operations of the open worker; sequence: any number, checked in the answer. */
int slice_native(const struct slice *slice, uint64_t ops, uint64_t sequence,
		 struct sample *ret, struct err *err);
/* One fio job over the first data_bytes of the target. */
int slice_fio(const struct slice *slice, uint64_t data_bytes, uint64_t seed,
	      struct sample *ret, struct err *err);
/* Fills every cache on the way with the data, untimed. */
int slice_warm(const struct slice *slice, uint64_t data_bytes, struct err *err);

/* Outcome of a status other than PROTO_OK. */
enum outcome slice_outcome(uint32_t status);

#endif
