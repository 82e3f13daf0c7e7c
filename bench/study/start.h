/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_START_H
#define TARE_START_H

/*
 * The start study: from the request to the agent's first word, on every platform, and
 * from the request to end to nothing left.  Cells: with a warm and a cold page cache,
 * with k instances of the same platform already there, and against the platform's own
 * tool. A block starts and ends every platform once in a drawn order and once in its
 * mirror, so every ratio is paired like all others.
 */
#include <gsl/gsl_rng.h>

#include "bench/config/start_settings.h"
#include "bench/study/residents.h"
#include "bench/store/store_experiment.h"

#define START_ARMS_MAX 32
#define START_TOOL_LABEL "%.20s against %.16s" /* a platform, its tool */
#define START_FAILURES_MAX 3 /* in a row, then a platform is left out of a cell */

/* Two rows in the store: of the starts and of the ends; arms in the order of places. */
struct start_rows {
	int64_t cell, arms[START_ARMS_MAX];
};

/*
 * A lower bound of the start of a guest that is emulated: what comes before the first
 * instruction of its kernel runs on the host as it is, and takes as long for a guest that
 * is not emulated.  An arm of a cell like any other; it has no end.
 */
struct start_bound {
	struct place *of;
	bool hardware; /* set up with the hardware's accelerator */
	struct platform as;
	char name[64];
	int64_t row; /* in table platform */
};
#define START_BOUNDS_MAX 8

/* One condition under which everything is started. */
struct start_cell {
	const char *what; /* "start", "start cold", "start against lxc-start" */
	unsigned running;
	bool cold;
	struct place *arms[START_ARMS_MAX];		  /* the first is the baseline */
	const struct start_bound *bounds[START_ARMS_MAX]; /* NULL: arms has it */
	size_t arm_nr;
	unsigned failures[START_ARMS_MAX];
	struct start_rows starts, ends;
	unsigned rounds;
};

struct start_study {
	struct session *session;
	const struct start_settings *settings;
	struct places places;
	struct place tools[START_ARMS_MAX]; /* by place; platform NULL: none */
	struct platform tool_platforms[START_ARMS_MAX];
	struct start_bound bounds[START_BOUNDS_MAX];
	size_t bound_nr;
	struct residents residents[START_ARMS_MAX]; /* by place */
	struct guard guard;			    /* of all of them */
	gsl_rng *rng;
	uint64_t next_epoch, next_sequence;
};

/* All of it; 0, -EINTR, or what ended it. */
int start_run(struct session *session, const struct start_settings *settings,
	      struct err *err);

/* start_cell.c: writes both rows and their arms. */
int start_cell_add(struct start_study *study, struct start_cell *cell, struct err *err);

/* start_round.c: one block of the cell. Light rounds leave out platforms with a kernel of
 * their own, whose starts take a hundred times as long. */
int start_round(struct start_study *study, struct start_cell *cell, bool light,
		struct err *err);

/* start_bound.c: of every emulated guest one by each accelerator that is here. */
int start_bounds_open(struct start_study *study, struct err *err);
/* Adds them to a cell, as its last arms. */
void start_bounds_add(struct start_study *study, struct start_cell *cell);
/* Sets one up and removes it again. */
int start_bound_measure(struct start_study *study, const struct start_bound *bound,
			uint64_t *ret_ns, struct err *err);

/* start_goal.c: whether a start takes at most as many times as long as the platform's own
 * tool as its driver says, for every cell against a tool. */
int start_goals_store(struct start_study *study, struct err *err);
/* The pure decision: low and high are of the ratio of speeds, above 1 is faster than the
 * tool. */
enum finding start_goal(double low, double high, double goal);

/* start_cold.c: drops the image's files, and nothing else, from the host's page cache. */
void start_drop_image(const struct image *image);

/* start_claim.c: "a container starts faster than a guest" as an experiment; nothing where
 * one side was not measured. */
int start_claim_store(struct start_study *study, struct err *err);
/* The pure decision.  A side: platforms' intervals of their ratio to the same baseline,
 * above is faster. Holds when every container is wholly above every guest, fails when
 * some guest is wholly above some container. */
struct start_side {
	double least_low, least_high, most_low, most_high; /* over its intervals */
	size_t nr;
};
void start_side_add(struct start_side *side, double low, double high);
enum finding start_order(const struct start_side *containers,
			 const struct start_side *guests);
/* With bounds in the place of guests that were emulated: above them all holds; that a
 * bound is above says nothing of the guest. */
enum finding start_order_bounded(const struct start_side *containers,
				 const struct start_side *guests,
				 const struct start_side *bounds);

#endif
