/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_LIMIT_H
#define TARE_NEIGHBOUR_LIMIT_H

/*
 * Limits on the CPU time of an instance, whatever platform it is of: its process on the
 * host sits in a group of ours in the hierarchies of cpu and cpuset, and nowhere else
 * does it move (version 1); in version 2, where a process has one group, the group that
 * its platform made for it is used, and one of ours where it made none.
 */
#include <sys/types.h>

#include "bench/cgroup/cgroup.h"
#include "bench/config/neighbour_settings.h"

const char *neighbour_limit_name(enum neighbour_limit limit); /* "none", "weight", … */
/* Share of one CPU that the limit leaves an instance which competes with one other of
 * default weight; 1: as much as it can get. */
double neighbour_limit_share(enum neighbour_limit limit);

struct neighbour_group {
	struct cgroup_hierarchies groups; /* of cpu and of cpuset, which may be one */
	char name[192];			  /* below a hierarchy's dir */
	bool made;			  /* by us */
};
/* Puts the process of instance `id` where it can be limited. -ENOTSUP: this host has no
 * such controllers. */
int neighbour_group_open(struct neighbour_group *group, const char *id, pid_t pid,
			 unsigned cpu, struct err *err);
/* home: the CPU it shares; other: the one it is sent to by LIMIT_CPUSET. */
int neighbour_group_limit(const struct neighbour_group *group, enum neighbour_limit limit,
			  unsigned home, unsigned other, struct err *err);
/* After the instance has ended. */
void neighbour_group_close(struct neighbour_group *group);

#endif
