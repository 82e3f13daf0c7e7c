/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of ours: made with the controllers they need, removed when their owner is dead.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "bench/cgroup/cgroup_private.h"
#include "bench/base/cleanup.h"
#include "bench/host/owner.h"

/* What we had another's group hand on is written beside ours, as an attribute of the
 * folder that needed it: it is taken back with that folder, also by whoever reaps it. */
#define HANDED_ON "trusted.tare_handed_on"
#define HANDED_MAX 128

static const char *const controllers[] = {"memory", "cpu", "cpuset", "pids", "io"};
#define CONTROLLER_NR (sizeof(controllers) / sizeof(controllers[0]))

static void note_handed_on(const char *dir, const char *controller)
{
	char noted[HANDED_MAX] = "";
	ssize_t length = getxattr(dir, HANDED_ON, noted, sizeof(noted) - 16);

	if (length < 0)
		length = 0;
	length += snprintf(noted + length, sizeof(noted) - (size_t)length, "%s ",
			   controller);
	(void)setxattr(dir, HANDED_ON, noted, (size_t)length, 0);
}

/* In version 2 a controller is there only when every group above hands it on. What a
 * controller that cannot be had would have limited is missed when it is read back. */
static void hand_on(const struct cgroup_hierarchy *hierarchy, const char *only,
		    const char *above, const char *dir)
{
	char there[256] = "", handed[256] = "", word[16];

	(void)cgroup_read(hierarchy, above, "cgroup.controllers", there, sizeof(there));
	(void)cgroup_read(hierarchy, above, "cgroup.subtree_control", handed,
			  sizeof(handed));
	for (size_t i = 0; i < CONTROLLER_NR; i++) {
		if ((only && strcmp(only, controllers[i]) != 0) ||
		    !cgroup_has_word(there, controllers[i]) ||
		    cgroup_has_word(handed, controllers[i]))
			continue;
		if (!above[0]) /* not ours */
			note_handed_on(dir, controllers[i]);
		(void)snprintf(word, sizeof(word), "+%s", controllers[i]);
		(void)cgroup_put(hierarchy, above, "cgroup.subtree_control", word);
	}
}

/* Removes a folder of ours that is empty, and takes back what was handed on to it. Others
 * that use a controller by now keep it: the kernel says EBUSY. */
static void remove_empty(const struct cgroup_hierarchy *hierarchy, const char *dir)
{
	char noted[HANDED_MAX] = "", word[16];
	ssize_t length = getxattr(dir, HANDED_ON, noted, sizeof(noted) - 1);

	if (rmdir(dir) || length <= 0)
		return;
	for (size_t i = 0; i < CONTROLLER_NR; i++) {
		if (!cgroup_has_word(noted, controllers[i]))
			continue;
		(void)snprintf(word, sizeof(word), "-%s", controllers[i]);
		(void)cgroup_put(hierarchy, "", "cgroup.subtree_control", word);
	}
}

/* A new cpuset of version 1 is empty, and no process may join it. */
static void inherit_cpuset(const struct cgroup_hierarchy *hierarchy, const char *above,
			   const char *group)
{
	static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
	char value[256];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!cgroup_read(hierarchy, above, files[i], value, sizeof(value)))
			(void)cgroup_put(hierarchy, group, files[i], value);
}

static int create_in(const struct cgroup_hierarchy *hierarchy, const char *only,
		     const char *group)
{
	char dir[CGROUP_PATH_MAX], part[CGROUP_PATH_MAX] = "",
				   above[CGROUP_PATH_MAX] = "";
	size_t length = strlen(group);

	if (length >= sizeof(part))
		return -ENAMETOOLONG;
	for (size_t i = 1; i <= length; i++) {
		if (group[i] && group[i] != '/')
			continue;
		memcpy(part, group, i);
		part[i] = '\0';
		if (!cgroup_path(hierarchy, part, "", dir))
			return -ENAMETOOLONG;
		if (mkdir(dir, 0755) && errno != EEXIST)
			return -errno;
		if (hierarchy->unified)
			hand_on(hierarchy, only, above, dir);
		else
			inherit_cpuset(hierarchy, above, part);
		memcpy(above, part, sizeof(above));
	}
	return 0;
}

int cgroup_create(const struct cgroup_hierarchies *all, const char *group,
		  struct err *err)
{
	if (cgroup_tenant_check(all, err))
		return -err->code;
	for (size_t i = 0; i < all->nr; i++) {
		int rc = create_in(&all->list[i], all->only, group);

		if (rc) {
			(void)err_fail(err, -rc, "cannot make group '%s/%s': %s",
				       all->list[i].dir, group, strerror(-rc));
			(void)cgroup_remove(all, group, &(struct err){0});
			return -err->code;
		}
	}
	return 0;
}

/* Dead owners' groups of one hierarchy; the group is taken from all hierarchies. */
static int reap_in(const struct cgroup_hierarchies *all,
		   const struct cgroup_hierarchy *hierarchy, const char *parent,
		   size_t *removed, struct err *err)
{
	char dir[CGROUP_PATH_MAX], group[CGROUP_PATH_MAX];
	cleanup(dir) DIR *stream = NULL;
	const struct dirent *entry;

	if (cgroup_path(hierarchy, parent, "", dir))
		stream = opendir(dir);
	while (stream && (entry = readdir(stream))) {
		int rc;

		if (!owner_is_dead(entry->d_name) ||
		    snprintf(group, sizeof(group), "%s/%s", parent, entry->d_name) >=
			    (int)sizeof(group))
			continue;
		rc = cgroup_remove(all, group, err);
		if (rc < 0)
			return rc;
		*removed += rc > 0;
	}
	if (stream)
		remove_empty(hierarchy, dir);
	return 0;
}

int cgroup_reap(const struct cgroup_hierarchies *all, const char *parent, size_t *removed,
		struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < all->nr; i++)
		rc = reap_in(all, &all->list[i], parent, removed, err);
	return rc;
}
