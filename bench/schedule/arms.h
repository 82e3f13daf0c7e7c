/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_ARMS_H
#define TARE_ARMS_H

/*
 * How far each arm of a plan has come: its epochs, how precise its ratio is by now, and
 * whether it can go on.  Decides where the time goes next.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/plan/plan.h"
#include "bench/results/stats.h"

/* Failures in a row after which an arm is given up. */
#define ARM_FAILURES_MAX 3

struct arm_state {
	struct stats_block *blocks; /* all so far; epochs are numbered from 0 */
	size_t block_nr, block_cap, epoch_nr;
	unsigned failures; /* epochs in a row that gave no ratio */
	bool dead;	   /* cannot run: unavailable, unsupported, failed too often */
	unsigned wanted;   /* epochs at least */
	double half_width; /* as results will have it; infinite with fewer than 2 epochs
			    */
};

struct arms {
	const struct plan *plan;
	struct arm_state *list; /* one per arm of the plan */
};

int arms_init(struct arms *arms, const struct plan *plan, unsigned native_epochs,
	      unsigned disk_blocks, struct err *err);
void arms_release(struct arms *arms);

/* One epoch's block log ratios; nr 0 counts as a failure. */
int arms_add_epoch(struct arms *arms, uint32_t arm, const double *log_ratios, size_t nr,
		   struct err *err);
/* What an earlier part of the run measured, in order of epochs. */
int arms_restore(struct arms *arms, uint32_t arm, const struct stats_block *blocks,
		 size_t nr, struct err *err);

/* Operations of a slice in this arm's epochs, on both sides, where the cell's slices do
 * `ops`. A slice of few operations cannot do 1 % more of them: the injected control does
 * so many that its surplus, a whole number, is what it says to within a tenth. */
uint64_t arm_ops(const struct arm *arm, uint64_t ops);

bool arm_is_met(const struct arm_state *state, const struct cell *cell);
/* How many arms that can run there are, and how many are as precise as asked. */
void arms_count(const struct arms *arms, unsigned *ret_met, unsigned *ret_total);
/* The arm farthest from its target, or -1 when all are met. */
int arms_widest(const struct arms *arms);

#endif
