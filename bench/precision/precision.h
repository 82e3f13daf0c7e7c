/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PRECISION_H
#define TARE_PRECISION_H

/*
 * How precise is a schedule?  Trials whose truth is known (both sides alike, or one doing
 * so much more work), by this program's schedule and by the two that other tools use, in
 * turns under the same load; what they say of truth, interval and time is summed up.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

/* This program's; slices of the same length, all of one side and then all of the other;
 * a fresh process for each of some long runs, all of one side and then all of the other.
 */
enum precision_order {
	PRECISION_MIRRORED,
	PRECISION_SEPARATE,
	PRECISION_FRESH,
	PRECISION_ORDERS
};
const char *precision_order_name(enum precision_order order);

enum precision_clock { PRECISION_CPU, PRECISION_WALL, PRECISION_CLOCKS };

#define PRECISION_STEPS 3   /* after a quarter, half and all of a trial's time */
#define PRECISION_EFFECTS 4 /* none, then three that are injected */
extern const double precision_effects[PRECISION_EFFECTS]; /* 0, 0.005, 0.01, 0.02 */

/* What a trial says after so long: log ratios, as in stats.h. */
struct precision_point {
	bool known;
	double seconds, estimate, low, high;
};
struct precision_trial {
	enum precision_order order;
	size_t cell, effect; /* index into precision_effects */
	double load1;	     /* when it ended */
	struct precision_point points[PRECISION_CLOCKS][PRECISION_STEPS];
};

enum precision_reach {
	REACH_UNKNOWN,	    /* no interval, or it does not hold the truth as it says */
	REACH_MEASURED,	    /* between two steps, or within the first */
	REACH_EXTRAPOLATED, /* by 1/√t, which the steps support */
	REACH_UNSUPPORTED   /* the steps do not shrink so: no time is given */
};
/* Of one order, cell and clock; the last step unless it says otherwise. */
struct precision_summary {
	size_t nr, covered; /* trials; those whose interval holds the truth */
	double error;	    /* rms distance of the estimate from the truth */
	double half_width;  /* mean */
	double seconds;	    /* mean */
	double covered_low, covered_high; /* 95 % interval of the share covered */
	size_t injected[PRECISION_EFFECTS], found[PRECISION_EFFECTS];
	double step_seconds[PRECISION_STEPS], step_half_width[PRECISION_STEPS]; /* medians
										 */
	double slope; /* of ln half width over ln time; −0.5 is 1/√t */
	enum precision_reach reach;
	double reach_seconds; /* until the half width is 1 % */
};

/* cell SIZE_MAX: all cells together. -ENOMEM. */
int precision_summarize(const struct precision_trial *trials, size_t nr,
			enum precision_order order, size_t cell,
			enum precision_clock clock, struct precision_summary *ret,
			struct err *err);

/* So many trials, all of them covered, show that more than 80 % are: fewer cannot tell a
 * schedule whose intervals hold the truth from one whose intervals do not. */
size_t precision_trials_wanted(void);

/* Exact (Clopper–Pearson) 95 % interval of a share of k in n, n ≥ 1. */
void precision_share(size_t k, size_t n, double *ret_low, double *ret_high);

/* Difference of two samples' 20 % trimmed means and its 95 % interval (Yuen, "The
 * two-sample trimmed t for unequal population variances", Biometrika 61, 1974).  Sorts
 * both. Unknown when either has fewer than two values left. */
void precision_yuen(double *a, size_t a_nr, double *b, size_t b_nr,
		    struct precision_point *ret);

#endif
