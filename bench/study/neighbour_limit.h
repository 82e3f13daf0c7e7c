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
enum neighbour_resource { RESOURCE_CPU, RESOURCE_NR };

struct neighbour_usage {
	const char *name; /* "cpu" */
	const char *unit; /* of what was had of it, per second where it is a counter */
	bool counter;	  /* what is read only grows: what was had is its rate */
	/* that its limits need, by their names in version 2; ended by NULL */
	const char *const *controllers;
	/* So far, in the unit, of an instance and of the group it was put in. */
	int (*read)(struct runner *runner, const struct neighbour_group *group,
		    double *ret, struct err *err);
};
extern const struct neighbour_usage neighbour_usages[RESOURCE_NR];

/* What was seen of a neighbour with a limit. */
struct neighbour_seen {
	struct stats_ratio ratio; /* of the victim: beside over alone */
	/* What the neighbour had, in the resource's unit, over rounds: its mean with a
	 * 95 % interval */
	struct stats_mean got;
};

struct neighbour_limit_def {
	const char *name;    /* "weight": as it is written to results */
	const char *summary; /* "a tenth of the weight" */
	enum neighbour_resource resource;
	/* What it leaves to the neighbour, in the resource's unit, and how far beyond it
	 * is still what was asked. */
	double asked, tolerance;
	/* Sets it in the group, or takes it away again. -ENOTSUP with the reason where
	 * this host cannot. NULL: there is nothing to set. */
	int (*set)(const struct neighbour_limit_def *limit,
		   const struct neighbour_group *group, bool on, struct err *err);
	enum finding (*judge)(const struct neighbour_limit_def *limit,
			      const struct neighbour_seen *seen);
};
extern const struct neighbour_limit_def neighbour_limits[NEIGHBOUR_LIMIT_NR];

/* Nothing was promised. */
enum finding neighbour_judge_none(const struct neighbour_limit_def *limit,
				  const struct neighbour_seen *seen);
/* A cap: what the neighbour had lies below asked + tolerance, over the whole interval. */
enum finding neighbour_judge_cap(const struct neighbour_limit_def *limit,
				 const struct neighbour_seen *seen);
/* A share: the victim keeps nine tenths of what is left of 1. */
enum finding neighbour_judge_share(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen);
/* Kept apart: the victim keeps nine tenths of what it has alone. */
enum finding neighbour_judge_apart(const struct neighbour_limit_def *limit,
				   const struct neighbour_seen *seen);

/* neighbour_limit_cpu.c */
int neighbour_set_weight(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err);
int neighbour_set_quota(const struct neighbour_limit_def *limit,
			const struct neighbour_group *group, bool on, struct err *err);
int neighbour_set_cpuset(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err);

#endif
