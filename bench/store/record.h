/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_RECORD_H
#define TARE_RECORD_H

/*
 * A plan's place in the store: which row is which platform, cell and arm.  Made new for
 * a new run, found again for one that is resumed.
 */
#include "bench/schedule/arms.h"
#include "bench/plan/plan.h"
#include "bench/store/store.h"

struct record {
	struct store *store;
	int64_t run;
	int64_t *cell_rows, *arm_rows; /* by the plan's indices */
	uint64_t next_epoch, next_sequence;
};

/* Writes platforms (with what the probes said, one per plan platform), cells and arms;
 * all of them or nothing. */
int record_begin(struct record *record, struct store *store, int64_t run,
		 const struct plan *plan, const struct probe *probes, struct err *err);
/* Was it written?  Not of a run that ended before its probes did; true also when the
 * store cannot be read. */
bool record_is_there(struct store *store, int64_t run);
/* Finds the rows of a run begun earlier by label, platform, path and role, takes over
 * calibrated operation counts, and feeds what was measured into `arms`. */
int record_resume(struct record *record, struct store *store, int64_t run,
		  struct plan *plan, struct arms *arms, struct err *err);
void record_release(struct record *record);

/* A cell's parameters as a JSON object text, malloc'ed; NULL: no memory. */
char *record_parameters(const struct cell *cell, const struct plan *plan);

#endif
