/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CGROUP_LIMITS_H
#define TARE_CGROUP_LIMITS_H

/* The limits of the cgroup driver: from its settings, into the group, and read back. */
#include "bench/cgroup/cgroup.h"
#include "drivers/driver.h"

/* A limit by its names in both versions. */
struct cgroup_limit {
	const char *name, *controller, *file_v1, *file_v2; /* no file: not there */
	char value[64];					   /* "": not asked */
};
enum { LIMIT_MEMORY, LIMIT_TCP, LIMIT_CPUSET, LIMIT_CPU, LIMIT_PIDS, LIMIT_NR };
struct cgroup_limits {
	struct cgroup_limit list[LIMIT_NR];
};

/* What the platform's settings ask for on this host. */
int cgroup_limits_make(const struct spec *spec, const struct cgroup_hierarchies *groups,
		       struct cgroup_limits *ret, struct err *err);
int cgroup_limits_set(const struct cgroup_limits *limits,
		      const struct cgroup_hierarchies *groups, const char *group,
		      struct err *err);
/* Adds a fact for each limit, as the kernel has it. Returns 0 or -ENOMEM. */
int cgroup_limits_observe(const struct cgroup_limits *limits,
			  const struct cgroup_hierarchies *groups, const char *group,
			  struct facts *into);

#endif
