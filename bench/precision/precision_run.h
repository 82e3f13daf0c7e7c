/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PRECISION_RUN_H
#define TARE_PRECISION_RUN_H

/*
 * Runs the trials of precision.h: every order of every cell once a round, rounds until
 * the budget is spent.
 */
#include "bench/precision/precision.h"
#include "bench/study/session.h"

/* What is tried: a CPU cell, a page-fault cell and one of two threads. */
struct precision_cell {
	const char *label, *workload;
	unsigned threads;
};
#define PRECISION_CELLS 3
extern const struct precision_cell precision_cells[PRECISION_CELLS];

struct precision_trials {
	struct precision_trial *list; /* owned */
	size_t nr;
	unsigned rounds;
};
void precision_trials_release(struct precision_trials *trials);

/* -EINVAL: not even a round fits into the budget. */
int precision_check(uint64_t budget_ns, uint64_t trial_ns, struct err *err);

/* The session has its platforms, image, folder and budget. Trials that were finished
 * are in *ret in any case. -EINTR: stopped. */
int precision_run(const struct session *session, uint64_t trial_ns,
		  struct precision_trials *ret, struct err *err);

/* --- precision_trial.c --- */

/* What one trial needs; the plan is a suite of one cell and one arm beside the baseline.
 */
struct precision_setup {
	const struct session *session;
	const struct precision_cell *cell;
	double effect;
	uint64_t trial_ns, seed;
	uint64_t *ops; /* of a slice in the other orders; 0 until it is calibrated */
	struct store *store; /* for the schedule's samples; thrown away at the end */
	struct suite suite;
	struct plan plan;
};
int precision_setup_init(struct precision_setup *setup, struct err *err);
void precision_setup_release(struct precision_setup *setup);
/* This program's schedule, as `tare run` runs it. */
int precision_own(struct precision_setup *setup, struct precision_trial *ret,
		  struct err *err);
/* The two others (precision_plain.c). */
int precision_plain(struct precision_setup *setup, struct precision_trial *ret,
		    struct err *err);

#endif
