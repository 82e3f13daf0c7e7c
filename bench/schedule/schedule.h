/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SCHEDULE_H
#define TARE_SCHEDULE_H

/*
 * Runs a plan: opens platforms, calibrates, then one epoch after the other, each with
 * mirrored blocks, until every arm is as precise as asked or the budget is spent.
 */
#include "bench/host/image.h"
#include "bench/plan/plan.h"
#include "bench/base/progress.h"
#include "bench/store/store.h"
#include "bench/host/topology.h"

struct schedule {
	const struct suite *suite;
	struct plan *plan;
	const struct image *image;
	const struct topology *topology;
	struct store *store;
	int64_t run;
	const char *scratch, *run_dir;
	struct progress *progress;
	const volatile int *stop; /* SIGINT or SIGTERM came */
	bool resumed;		  /* `run` was begun earlier: go on with it */
	uint64_t elapsed_ns;	  /* spent by earlier parts; after schedule_run: in all */
};
/* Returns 0 when every target was met; 1: budget spent, some missed; -EINTR: stopped;
 * -ENODEV: nothing could run.  Finished blocks are in the store in every case. */
int schedule_run(struct schedule *schedule, struct err *err);

#endif
