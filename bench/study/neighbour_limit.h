/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_LIMIT_H
#define TARE_NEIGHBOUR_LIMIT_H

/*
 * Limits on an instance, whatever platform it is of, and what is read of the resource
 * that they are for.  One more limit is one line in neighbour_limits.def and the function
 * that sets it; one more resource one line in neighbour_resource.c and the function that
 * reads it.
 */
#include "bench/config/neighbour_settings.h"
#include "bench/results/stats.h"
#include "bench/schedule/runner.h"
#include "bench/store/store_experiment.h"
#include "bench/study/neighbour_group.h"

/* What a neighbour takes. */
enum neighbour_resource {
	RESOURCE_CPU,
	RESOURCE_PIDS,
	RESOURCE_MEMORY,
	RESOURCE_DISK,
	RESOURCE_DISK_OPERATIONS,
	RESOURCE_NR
};

/* A number in a file of a group, in both versions; key NULL: the first one. */
struct neighbour_number {
	const char *controller, *v1, *v1_key, *v2, *v2_key;
};

struct neighbour_usage {
	const char *name;  /* "cpu" */
	const char *unit;  /* of what was had of it, per second where it is a counter */
	const char *words; /* as a reader is told, in so many units: */
	double shown;
	/* that its limits need, by their names in version 2; ended by NULL */
	const char *const *controllers;
	/* So far, in the unit, of an instance and of the group it was put in; NAN: this
	 * host does not say. */
	int (*read)(struct runner *runner, const struct neighbour_group *group,
		    double *ret, struct err *err);
	struct neighbour_number hits; /* how often a limit of it was run into */
	/* why the host's controllers do not see it where the instance has a kernel of
	 * its own; NULL: they do */
	const char *own_kernel;
	bool counter; /* what is read only grows: what was had is its rate */
	bool stays;   /* what was taken before a limit stays taken: it is taken anew */
};
extern const struct neighbour_usage neighbour_usages[RESOURCE_NR];

/* How often a limit was run into so far; NAN: this host does not say. */
double neighbour_hits(const struct neighbour_usage *usage,
		      const struct neighbour_group *group);
/* Page cache that a group was charged for, in bytes; NAN: this host does not say. */
double neighbour_cached_bytes(const struct neighbour_group *group);

/* A median over rounds with its 95 % interval; all NAN: not known. */
struct neighbour_reading {
	double value, low, high;
};

/* What was seen of two neighbours, the second with a limit. */
struct neighbour_seen {
	struct stats_ratio ratio; /* of the victim: beside over alone */
	/* How long the victim's slices took, or its I/O where it is fio's, alone and
	 * beside: the half of them no longer than p50, 99 % no longer than p99 */
	struct neighbour_reading p50_ns[2], p99_ns[2];
	/* What the second had, in the resource's unit; of the victim's set, what was
	 * cached, as a share; in windows beside each other. */
	struct neighbour_reading got, cached;
	double hits; /* how often its limit was run into, over those windows */
	struct {
		struct neighbour_reading got, cached;
		struct stats_ratio ratio; /* of no blocks: not known */
	} without;			  /* the limit */
	/* Where fio is the second: its I/O per second; MiB/s as its group's controller
	 * has accounted them, and as the host's disk has seen them beyond what it moves
	 * while the victim is alone; the share of the victim's work during which it was
	 * at work too. */
	struct neighbour_reading operations, accounted, host, overlap;
	unsigned dropped; /* rounds, for too little of that */
};

struct neighbour_limit_def {
	const char *name;    /* "weight": as it is written to results */
	const char *summary; /* "a tenth of the weight" */
	/* What it leaves to the neighbour, in the resource's unit, and how far beyond it
	 * is still what was asked. */
	double asked, tolerance;
	/* Sets it in the group, or takes it away again. -ENOTSUP with the reason where
	 * this host cannot. NULL: there is nothing to set. */
	int (*set)(const struct neighbour_limit_def *limit,
		   const struct neighbour_group *group, bool on, struct err *err);
	/* *why: where it stays open, the reason. */
	enum finding (*judge)(const struct neighbour_limit_def *limit,
			      const struct neighbour_seen *seen, const char **why);
	enum neighbour_resource resource;
	bool on_victim; /* it protects the one instead of limiting the other */
};
extern const struct neighbour_limit_def neighbour_limits[NEIGHBOUR_LIMIT_NR];

/* neighbour_judge.c. Nothing was promised: */
enum finding neighbour_judge_none(const struct neighbour_limit_def *limit,
				  const struct neighbour_seen *seen, const char **why);
/* A cap: what the neighbour had lies below asked + tolerance, over the whole interval,
 * and it would have had more. */
enum finding neighbour_judge_cap(const struct neighbour_limit_def *limit,
				 const struct neighbour_seen *seen, const char **why);
/* A share: the victim keeps nine tenths of what is left of 1, which it does not without.
 */
enum finding neighbour_judge_share(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen, const char **why);
/* Kept apart: the same of what it has alone. */
enum finding neighbour_judge_apart(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen, const char **why);
/* Protected: 95 % of the victim's set stay cached, which they do not without. */
enum finding neighbour_judge_cached(const struct neighbour_limit_def *limit,
				    const struct neighbour_seen *seen, const char **why);

/* neighbour_limit_cpu.c */
int neighbour_set_weight(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err);
int neighbour_set_quota(const struct neighbour_limit_def *limit,
			const struct neighbour_group *group, bool on, struct err *err);
int neighbour_set_cpuset(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err);

/* neighbour_limit_group.c */
int neighbour_set_pids(const struct neighbour_limit_def *limit,
		       const struct neighbour_group *group, bool on, struct err *err);
int neighbour_set_memory(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err);
int neighbour_set_low(const struct neighbour_limit_def *limit,
		      const struct neighbour_group *group, bool on, struct err *err);

/* neighbour_limit_io.c */
int neighbour_set_io_bytes(const struct neighbour_limit_def *limit,
			   const struct neighbour_group *group, bool on, struct err *err);
int neighbour_set_io_operations(const struct neighbour_limit_def *limit,
				const struct neighbour_group *group, bool on,
				struct err *err);
int neighbour_set_io_weight(const struct neighbour_limit_def *limit,
			    const struct neighbour_group *group, bool on,
			    struct err *err);

#endif
