/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PLACES_H
#define TARE_PLACES_H

/*
 * The platforms a study works on: selected by --on, probed, and stored with what the
 * probes said.  A run has a plan instead; a study has no cells of its own to plan.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/schedule/runner.h"
#include "bench/study/session.h"

struct place {
	const struct platform *platform;
	struct probe probe;
	struct spec spec;
	bool baseline;
	bool paths[DRIVER_PATHS_MAX];	 /* none: a study that needs the disk sets them */
	bool selected[DRIVER_PATHS_MAX]; /* by --on; all where it names none */
	int64_t row;			 /* in table platform */
	/* Opened and never started: what instances of a guest's driver share (a
	 * connection) is not torn down and set up again between two starts. NULL: not
	 * needed. */
	struct instance *keeper;
	struct spec keeper_spec;
	char keeper_id[64];
};
struct places {
	struct place *list; /* those that can run here; the baseline first */
	size_t nr;
	unsigned cpu, service_cpu;
	const char *owner;
	unsigned next_instance; /* numbers of instances, over the whole study */
};

/* Those of --on, else the suite's, else every one that is not hidden.  Emulated ones take
 * part, for that is what they are called everywhere.  The session must have begun.
 * -ENODEV: the baseline cannot run here, -E2BIG: more than `most`. */
int places_open(struct session *session, uint64_t memory_bytes, size_t most,
		struct places *ret, struct err *err);
void places_release(struct places *places);
/* Starts one more instance of a place in a runner that was not initialized. */
int places_start(struct places *places, const struct place *place, struct runner *ret,
		 struct err *err);
/* A row in table instance: how long it took, and its phases. */
int places_store_start(struct session *session, const struct runner *runner,
		       struct err *err);

#endif
