/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PLAN_H
#define TARE_PLAN_H

/*
 * A plan is the suite multiplied out: cells (a workload with all its parameters) and
 * arms (a cell on one platform and path, compared with the cell's baseline).  Arm 0 of
 * a cell is the baseline itself.  Controls are arms like any other: the baseline again
 * (A/A) gives the noise floor, the baseline doing 1 % more work gives the proof that the
 * run could have seen 1 %.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/config/config.h"
#include "bench/workload/workload.h"

enum arm_role { ROLE_BASELINE, ROLE_PLATFORM, ROLE_AA, ROLE_INJECTED };
const char *arm_role_name(enum arm_role role); /* "baseline","platform","aa","injected" */

struct arm {
	uint32_t index; /* in plan->arms */
	uint32_t cell;	/* in plan->cells */
	enum arm_role role;
	uint32_t platform; /* in plan->platforms */
	uint32_t path;	   /* in that platform's driver's paths */
	double injected;   /* 0.01: does 1 % more work than it says (role injected, or
			    * the platform's handicap) */
};

struct cell {
	uint32_t index;
	const struct workload *workload;
	const char *family;  /* static; NULL: the workload's own */
	char label[64];	     /* "chase l2", unique within the plan */
	uint64_t size_bytes; /* 0: not sized */
	char size_name[16];  /* "l2", "4xllc", "64MiB", "" */
	uint32_t threads;
	uint32_t slice_ms; /* disk: fio's runtime */
	double precision;  /* target half width of ln ratio, 0.01 = 1 % */
	uint32_t first_arm,
		arm_nr;	  /* contiguous in plan->arms; the first is the baseline */
	uint64_t ops;	  /* a slice's operations, 0 until calibrated */
	uint64_t last_ns; /* what a disk cell's last block took, 0: none yet */
};

struct plan_platform {
	const struct platform *platform;
	bool used_paths[8];
	bool baseline;
};

struct plan {
	struct cell *cells;
	size_t cell_nr;
	struct arm *arms;
	size_t arm_nr;
	struct plan_platform *platforms;
	size_t platform_nr;
	uint64_t seed, budget_ns;
	uint64_t memory_bytes; /* of each instance: the largest cell and some */
	uint64_t disk_bytes;   /* size of the data file, 0: no disk workload */
	char **notes;	       /* what was left out, and why: one line each */
	size_t note_nr;
};

struct topology; /* topology.h: cache sizes for sized workloads */
/*
 * `on`: "platform[:path],…" as a user gave it, exact names; NULL: the suite's, and where
 * that has none, every platform that is not hidden; a workload's own list in the suite
 * takes the place of the suite's, and of both only what the user named.  A platform
 * without a path means all its paths.  Native cells run on a platform's path 0, whatever
 * paths are selected: the path to the disk is nothing to them.  The baseline is the first
 * platform of the first driver in the table; it takes part even where `on` does not name
 * it.  A size that this machine has not is a note.  -EINVAL: unknown word, a cell that is
 * there twice, nothing left to measure.
 */
int plan_make(const struct suite *suite, const struct platform_set *set, const char *on,
	      const struct topology *topology, struct plan *ret, struct err *err);
void plan_release(struct plan *plan);

#endif
