/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CGROUP_H
#define TARE_CGROUP_H

/*
 * Control groups, version 1 or 2: a group is one name in every hierarchy that is mounted,
 * below the group that process 1 is in (liblxc does it so, and our own groups too), or,
 * where systemd is process 1, below a group that it has delegated to us.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/base/err.h"

struct cgroup_hierarchy {
	char dir[256];	       /* where groups are made */
	char root[160];	       /* the mount point */
	bool whole;	       /* the mount shows the hierarchy's own root */
	char device[16];       /* tells hierarchies apart that are mounted twice */
	char controllers[128]; /* with what surrounds them: "rw,cpu,cpuacct" */
	bool unified;
};
#define CGROUP_HIERARCHIES_MAX 20
struct cgroup_hierarchies {
	struct cgroup_hierarchy list[CGROUP_HIERARCHIES_MAX];
	size_t nr;
	const char *only; /* the one controller that groups of version 2 are to have;
			     NULL: all that tare limits */
	bool delegated;	  /* version 2, and systemd gave us a part to make groups in */
	bool foreign;	  /* systemd's, and no part of them is ours */
};
int cgroup_hierarchies_read(struct cgroup_hierarchies *ret, struct err *err);
/* The same from texts: all of mountinfo, and /proc/1/cgroup. Mount points are read below
 * for what a unified hierarchy has. -ENOENT: no control groups. */
int cgroup_hierarchies_parse(const char *mountinfo, const char *init,
			     struct cgroup_hierarchies *ret, struct err *err);
/* Parses one line of mountinfo; false: no cgroup mount. `init` is /proc/1/cgroup. */
bool cgroup_hierarchy_parse(const char *mountinfo, const char *init,
			    struct cgroup_hierarchy *ret);
/* Reads the one that has a controller, for groups in no other hierarchy. -ENOTSUP. */
int cgroup_hierarchies_of(const char *controller, struct cgroup_hierarchies *ret,
			  struct err *err);
/* The hierarchy that has a controller; NULL: none. */
const struct cgroup_hierarchy *cgroup_hierarchy_with(const struct cgroup_hierarchies *all,
						     const char *controller);

/* Where systemd owns the groups: sees to it that this process is in a delegated scope of
 * its own, by systemd-run unless it was started in one. Elsewhere it does nothing. */
int cgroup_tenant_enter(const char *owner, struct err *err);
/* -EPERM, with the mend, where groups are foreign. */
int cgroup_tenant_check(const struct cgroup_hierarchies *all, struct err *err);
/* Where the groups of /proc/self/cgroup's text are made: the path in the hierarchy,
 * without the leaf that cgroup_tenant_enter made. False: the root, or no version 2. */
bool cgroup_tenant_base(const char *own, char *ret, size_t size);

/* Calls `visit` with our hierarchies, and with every scope that a dead tare left; then
 * ends what else is in that scope. Stops at the first failure. */
typedef int cgroup_visit(const struct cgroup_hierarchies *base, size_t *removed,
			 struct err *err);
int cgroup_each_base(cgroup_visit *visit, size_t *removed, struct err *err);

/* Makes the group in every hierarchy (in version 2 with the controllers that can be had:
 * what another's group has to hand on for that is taken back when cgroup_reap removes the
 * topmost folder); removes what was made when one fails. */
int cgroup_create(const struct cgroup_hierarchies *all, const char *group,
		  struct err *err);
/* Writes a value to <hierarchy>/<group>/<file>. */
int cgroup_write(const struct cgroup_hierarchy *hierarchy, const char *group,
		 const char *file, const char *value, struct err *err);
/* Removes groups "<parent>/<owner>…" of owners that are no longer alive, and the parent
 * when nothing is left in it; adds to *removed. */
int cgroup_reap(const struct cgroup_hierarchies *all, const char *parent, size_t *removed,
		struct err *err);

/* First line of <hierarchy>/<group>/<file>, NUL-ended. */
int cgroup_read(const struct cgroup_hierarchy *hierarchy, const char *group,
		const char *file, char *ret, size_t size);
/* The number behind `key ` in such a file, or the first number when key is NULL. */
int cgroup_number(const struct cgroup_hierarchy *hierarchy, const char *group,
		  const char *file, const char *key, uint64_t *ret);
/* CPU time of all that ever ran in the group; -errno when this host does not count it. */
int cgroup_cpu_ns(const struct cgroup_hierarchies *all, const char *group, uint64_t *ret);
/* Writes "FROZEN"/"THAWED" or 1/0 and waits until the kernel says it is so. */
int cgroup_freeze(const struct cgroup_hierarchies *all, const char *group, bool frozen,
		  struct err *err);
/* The group of `pid` in the hierarchy of `controller` ("" = the unified one), as
 * /proc/PID/cgroup has it; "" when there is none. */
void cgroup_of(pid_t pid, const char *controller, char *ret, size_t size);
/* Calls `visit` for every process in the group, each once. */
void cgroup_each(const struct cgroup_hierarchies *all, const char *group,
		 void (*visit)(pid_t pid, void *data), void *data);
/* Ends what is in the group and removes it from every hierarchy. Returns how many
 * directories went; -EBUSY when one stays after ten seconds. */
int cgroup_remove(const struct cgroup_hierarchies *all, const char *group,
		  struct err *err);

#endif
