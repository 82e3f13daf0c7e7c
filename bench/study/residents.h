/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_RESIDENTS_H
#define TARE_RESIDENTS_H

/*
 * Several instances of each place at once, for studies: idle ones beside a start, working
 * ones in a density study.  Those of the place that is measured run; all others are
 * paused.
 */
#include "bench/study/guard.h"
#include "bench/study/places.h"

#define RESIDENTS_MAX STUDY_INSTANCES_MAX /* of a place */
struct residents {
	struct runner *list; /* never moved: instances point into it */
	unsigned nr;
	bool failed; /* one did not start: there will be no more */
	/* CPUs that instances take in turn; nr 0: all on the place's own */
	const unsigned *cpus;
	size_t cpu_nr;
	const struct guard *guard; /* asked before every start; NULL: nobody */
	struct stop stop;	   /* why the guard said no */
};

/* residents: one per place, zeroed at first.  Brings every place up to k instances.  A
 * place that cannot have as many is noted and keeps what it has. */
int residents_set(struct session *session, struct places *places,
		  struct residents *residents, unsigned k, struct err *err);
/* The same for one place. */
int residents_set_one(struct session *session, struct places *places, size_t place,
		      struct residents *residents, unsigned k, struct err *err);
void residents_release(struct residents *residents, size_t place_nr);
/* Resumes those of `place`, pauses all others. */
int residents_focus(const struct places *places, struct residents *residents,
		    const struct place *place, struct err *err);

#endif
