/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_H
#define TARE_FOOTPRINT_H

/*
 * What an idle instance costs in memory.  Its processes' share is read (PSS); what the
 * kernel keeps for it is known only as a difference: the host's counters before and after
 * some more instances were started, divided by their number.  Other work on the host is
 * in that difference too, so it is taken several times and has an interval.
 */
#include <stddef.h>
#include <stdint.h>

#include "bench/study/session.h"
#include "bench/results/stats.h"

enum footprint_field {
	FOOTPRINT_PSS,	       /* of all processes that serve the instance */
	FOOTPRINT_USED,	       /* fall of MemAvailable */
	FOOTPRINT_ANON,	       /* AnonPages */
	FOOTPRINT_CACHE,       /* Cached: shared by all instances once it is there */
	FOOTPRINT_SHMEM,       /* Shmem */
	FOOTPRINT_SLAB,	       /* Slab */
	FOOTPRINT_PAGE_TABLES, /* PageTables */
	FOOTPRINT_STACKS,      /* KernelStack */
	FOOTPRINT_PERCPU,      /* Percpu */
	FOOTPRINT_NR
};
const char *footprint_name(enum footprint_field field); /* "pss_bytes", … */

struct footprint_reading {
	double bytes[FOOTPRINT_NR]; /* [FOOTPRINT_PSS] is the caller's to fill in */
};
/* /proc/meminfo, bytes. */
int footprint_read(struct footprint_reading *ret, struct err *err);

#define FOOTPRINT_STEPS_MAX 16
/* Of one platform: bytes an instance, one entry a step. */
struct footprint {
	struct footprint_reading steps[FOOTPRINT_STEPS_MAX];
	size_t nr;
};
/* Adds (after − before) / instances; pss_bytes: mean of the new ones. */
void footprint_add(struct footprint *footprint, const struct footprint_reading *before,
		   const struct footprint_reading *after, unsigned instances,
		   double pss_bytes);
/* Over steps. */
struct stats_mean footprint_mean(const struct footprint *footprint,
				 enum footprint_field field);
/* One row in table experiment (chapter "footprint"); nothing without a step. */
int footprint_store(struct session *session, const struct footprint *footprint,
		    const char *platform, bool emulated, uint64_t begin_ns,
		    struct err *err);

#endif
