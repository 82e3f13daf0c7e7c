/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CGROUP_PRIVATE_H
#define TARE_CGROUP_PRIVATE_H

/* What the files of cgroup*.c share; nobody else includes this. */
#include "bench/cgroup/cgroup.h"

#define CGROUP_PATH_MAX 512

/* "<hierarchy>[/<group>][/<file>]"; false: too long. */
bool cgroup_path(const struct cgroup_hierarchy *hierarchy, const char *group,
		 const char *file, char ret[static CGROUP_PATH_MAX]);
/* A whole small file, NUL-ended; empty when it cannot be read. */
void cgroup_text(const char *path, char *ret, size_t size);
/* Is `word` one of a list separated by commas, blanks or newlines? */
bool cgroup_has_word(const char *list, const char *word);
/* Where systemd owns the groups: makes what it delegated to us the place for ours, or
 * calls them foreign. */
void cgroup_tenant_narrow(struct cgroup_hierarchies *all);
/* 0 or -errno. */
int cgroup_put(const struct cgroup_hierarchy *hierarchy, const char *group,
	       const char *file, const char *word);

#endif
