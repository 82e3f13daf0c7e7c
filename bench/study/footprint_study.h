/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_STUDY_H
#define TARE_FOOTPRINT_STUDY_H

/*
 * The study of `tare footprint`: memory of idle and of working instances, page cache that
 * instances share, disk bytes, and what an empty memory cgroup costs.
 */
#include "bench/config/footprint_settings.h"
#include "bench/study/footprint.h"
#include "bench/study/guard.h"
#include "bench/study/places.h"
#include "bench/study/session.h"
#include "bench/store/store_experiment.h"

#define FOOTPRINT_PLACES_MAX 16

/* footprint_share.c: page cache of the same files in 1..N instances; bytes by round and
 * number of instances. */
struct footprint_sharing {
	double host[FOOTPRINT_STEPS_MAX][FOOTPRINT_SHARERS_MAX]; /* in the host's cache */
	double inside[FOOTPRINT_STEPS_MAX][FOOTPRINT_SHARERS_MAX]; /* and again inside */
	unsigned rounds, sharers;
};
struct footprint_shared {
	struct stats_mean first, further; /* bytes of the first, of each further one */
	struct stats_mean share; /* of the first one's bytes that a further one spares */
};
/* Over rounds. A round whose first instance cost nothing says nothing about the share. */
void footprint_share_sum(const struct footprint_sharing *sharing,
			 struct footprint_shared *ret);

struct footprint_place {
	struct footprint idle, working;
	uint64_t times_ns[3]; /* between the readings of the last step */
	char failed[200];     /* why it takes no further part, "" while it does */
};
struct footprint_study {
	struct session *session;
	const struct footprint_settings *settings;
	struct places places;
	struct guard guard; /* of the host's memory */
	struct footprint_place state[FOOTPRINT_PLACES_MAX];
	struct stats_mean group_bytes; /* an empty memory cgroup; NAN: not known */
	double group_floor;
};

int footprint_run(struct session *session, const struct footprint_settings *settings,
		  struct err *err);
/* -EINTR once the user wants to stop. */
int footprint_check_stop(const struct footprint_study *study, struct err *err);
/* -ENOMEM: so many more would not leave the host its share. */
int footprint_check_room(const struct footprint_study *study, unsigned more,
			 struct err *err);
/* Waits so long, or until then. */
int footprint_wait(const struct footprint_study *study, uint64_t ns, struct err *err);
/* The host, once what was freed has come back: groups and address spaces go by workers.
 */
int footprint_read_settled(const struct footprint_study *study,
			   struct footprint_reading *ret, struct err *err);
/* nr + 1 such readings, apart as long as those of the step were; nothing is done. */
int footprint_read_control(const struct footprint_study *study, const uint64_t *times_ns,
			   size_t nr, struct footprint_reading *ret, struct err *err);
/* Adds a finding of this study; `row` has everything but chapter and times. */
int footprint_add_finding(struct footprint_study *study, struct store_experiment *row,
			  int64_t *ret, struct err *err);

/* footprint_round.c: a step of a place and its control, in an order that alternates. */
int footprint_round(struct footprint_study *study, size_t place, unsigned round,
		    struct err *err);
/* A place takes no further part, unless the user stopped: then that is returned. */
int footprint_give_up(struct footprint_study *study, size_t place, int rc,
		      struct err *err);
/* footprint_store.c: idle and working, of every place. */
int footprint_store(struct footprint_study *study, struct err *err);
/* Each measures its part and stores it. */
int footprint_share(struct footprint_study *study, struct err *err);
int footprint_disk(struct footprint_study *study, struct err *err);
int footprint_group(struct footprint_study *study, struct err *err);

#endif
