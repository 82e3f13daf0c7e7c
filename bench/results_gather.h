/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_RESULTS_GATHER_H
#define TARE_RESULTS_GATHER_H

/*
 * Samples → block log ratios: one ordered pass over a run's (or a cell's) samples.
 */
#include "results.h"

/* A list that grows. */
struct series {
	struct stats_block *blocks;
	size_t nr, cap;
};
struct gathered {
	int64_t arm, cell;
	bool baseline, rate;
	struct series value, wall; /* log ratios by the metric, and by wall time */
	double *values;		   /* of all ok samples */
	size_t value_nr, value_cap;
	uint64_t outcomes[OUTCOME_NR];
};
struct gather {
	struct gathered *list; /* ordered by arm row */
	size_t nr;
};

/* All arms of the run, or of one cell when `cell` > 0. */
int gather_read(struct store *store, int64_t run, int64_t cell, struct gather *ret,
		struct err *err);
struct gathered *gather_find(const struct gather *gather, int64_t arm);
void gather_release(struct gather *gather);

#endif
