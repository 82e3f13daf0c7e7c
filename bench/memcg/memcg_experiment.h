/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_EXPERIMENT_H
#define TARE_MEMCG_EXPERIMENT_H

/*
 * How the memory cgroup behaves: experiments, each with a stated procedure, numbers and a
 * verdict.  One file and one line of the table an experiment.  Each makes its own groups
 * and ends its own processes; what it makes carries the owner's id.
 */
#include "bench/cgroup/cgroup.h"
#include "bench/base/json.h"
#include "bench/host/owner.h"
#include "bench/store/store_experiment.h"

#define MEMCG_GROUP_MAX 128
#define MEMCG_CHAPTER "memcg"

/* What the caller fills in, and what memcg_context_open adds to it. */
struct memcg_context {
	const char *owner;
	const char *scratch; /* our own folder on a disk's file system, for small files */
	const volatile int *stop; /* NULL: never */
	uint64_t seed;
	bool quick;    /* fewer repetitions, smaller sets; the same experiment */
	bool emulated; /* of the store's rows: the host is the lab */
	/* Set up the other way round, so that the verdict must turn: shows that the
	 * experiment can tell. */
	bool reversed;

	struct cgroup_hierarchies all; /* the one with the memory controller, only */
	bool unified;		       /* it is version 2 */
	uint64_t random;	       /* state of memcg_random */
	unsigned groups;	       /* made so far: part of their names */
	uint64_t page_bytes;
};
/* Finds the hierarchy. -ENOTSUP with the reason where there is no memory controller. */
int memcg_context_open(struct memcg_context *context, struct err *err);
/* Removes what the groups' parent leaves; takes what was never opened. */
void memcg_context_close(struct memcg_context *context);
/* The next of the seeded numbers below `below` (> 0). */
uint64_t memcg_random(struct memcg_context *context, uint64_t below);

/* Sorts the values; the upper one of two in the middle. nr > 0. */
double memcg_median(double *values, size_t nr);
/* For loops that wait for the kernel: -EINTR when the user wants an end. */
int memcg_check_stop(const struct memcg_context *context, struct err *err);

#define MEMCG_SERIES_MAX 8
struct memcg_series {
	char name[40];
	struct store_point *points;
	size_t nr, room;
};
struct memcg_result {
	enum finding verdict;
	char answer[600]; /* one sentence with the numbers, or the reason */
	json_t *numbers;  /* object; units in the names */
	struct memcg_series series[MEMCG_SERIES_MAX];
	size_t series_nr;
	uint64_t begin_ns, end_ns; /* host CLOCK_MONOTONIC */
};
void memcg_result_release(struct memcg_result *result);

/* The verdict and its sentence. */
void memcg_result_say(struct memcg_result *result, enum finding verdict,
		      const char *format, ...) __attribute__((format(printf, 3, 4)));
void memcg_result_count(struct memcg_result *result, const char *name, uint64_t value);
void memcg_result_number(struct memcg_result *result, const char *name, double value);
/* Adds a point to the curve of that name, which is made when it is new. */
int memcg_result_point(struct memcg_result *result, const char *curve, double x, double y,
		       struct err *err);

struct memcg_experiment {
	const char *name;  /* unique: "lru", "first-shmem" */
	const char *claim; /* id of the published claim it tests; NULL: none */
	const char *title; /* the statement that the verdict is about */
	const char *procedure;
	/* 0 with a verdict, also "unavailable" with its reason; < 0: the experiment
	 * itself failed (-EINTR: stopped), and nothing is known. */
	int (*run)(struct memcg_context *context, struct memcg_result *result,
		   struct err *err);
};
extern const struct memcg_experiment memcg_experiments[];
extern const size_t memcg_experiment_nr;

/* Runs one, with its begin and end; a failure other than -EINTR and -ENOMEM becomes an
 * inconclusive result that says why, so that the others go on. */
int memcg_experiment_run(const struct memcg_experiment *experiment,
			 struct memcg_context *context, struct memcg_result *result,
			 struct err *err);
/* Stores it all or nothing: its name is the claim's id where there is one, its condition
 * "cgroup v1: <name>", its procedure "Statement: <title>. <procedure>". */
int memcg_experiment_store(const struct memcg_experiment *experiment,
			   const struct memcg_context *context,
			   const struct memcg_result *result, struct store *store,
			   int64_t run, struct err *err);

#endif
