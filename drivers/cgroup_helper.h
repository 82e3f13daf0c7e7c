/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CGROUP_HELPER_H
#define TARE_CGROUP_HELPER_H

/* A child of this program that reads a group's statistics, or charges memory in it. */
#include <sys/types.h>

#include "bench/cgroup/cgroup.h"

struct cgroup_helper {
	const struct cgroup_hierarchy *where; /* of the memory controller */
	const char *group;
	int cpu;
	unsigned poll_hz; /* reads memory.stat so often; 0: joins and charges memory */
};
/* Returns its pid, or -errno. It ends when it is killed, or its parent dies. */
pid_t cgroup_helper_start(const struct cgroup_helper *helper);

#endif
