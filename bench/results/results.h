/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_RESULTS_H
#define TARE_RESULTS_H

/*
 * Reading side of the store: samples of a run → ratios.  Nothing here measures.
 */
#include <stdbool.h>
#include <stdint.h>

#include "bench/results/sample.h"
#include "bench/results/stats.h"
#include "bench/store/store.h"

/* One arm against its cell's baseline. ratio > 1: better than bare, for every metric. */
struct result {
	int64_t arm, cell;
	char *label, *workload, *family, *platform, *path, *role, *metric, *unit, *state,
		*parameters; /* texts as in the store; parameters is JSON */
	bool emulated;
	double injected; /* 0.03: the arm did 3 % more work than it says */
	bool known;	 /* `stats` is filled; otherwise `why` says why not */
	char why[160];
	struct stats_ratio stats; /* of the cell's metric; counts also when not known */
	bool wall_known;
	struct stats_ratio wall; /* the same blocks by wall time (native cells) */
	/* Blocks in which a cache served what was asked of the disk, against the
	 * baseline's disk: true of the path, and no figure of the disk. */
	bool cached_known;
	struct stats_ratio cached;
	double cached_value;
	double floor; /* |log| reach of the cell's A/A interval, 0.004 = 0.4 %; NaN: none
		       */
	/* medians in `unit` over blocks whose slices are ok, a block being the geometric
	 * mean of its slices; base_value: of the blocks that this arm shares with its
	 * baseline; NaN: none */
	double base_value, value;
	double precision;   /* target */
	uint64_t samples;   /* ok ones on the arm's side */
	uint64_t disturbed; /* of the blocks that count (docs/method.md) */
	uint64_t left_out;  /* blocks that count for nothing: some slice is not ok */
	uint64_t outcomes[OUTCOME_NR];
};
struct results {
	int64_t run;
	struct result *list;
	size_t nr;
};

/* " (handicap 3 %)" for a platform that was made to do more work than it says, else "".
 */
#define RESULT_MARK_MAX 32
const char *result_mark(const struct result *result, char buffer[static RESULT_MARK_MAX]);

/* "last", "last~1" (the one before) or a run's id → id; -ENOENT with what runs there are.
 */
int results_run_find(struct store *store, const char *which, int64_t *ret,
		     struct err *err);
/* What a stored status means now: a run that is "running" while nobody measures on this
 * host was killed. Static text. */
const char *results_status(const char *stored);
/* In the order of the plan: cells, then arms. */
int results_load(struct store *store, int64_t run, struct results *ret, struct err *err);
void results_release(struct results *results);

/* Log ratios of one arm (by its row) against its baseline, in order of time: only blocks
 * in which every sample of both sides is ok. *ret is malloc'ed. */
int results_blocks(struct store *store, int64_t arm, struct stats_block **ret, size_t *nr,
		   struct err *err);

#endif
