/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOURS_H
#define TARE_NEIGHBOURS_H

/*
 * The neighbour study: a victim and an aggressor, two instances of one platform on one
 * CPU.  In each round the victim works alone, beside the aggressor, beside it again and
 * alone again; its rate beside over its rate alone is what the neighbour costs, with no
 * limit on the aggressor and with each.  What the aggressor got of the CPU is compared
 * with what its limit says.
 */
#include "bench/config/neighbour_settings.h"
#include "bench/study/neighbour_limit.h"
#include "bench/study/parallel.h"
#include "bench/study/places.h"
#include "bench/results/stats.h"
#include "bench/store/store_experiment.h"

int neighbours_run(struct session *session, const struct neighbour_settings *settings,
		   struct err *err);

/* One combination, measured. */
struct neighbour_finding {
	const struct place *place;
	const struct neighbour_pair *pair;
	enum neighbour_limit limit;
	struct stats_ratio ratio; /* of the victim: beside over alone */
	double got, asked;	  /* share of a CPU that the aggressor had */
};
/* neighbours_store.c: as an experiment. */
int neighbours_store(struct session *session, const struct neighbour_finding *finding,
		     struct err *err);
/* Did the limit do what it says?  A quota is a cap: what the aggressor had of a CPU may
 * lie above it by a tenth of a CPU, no more.  A weight and a CPU set are for the victim:
 * it keeps nine tenths of what they leave to it; an interval that holds such a share and
 * less decides nothing.  Without a limit there is nothing to hold. */
enum finding neighbours_judge(const struct neighbour_finding *finding);

#endif
