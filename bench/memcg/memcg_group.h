/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_GROUP_H
#define TARE_MEMCG_GROUP_H

/* A group of an experiment: bounded, named by its owner, removed with its scope. */
#include "bench/memcg/memcg_experiment.h"

#define MEMCG_PARENT "tare" /* all our groups are in it */
#define MEMCG_BOUND_BYTES (256ull << 20)

/* A file of the controller by its names in both versions; NULL: that one has none. */
struct memcg_knob {
	const char *v1, *v2;
};
extern const struct memcg_knob memcg_usage, memcg_limit, memcg_stat;
/* Version 1: of memory and swap together. */
extern const struct memcg_knob memcg_swap_limit;

struct memcg_group {
	const struct memcg_context *context; /* NULL: not made */
	char name[MEMCG_GROUP_MAX];
};
/* Makes a group, in `above` unless that is NULL; limit 0: MEMCG_BOUND_BYTES. It may not
 * swap. */
int memcg_group_make(struct memcg_context *context, const struct memcg_group *above,
		     uint64_t limit_bytes, struct memcg_group *ret, struct err *err);
/* Ends what is in it, removes it. Takes one that was never made. */
int memcg_group_remove(struct memcg_group *group, struct err *err);
void memcg_group_release(struct memcg_group *group);
/* `cleanup(memcg_group) struct memcg_group group = {0};` */
static inline void cleanup_memcg_group(struct memcg_group *group)
{
	memcg_group_release(group);
}

/* Is there such a file? */
bool memcg_group_has(const struct memcg_group *group, const struct memcg_knob *knob);
int memcg_group_set(const struct memcg_group *group, const struct memcg_knob *knob,
		    uint64_t value, struct err *err);
/* No limit any more. */
int memcg_group_lift(const struct memcg_group *group, const struct memcg_knob *knob,
		     struct err *err);
/* The number behind `key `, or the file's only one where key is NULL. */
int memcg_group_get(const struct memcg_group *group, const struct memcg_knob *knob,
		    const char *key, uint64_t *ret, struct err *err);
/* Bytes charged, by the group's counter. */
int memcg_group_usage(const struct memcg_group *group, uint64_t *ret, struct err *err);
/*
 * Has every CPU give back what it borrowed for the group, so that the counter says what
 * is held. A limit just below the counter (version 2: memory.high, which kills nobody)
 * makes the kernel look there first: drain_all_stock in mm/memcontrol.c comes before
 * reclaim, and nothing is reclaimed where at least one page was borrowed.
 */
int memcg_group_drain(const struct memcg_group *group, struct err *err);
/* Absolute path of a file; "": the folder. */
void memcg_group_path(const struct memcg_group *group, const char *file, char *ret,
		      size_t size);

#endif
