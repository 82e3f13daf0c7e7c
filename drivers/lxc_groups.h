/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_LXC_GROUPS_H
#define TARE_LXC_GROUPS_H

/*
 * The control groups liblxc makes for a container: one of the same name in every
 * hierarchy, version 1 or 2, below the group that process 1 is in, as liblxc does it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../bench/err.h"

struct lxc_hierarchy {
	char dir[256];         /* where liblxc makes its groups */
	char controllers[128]; /* ",cpu,cpuacct," */
	bool unified;
};
#define LXC_HIERARCHIES_MAX 20
struct lxc_hierarchies {
	struct lxc_hierarchy list[LXC_HIERARCHIES_MAX];
	size_t nr;
};
int lxc_hierarchies_read(struct lxc_hierarchies *ret, struct err *err);
/* Parses one line of mountinfo; false: no cgroup mount. `init` is /proc/1/cgroup. */
bool lxc_hierarchy_parse(const char *mountinfo, const char *init,
			 struct lxc_hierarchy *ret);
/* The hierarchy that has a controller; NULL: none. */
const struct lxc_hierarchy *lxc_hierarchy_with(const struct lxc_hierarchies *all,
					       const char *controller);

/* First line of <hierarchy>/<group>/<file>, NUL-ended. */
int lxc_group_read(const struct lxc_hierarchy *hierarchy, const char *group,
		   const char *file, char *ret, size_t size);
/* The number behind `key ` in such a file, or the first number when key is NULL. */
int lxc_group_number(const struct lxc_hierarchy *hierarchy, const char *group,
		     const char *file, const char *key, uint64_t *ret);
/* Writes "FROZEN"/"THAWED" or 1/0 and waits until the kernel says it is so. */
int lxc_group_freeze(const struct lxc_hierarchies *all, const char *group, bool frozen,
		     struct err *err);
/* Calls `visit` for every process in the group, each once. */
void lxc_group_each(const struct lxc_hierarchies *all, const char *group,
		    void (*visit)(pid_t pid, void *data), void *data);
/* Ends what is in the group and removes it from every hierarchy. Returns how many
 * directories went; -EBUSY when one stays after two seconds. */
int lxc_group_remove(const struct lxc_hierarchies *all, const char *group,
		     struct err *err);

#endif
