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

#include "plan.h"

/* Failures in a row after which an arm is given up. */
#define ARM_FAILURES_MAX 3

struct arm_state {
	double *epoch_means; /* trimmed mean of the log ratios of each epoch's blocks */
	size_t epoch_nr, epoch_cap;
	unsigned failures; /* epochs in a row that gave no ratio */
	bool dead;	   /* cannot run: unavailable, unsupported, failed too often */
	unsigned wanted;   /* epochs at least */
	double half_width; /* of the log ratio; infinite until two epochs are known */
};

struct arms {
	const struct plan *plan;
	struct arm_state *list; /* one per arm of the plan */
};

int arms_init(struct arms *arms, const struct plan *plan, unsigned native_epochs,
	      unsigned disk_blocks, struct err *err);
void arms_release(struct arms *arms);

/* One epoch's block log ratios (sorted in place); nr 0 counts as a failure. */
int arms_add_epoch(struct arms *arms, uint32_t arm, double *log_ratios, size_t nr,
		   struct err *err);
/* Half width of the 95 % interval from epoch means by Student's t: quick, for
 * scheduling only; what is reported is stats_ratio's bootstrap. */
double arms_half_width(const double *means, size_t nr);

bool arm_is_met(const struct arm_state *state, const struct cell *cell);
/* How many arms that can run there are, and how many are as precise as asked. */
void arms_count(const struct arms *arms, unsigned *ret_met, unsigned *ret_total);
/* The arm farthest from its target, or -1 when all are met. */
int arms_widest(const struct arms *arms);

#endif
