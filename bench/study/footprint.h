/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_H
#define TARE_FOOTPRINT_H

/*
 * What an instance costs in memory.  Its processes' share is read (PSS); what the kernel
 * keeps for it is known only as a difference of the host's counters: before some more
 * instances were started, with them, and after they were ended.  Other work on the host
 * is in that difference too, so it is taken several times, has an interval, and has
 * controls beside it: the same readings, as far apart, in which nothing was started.
 * Their reach is the noise floor.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/config/footprint_settings.h"
#include "bench/results/stats.h"
#include "drivers/driver.h"

enum footprint_field {
	FOOTPRINT_PSS,	 /* of all processes that serve the instance: no difference */
	FOOTPRINT_USED,	 /* fall of MemAvailable and of free pages CPUs keep */
	FOOTPRINT_ANON,	 /* AnonPages */
	FOOTPRINT_CACHE, /* Cached: shared by all instances once it is there */
	FOOTPRINT_SHMEM, /* Shmem */
	FOOTPRINT_SLAB,	 /* Slab */
	FOOTPRINT_PAGE_TABLES, /* PageTables, and SecPageTables: those of guests */
	FOOTPRINT_STACKS,      /* KernelStack */
	FOOTPRINT_PERCPU,      /* Percpu */
	FOOTPRINT_GROUPS,      /* memory cgroups made for it: a number, not bytes */
	FOOTPRINT_NR
};
const char *footprint_name(enum footprint_field field); /* "pss_bytes", … */
/* "PSS of its processes", …: for people */
const char *footprint_title(enum footprint_field field);
/* Is it read of what was started alone, so that others' work cannot be in it? */
bool footprint_is_own(enum footprint_field field);

struct footprint_reading {
	double values[FOOTPRINT_NR]; /* PSS and GROUPS are the caller's to fill in */
	uint64_t at_ns;
};
/* /proc/meminfo and the per-CPU free lists of /proc/zoneinfo, bytes. */
int footprint_read(struct footprint_reading *ret, struct err *err);
/* Pages by one line of /proc/zoneinfo; 0: it is about something else. */
double footprint_zone_pages(const char *line);
/*
 * For each instance, `with` above what the host would have had at that moment without
 * them: the straight line from `before` to `after`, so that a steady drift cancels.
 * instances ≥ 1; before, with, after in this order in time.
 */
void footprint_difference(const struct footprint_reading *before,
			  const struct footprint_reading *with,
			  const struct footprint_reading *after, unsigned instances,
			  struct footprint_reading *ret);

/* A kind of process that serves an instance; bytes an instance, an entry a step. */
struct footprint_role {
	const char *name;
	double processes[FOOTPRINT_STEPS_MAX], pss[FOOTPRINT_STEPS_MAX],
		page_tables[FOOTPRINT_STEPS_MAX];
};
/* Of one platform in one state. */
struct footprint {
	struct footprint_reading steps[FOOTPRINT_STEPS_MAX],
		controls[FOOTPRINT_STEPS_MAX];
	size_t nr, control_nr;
	struct footprint_role roles[ACCOUNT_ROLES_MAX];
	size_t role_nr;
};
/* A step and the processes of its instances (PSS is filled in from them). What there is
 * no room for is left out. */
void footprint_add(struct footprint *footprint, const struct footprint_reading *step,
		   const struct account *accounts, unsigned instances);
void footprint_add_control(struct footprint *footprint,
			   const struct footprint_reading *control);

/* Over steps. */
struct stats_mean footprint_mean(const struct footprint *footprint,
				 enum footprint_field field);
/* How far the controls' interval reaches from 0; NAN: fewer than two, or none is needed.
 */
double footprint_floor(const struct footprint *footprint, enum footprint_field field);

#define FOOTPRINT_WORDS_MAX 96
/* "3.10 MiB [2.90, 3.30]", "below noise (floor ±0.40 MiB)" where the mean lies within the
 * floor (NAN: there is none), "undecided (-1.00 to 2.00 MiB)" where the interval contains
 * 0. */
const char *footprint_words(const struct stats_mean *over, double floor,
			    char buffer[static FOOTPRINT_WORDS_MAX]);

#endif
