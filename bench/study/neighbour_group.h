/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_GROUP_H
#define TARE_NEIGHBOUR_GROUP_H

/*
 * Where an instance can be limited: its process on the host sits in a group of ours in
 * the hierarchies of the controllers that are needed, and nowhere else does it move
 * (version 1); in version 2, where a process has one group, the group that its platform
 * made for it is used, and one of ours where it made none.
 */
#include <sys/types.h>

#include "bench/cgroup/cgroup.h"
#include "bench/study/neighbour_device.h"

/* What of the host takes part; outlives the groups. */
struct neighbour_host {
	unsigned home, other; /* CPUs: the shared one, and one to be sent to; the same
				 where there is none */
	struct neighbour_device device; /* the disk of the data files */
	char room[96]; /* group of ours around both, below a hierarchy's dir; "":
			  none */
	struct cgroup_hierarchies room_groups;
};
/* A host of its own for two neighbours: a group around both that has `bytes` of memory.
 * Named by the first one's id. Version 1 only, where a process is moved in the memory
 * hierarchy and keeps its groups in all others; in version 2 it makes none. */
int neighbour_room_open(struct neighbour_host *host, const char *id, uint64_t bytes,
			struct err *err);
void neighbour_room_close(struct neighbour_host *host); /* after its groups */

#define NEIGHBOUR_CONTROLLERS_MAX 8
struct neighbour_group {
	const struct neighbour_host *where;
	struct cgroup_hierarchies groups; /* of the controllers, each once */
	char name[192];			  /* below a hierarchy's dir */
	bool made;			  /* by us */
};
/* Puts the process of instance `id` where it can be limited by the controllers, a list
 * ended by NULL. -ENOTSUP: this host hands on no such controller. */
int neighbour_group_open(struct neighbour_group *group, const struct neighbour_host *host,
			 const char *const *controllers, const char *id, pid_t pid,
			 struct err *err);
/* After the instance has ended. */
void neighbour_group_close(struct neighbour_group *group);

/* The hierarchy of a controller by its name in version 2; NULL: none. */
const struct cgroup_hierarchy *
neighbour_controller(const struct cgroup_hierarchies *groups, const char *name);

/* A file of a controller and what goes into it, in both versions; v1 or v2 NULL: that
 * version has none. */
struct neighbour_file {
	const char *v1, *v1_value, *v2, *v2_value;
};
/* -ENOTSUP: the group has no such controller, or the version no such file. */
int neighbour_group_put(const struct neighbour_group *group, const char *controller,
			const struct neighbour_file *file, struct err *err);
/* Confines the group to one CPU. */
int neighbour_group_set_cpu(const struct neighbour_group *group, unsigned cpu,
			    struct err *err);

#endif
