/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Removing containers whose owner is gone.  They are found by the names of their groups;
 * the processes to end are those inside, whatever they are called.
 */
#include "drivers/lxc_instance.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/remove_tree.h"
#include "bench/host/owner.h"
#include "bench/host/reap.h"

/* liblxc keeps a lock file for each container in LOCKS/<lxcpath>/. */
#define LOCKS "/run/lxc/lock"

static const char *const suffixes[] = {LXC_PAYLOAD, LXC_MONITOR, LXC_PIVOT, LXC_ABOVE};
#define SUFFIX_NR (sizeof(suffixes) / sizeof(suffixes[0]))

/* The folder, then those above it that are ours and empty. */
static void remove_locks(const char *lxcpath, const char *id)
{
	char path[LXC_PATH_MAX + sizeof(LOCKS) + LXC_ID_MAX];
	size_t base = sizeof(LOCKS) - 1;

	(void)snprintf(path, sizeof(path), LOCKS "%s/.%s", lxcpath, id);
	(void)unlink(path);
	for (char *slash;
	     (slash = strrchr(path, '/')) && (size_t)(slash - path) > base;) {
		*slash = '\0';
		if (rmdir(path))
			return;
	}
}

int lxc_sweep(const struct cgroup_hierarchies *groups, const char *id,
	      const char *lxcpath, struct err *err)
{
	char name[LXC_ID_MAX + 16];
	int removed = 0;

	for (size_t i = 0; i < SUFFIX_NR; i++) {
		int rc;

		(void)snprintf(name, sizeof(name), "%s%s", id, suffixes[i]);
		rc = cgroup_remove(groups, name, err);
		if (rc < 0)
			return rc;
		removed += rc;
	}
	remove_locks(lxcpath, id);
	return removed;
}

/* "tare-1-a-7.payload" → "tare-1-a-7", of a dead owner and ours; else false. */
static bool dead_id(const char *name, char ret[static LXC_ID_MAX])
{
	size_t length = strcspn(name, ".");
	bool ours = false;

	for (size_t i = 0; i < SUFFIX_NR; i++)
		ours |= !strcmp(name + length, suffixes[i]);
	if (!ours || length >= LXC_ID_MAX || !owner_is_dead(name))
		return false;
	(void)snprintf(ret, LXC_ID_MAX, "%.*s", (int)length, name);
	return true;
}

/* "tare-1-a-7" → "/run/tare/tare-1-a/lxc", as its owner had it */
static void lxcpath_of(const char *id, char ret[static LXC_PATH_MAX])
{
	size_t length = strlen(id);
	const char *dash = id + strlen(OWNER_PREFIX);

	for (int skip = 0; skip < 2 && dash; skip++)
		dash = strchr(dash + (skip > 0), '-');
	if (dash)
		length = (size_t)(dash - id);
	(void)snprintf(ret, LXC_PATH_MAX, OWNER_RUN_DIR "/%.*s/lxc", (int)length, id);
}

/* One id at a time: a directory must not be read while its entries go. */
static bool find_dead(const char *dir, char ret[static LXC_ID_MAX])
{
	cleanup(dir) DIR *stream = opendir(dir);
	const struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		if (dead_id(entry->d_name, ret))
			return true;
	return false;
}

static int reap_below(const struct cgroup_hierarchies *groups, size_t *removed,
		      struct err *err)
{
	char id[LXC_ID_MAX], lxcpath[LXC_PATH_MAX];
	int rc = 0;

	for (size_t i = 0; !rc && i < groups->nr; i++) {
		while (!rc && find_dead(groups->list[i].dir, id)) {
			lxcpath_of(id, lxcpath);
			rc = lxc_sweep(groups, id, lxcpath, err);
			remove_tree(lxcpath);
			*removed += rc > 0;
			rc = rc < 0 ? rc : 0;
		}
	}
	return rc;
}

int lxc_reap(size_t *removed, struct err *err)
{
	size_t containers = 0;
	int rc = cgroup_each_base(reap_below, &containers, err);

	if (rc == -ENOENT) { /* no groups at all: no containers either */
		err_clear(err);
		rc = 0;
	}
	if (!rc)
		*removed = containers;
	return rc;
}
