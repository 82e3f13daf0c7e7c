/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_DENSITY_H
#define TARE_DENSITY_H

/*
 * The density study: 1..N instances of a platform do the same work at once.  Platforms
 * take turns window by window, so that all see the same host; a platform is taken no
 * further once one of the suite's rules says so (guard.h), and one that the host cannot
 * bear is taken down at once.
 */
#include "bench/config/density_settings.h"
#include "bench/results/stats.h"
#include "bench/store/store_experiment.h"
#include "bench/study/guard.h"
#include "bench/study/parallel.h"
#include "bench/study/residents.h"

#define DENSITY_PLACES_MAX 16
#define DENSITY_CLAIMED 8 /* "6 to 8 containers on a host" (talk-density) */

/* One window of one place with N instances. */
struct density_window {
	double total, mean, jain, p50_ns, p99_ns; /* ops/s, ops/s an instance */
};
/* All windows at one N. */
struct density_step {
	unsigned instances;
	struct density_window windows[DENSITY_WINDOWS_MAX];
	size_t nr;
	/* of the starts that led to this N: median and its interval */
	struct stats_mean start_ns;
	double pss_bytes; /* of an instance at work, mean: shared pages count by their
			     share */
	double available_bytes; /* the host's memory after the last window */
	double pressure;	/* PSI, share of time; NAN: not known */
};
struct density_place {
	struct density_step steps[DENSITY_COUNTS_MAX];
	size_t step_nr;
	uint64_t ops;	     /* a slice's */
	unsigned opened;     /* instances with a worker */
	struct stop stop;    /* why it goes no further */
	unsigned stopped_at; /* instances it was to have then */
};

struct density_study {
	struct session *session;
	const struct density_settings *settings;
	struct places places;
	struct residents residents[DENSITY_PLACES_MAX];
	struct density_place state[DENSITY_PLACES_MAX];
	struct guard guard;
	unsigned *cpus; /* of the host, distinct cores first */
	size_t cpu_nr;
	unsigned counts[DENSITY_COUNTS_MAX]; /* N, ascending, first 1 */
	size_t count_nr;
	struct parallel_member *members; /* room for one place's */
};

int density_run(struct session *session, const struct density_settings *settings,
		struct err *err);

/* density_plan.c: CPUs, numbers of instances and the guard, by what the host has. */
int density_plan(struct density_study *study, struct err *err);
/* Where the suite leaves it to the machine: up to twice its CPUs, by then every curve has
 * bent; at least 8. */
unsigned density_most(unsigned cpus);
/* 1, 2, 4, … most, with as many as there are cores and CPUs between; returns how many. */
size_t density_counts_auto(unsigned most, unsigned cores, unsigned cpus,
			   unsigned ret[static DENSITY_COUNTS_MAX]);
/* Those below `most`, which ends the list. */
size_t density_counts_cut(const unsigned *counts, size_t nr, unsigned most,
			  unsigned ret[static DENSITY_COUNTS_MAX]);

/* density_step.c: brings a place to N; a place that cannot follow stops there. */
int density_grow(struct density_study *study, size_t place, unsigned instances,
		 struct err *err);
/* One window of a place at the step that it is at. */
int density_window(struct density_study *study, size_t place, struct err *err);
/* The step is done: does the place go on? */
void density_judge(struct density_study *study, size_t place);

/* Jain's index of fairness, (Σx)² / (n Σx²): 1 when all get the same, 1/n when one gets
 * all (Jain, Chiu, Hawe: DEC-TR-301, 1984). nr ≥ 1; 0 where nobody gets anything. */
double density_jain(const double *shares, size_t nr);
/* The N from which on one more instance adds less than half of what the first one did per
 * instance, by linear steps between counts; 0: none within the curve. */
unsigned density_knee(const double *counts, const double *totals, size_t nr);

/* What curves come down to, with 95 % intervals by bootstrap over windows. */
struct density_shape {
	struct stats_mean knee; /* INFINITY: none within the curve */
	/* up to the first N that reaches `claimed`: */
	struct stats_mean kept; /* of the best total at that N; NAN: none reaches it */
	struct stats_mean fair; /* the least fairness */
};
/* Every step has a window at least. */
int density_shape(const struct density_step *steps, size_t nr, unsigned claimed,
		  uint64_t seed, struct density_shape *ret, struct err *err);
/* Is it at least what is asked? An interval that holds less and more decides nothing. */
enum finding density_reaches(const struct stats_mean *value, double asked);
/* Do both hold? One that fails is enough to fail. */
enum finding density_both(enum finding one, enum finding other);

/* density_store.c: an experiment and its curves for every place. */
int density_store(struct density_study *study, struct err *err);
/* density_claim.c. A platform that has fewer than are claimed fails where one more did
 * not start or work; what the suite asks and what strangers do to the host decide
 * nothing. */
enum finding density_unreached(const struct stop *stop);
/* The talk's claim, for whatever is no bare metal. */
int density_claim_store(struct density_study *study, size_t place, struct err *err);
/* A row of chapter "density". */
int density_experiment_add(struct density_study *study, size_t place,
			   struct store_experiment *row, int64_t *ret, struct err *err);

#endif
