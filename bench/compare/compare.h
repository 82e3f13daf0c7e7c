/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_COMPARE_H
#define TARE_COMPARE_H

/*
 * Two runs, cell by cell: how much better or worse a platform's ratio to its own baseline
 * became.  Reads stores; measures nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/output.h"
#include "bench/results/results.h"
#include "bench/results/results_gather.h"
#include "bench/results/verdict.h"

/* One of the two runs, opened and read. */
struct compare_run {
	struct store *store;
	struct results results;
	struct gather gather; /* for the baselines' own performance */
	char *file, *suite, *started_utc, *host;
	int64_t run;
};

enum compare_mark {
	COMPARE_NONE,	  /* nothing to compare: no ratio on one side */
	COMPARE_SAME,	  /* within a floor, or within what chance does */
	COMPARE_NO_FLOOR, /* a difference, but a run without an A/A control */
	COMPARE_EMULATED, /* times of emulated guests decide nothing */
	COMPARE_REGRESSION,
	COMPARE_IMPROVEMENT
};
/* "none", "same", "no floor", "emulated", "regression", "improvement" */
const char *compare_mark_name(enum compare_mark mark);

/* One cell on one platform and path in both runs; of a baseline: its own performance. */
struct compare_pair {
	const struct result *a, *b;
	bool known;
	char why[200];		   /* there is no change */
	struct stats_ratio change; /* B over A; above 1: B is better; counts are unused */
	/* The same at 1 − 0.05/m for each of the m pairs that are compared, so that one
	 * false mark in a whole comparison is a 5 % chance (Bonferroni). */
	double joint_low, joint_high;
	double floor; /* |ln|; NaN: some run has none */
	enum compare_mark mark;
};

struct compare_missing {
	const struct result *result;
	char run;	  /* 'A' or 'B': where it is */
	char reason[200]; /* why it has no partner */
};

struct compare_difference {
	char *name, *a, *b; /* NULL: not there */
};

struct comparison {
	struct compare_run a, b;
	struct compare_difference *differences;
	size_t difference_nr;
	struct compare_pair *pairs, *baselines;
	size_t pair_nr, baseline_nr;
	struct compare_missing *missing;
	size_t missing_nr;
	size_t compared, regressions, improvements;
};

/* RUN is "last", "last~1", a number or FILE:RUN; `store` is where a RUN without a file
 * is. FILE is not trusted: what is read is what importing it would give. -ENOENT, -EINVAL
 * with the mend; -EINTR: *stop became true. */
int compare_run_open(const char *word, const char *store, const volatile int *stop,
		     struct compare_run *ret, struct err *err);
void compare_run_release(struct compare_run *run);
/* Everything about ret->a and ret->b, which are open. */
int compare_make(struct comparison *comparison, struct err *err);
void compare_release(struct comparison *comparison);
/* Parts of compare_make. */
int compare_environment(struct comparison *comparison, struct err *err);
int compare_pairs(struct comparison *comparison, struct err *err);

/* B over A out of each run's ratio and interval (MOVER; compare.c). */
void compare_change(const struct stats_ratio *a, const struct stats_ratio *b,
		    struct stats_ratio *ret);

/* A regression whose whole 95 % interval lies beyond `share` (0.03: 3 % slower). */
bool compare_is_beyond(const struct compare_pair *pair, double share);
/* "regression: 2.9 % slower", "below noise (floor ±0.6 %)", … */
#define COMPARE_TEXT_MAX (VERDICT_MAX + 64)
const char *compare_text(const struct compare_pair *pair,
			 char buffer[static COMPARE_TEXT_MAX]);

/* compare_text.c, compare_data.c; fail_on negative: not asked for */
int compare_print_text(const struct comparison *comparison, struct err *err);
int compare_print_json(const struct comparison *comparison, double fail_on,
		       struct err *err);
int compare_print_csv(const struct comparison *comparison, struct err *err);

#endif
