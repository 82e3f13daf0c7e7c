/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SCHEDULER_H
#define TARE_SCHEDULER_H

/*
 * What the parts of the scheduler share (schedule*.c); nobody else includes this.
 */
#include <gsl/gsl_rng.h>

#include "bench/schedule/arms.h"
#include "bench/host/owner.h"
#include "bench/store/record.h"
#include "bench/schedule/runner.h"
#include "bench/schedule/schedule.h"
#include "bench/host/scratch.h"
#include "bench/schedule/slice.h"

struct scheduler {
	const struct schedule *set; /* what schedule_run was given */
	struct plan *plan;
	struct arms arms;
	struct record record;
	struct probe *probes;	/* one per plan platform */
	struct runner *runners; /* one per plan platform; the last is the twin: a second
				   instance of the baseline, for the controls */
	size_t runner_nr;
	gsl_rng *rng;
	struct scratch_mark mark; /* of the data file */
	bool store_failed;	  /* a block could not be stored */
	char owner[OWNER_MAX];
	unsigned next_instance;
	double progress; /* 0..1 of the run: decides restarts */
	uint64_t begin_ns;
	uint64_t steal_ns;	     /* the host's, when the last block was stored */
	uint64_t stored_ns, cpu_khz; /* when that was, and the measured CPU's frequency */
	uint64_t next_slice;	     /* sequence of the next request: no two are alike */
	unsigned *cpus; /* as many as the widest cell has threads, ascending: a guest's
			   CPU i is cpus[i], so that "the last" is the same everywhere */
	size_t cpu_nr;
	unsigned service_cpu;
};

/* schedule_runners.c */
int scheduler_probe(struct scheduler *scheduler, struct err *err);
int scheduler_runners_init(struct scheduler *scheduler, struct err *err);
void scheduler_runners_release(struct scheduler *scheduler);
/* The runner of an arm, started (again) where due. A platform that does not start is
 * noted; -EINTR: stopped. */
int scheduler_runner(struct scheduler *scheduler, const struct arm *arm,
		     struct runner **ret, struct err *err);
/* What starting takes, by their last start, of the instances that a block of this cell
 * would start (again). */
uint64_t scheduler_start_ns(const struct scheduler *scheduler, const struct cell *cell);
/* Pauses every running instance that is not among `in_use`. */
int scheduler_focus(struct scheduler *scheduler, struct runner *const *in_use, size_t nr,
		    struct err *err);

/* schedule_native.c: one epoch of an arm and its baseline */
int scheduler_native_epoch(struct scheduler *scheduler, const struct arm *arm,
			   struct err *err);
/* schedule_disk.c: one block of a cell, all its arms */
int scheduler_disk_block(struct scheduler *scheduler, struct cell *cell, struct err *err);

/* schedule_block.c */
uint64_t scheduler_elapsed_ns(const struct scheduler *scheduler);
/* ln of how much better `arm` did than `base`, by the cell's metric; both ok. */
double scheduler_log_ratio(const struct cell *cell, const struct sample *base,
			   const struct sample *arm);
/* Stores a block's samples in one transaction. */
int scheduler_store(struct scheduler *scheduler, const struct cell *cell, uint64_t epoch,
		    const struct sample *samples, size_t nr, struct err *err);
/* -EINTR when the user wants to stop, the store is broken, or somebody replaced the data
 * file: nothing to go on from. Everything else is one arm's trouble: noted and
 * forgotten. */
int scheduler_forgive(struct scheduler *scheduler, int rc, const struct cell *cell,
		      struct err *err);

#endif
