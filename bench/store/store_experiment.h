/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STORE_EXPERIMENT_H
#define TARE_STORE_EXPERIMENT_H

/* Findings that are no ratio, with their curves: tables experiment and series. */
#include "bench/store/store.h"

enum finding { FINDING_HOLDS, FINDING_FAILS, FINDING_INCONCLUSIVE, FINDING_UNAVAILABLE };
/* "holds", "does not hold", "inconclusive", "unavailable" */
const char *finding_name(enum finding finding);

struct store_experiment {
	const char *chapter, *name, *platform, *condition; /* unique together in a run */
	bool emulated;
	enum finding verdict;
	const char *answer, *procedure, *numbers; /* numbers: JSON object text */
	uint64_t begin_ns, end_ns;		  /* host CLOCK_MONOTONIC */
};
/* A point of a curve; low and high: 95 % interval of y, NAN where it is one reading. */
struct store_point {
	double x, y, low, high;
};

int store_experiment_add(struct store *store, int64_t run,
			 const struct store_experiment *experiment, int64_t *ret,
			 struct err *err);
/* Points in order, in one go; a name may come once an experiment. */
int store_series_add(struct store *store, int64_t experiment, const char *name,
		     const struct store_point *points, size_t nr, struct err *err);

#endif
