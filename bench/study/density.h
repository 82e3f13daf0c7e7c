/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_DENSITY_H
#define TARE_DENSITY_H

/*
 * The density study: 1..N instances of a platform do the same work at once.  Platforms
 * take turns window by window, so that all see the same host; a platform is taken no
 * further once an instance gets less than a stated share of what one alone gets, one does
 * not start, or the host would run short of memory.
 */
#include "bench/config/density_settings.h"
#include "bench/study/parallel.h"
#include "bench/study/residents.h"

#define DENSITY_PLACES_MAX 16

/* One window of one place with N instances. */
struct density_window {
	double total, mean, jain, p50_ns, p99_ns; /* ops/s, ops/s an instance */
};
/* All windows at one N. */
struct density_step {
	unsigned instances;
	struct density_window windows[DENSITY_WINDOWS_MAX];
	size_t nr;
	double start_ns;  /* median of the starts that led to this N */
	double pss_bytes; /* of an instance at work, mean: shared pages count by their
			     share */
};
struct density_place {
	struct density_step steps[DENSITY_COUNTS_MAX];
	size_t step_nr;
	uint64_t ops;	   /* a slice's */
	unsigned opened;   /* instances with a worker */
	char stopped[160]; /* why it goes no further, "" while it does */
};

struct density_study {
	struct session *session;
	const struct density_settings *settings;
	struct places places;
	struct residents residents[DENSITY_PLACES_MAX];
	struct density_place state[DENSITY_PLACES_MAX];
	unsigned *cpus; /* of the host, distinct cores first */
	size_t cpu_nr;
	unsigned counts[DENSITY_COUNTS_MAX]; /* N, ascending, first 1 */
	size_t count_nr;
};

int density_run(struct session *session, const struct density_settings *settings,
		struct err *err);

/* density_counts.c. Where the suite leaves it to the machine: up to twice its CPUs, by
 * then every curve has bent; at least 8. */
unsigned density_most(unsigned cpus);
/* 1, 2, 4, … most, with as many as there are cores and CPUs between; returns how many. */
size_t density_counts_auto(unsigned most, unsigned cores, unsigned cpus,
			   unsigned ret[static DENSITY_COUNTS_MAX]);
/* Those below `most`, which ends the list. */
size_t density_counts_cut(const unsigned *counts, size_t nr, unsigned most,
			  unsigned ret[static DENSITY_COUNTS_MAX]);

/* Jain's index of fairness, (Σx)² / (n Σx²): 1 when all get the same, 1/n when one gets
 * all (Jain, Chiu, Hawe: DEC-TR-301, 1984). nr ≥ 1; 0 where nobody gets anything. */
double density_jain(const double *shares, size_t nr);
/* The N from which on one more instance adds less than half of what the first one did per
 * instance, by linear steps between counts; 0: none within the curve. */
unsigned density_knee(const double *counts, const double *totals, size_t nr);

/* density_store.c: an experiment and its curves for every place, and the claim's verdict.
 */
int density_store(struct density_study *study, struct err *err);

#endif
