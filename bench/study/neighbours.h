/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOURS_H
#define TARE_NEIGHBOURS_H

/*
 * The neighbour study: a victim and an aggressor, two instances of one platform on one
 * CPU.  In each round the victim works alone, beside the aggressor, beside it again and
 * alone again; its rate beside over its rate alone is what the neighbour costs, with no
 * limit on the aggressor and with each of those for a resource that it takes.  What the
 * aggressor got of the resource is compared with what its limit says.
 */
#include "bench/config/neighbour_settings.h"
#include "bench/study/neighbour_limit.h"
#include "bench/study/parallel.h"
#include "bench/study/places.h"
#include "bench/results/stats.h"
#include "bench/store/store_experiment.h"

int neighbours_run(struct session *session, const struct neighbour_settings *settings,
		   struct err *err);

/* One combination, measured; or why it could not be. */
struct neighbour_finding {
	const struct place *place;
	const struct neighbour_pair *pair;
	const char *name; /* the pair's, and the path's where there are several */
	const char *path; /* to the disk; NULL: they do not work on it */
	const struct neighbour_limit_def *limit;
	enum neighbour_resource resource; /* that `seen.got` is of */
	struct neighbour_seen seen;
	const char *unavailable; /* the reason; NULL: measured */
};
/* neighbours_store.c: as an experiment. */
int neighbours_store(struct session *session, const struct neighbour_finding *finding,
		     struct err *err);
/* Did the limit do what it says?  A cap holds where the whole interval of what the
 * aggressor had lies below it, a tolerance added; a limit that is for the victim where
 * the whole interval of what it keeps reaches nine tenths of what is left to it; an
 * interval that holds both decides nothing, and *why says so.  Without a limit there is
 * nothing to hold. */
enum finding neighbours_judge(const struct neighbour_finding *finding, const char **why);

#endif
