/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_RESULTS_GATHER_H
#define TARE_RESULTS_GATHER_H

/*
 * Samples → block log ratios: one pass over samples, cell after cell and in order of
 * time; what it takes in memory is a few numbers a block.
 */
#include "bench/results/results.h"

/* Lists that grow. */
struct series {
	struct stats_block *blocks;
	size_t nr, cap;
};
struct numbers {
	double *list;
	size_t nr, cap;
};
struct gathered {
	int64_t arm, cell;
	bool baseline, rate;
	struct series ratio, wall;    /* log ratios by the metric, and by wall time */
	struct series own;	      /* a baseline's: ln of its performance */
	struct numbers values, bases; /* block means of this arm, and of its baseline
				       * in the blocks that count */
	/* blocks in which a cache served this arm, and nothing else is wrong with them */
	struct series cached;
	struct numbers cached_values;
	uint64_t disturbed; /* of the blocks that count */
	uint64_t left_out;  /* blocks in which a slice of either side is not ok */
	uint64_t outcomes[OUTCOME_NR];
};
struct gather {
	struct gathered *list; /* ordered by arm row */
	size_t nr;
};

/* All arms of the run, or of one cell when `cell` > 0. -EBADMSG: a damaged store. */
int gather_read(struct store *store, int64_t run, int64_t cell, struct gather *ret,
		struct err *err);
struct gathered *gather_find(const struct gather *gather, int64_t arm);
void gather_release(struct gather *gather);

#endif
