/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which hierarchies of control groups are mounted, and where in them we may make groups.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/cgroup/cgroup_private.h"
#include "bench/base/cleanup.h"

#define MOUNTINFO_MAX (256u << 10)

bool cgroup_has_word(const char *list, const char *word)
{
	static const char between[] = ", \n";
	size_t length = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, between)) {
		at += strspn(at, between);
		if (length && strcspn(at, between) == length &&
		    !strncmp(at, word, length))
			return true;
	}
	return false;
}

void cgroup_text(const char *path, char *ret, size_t size)
{
	cleanup(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got = 0;

	while (fd >= 0 && used < size - 1 &&
	       (got = read(fd, ret + used, size - 1 - used)) > 0)
		used += (size_t)got;
	ret[used] = '\0';
}

/* Process 1's group in the hierarchy of these controllers: the path behind the second
 * colon of its line; "" where it is the root or out of sight. */
static void init_group(const char *init, const char *controllers, bool unified, char *ret,
		       size_t size)
{
	char name[128], path[256], line[512];

	ret[0] = '\0';
	for (const char *at = init; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		(void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		if (sscanf(line, "%*u::%255s", path) == 1)
			name[0] = '\0';
		else if (sscanf(line, "%*u:%127[^:]:%255s", name, path) != 2)
			continue;
		name[strcspn(name, ",")] = '\0'; /* one of them stands for all */
		if (unified ? name[0] != '\0'
			    : !name[0] || !cgroup_has_word(controllers, name))
			continue;
		if (strcmp(path, "/") && !strstr(path, ".."))
			(void)snprintf(ret, size, "%s", path);
	}
}

/* liblxc starts above systemd's init.scope. */
static void prune_scope(char *path)
{
	static const char scope[] = "/init.scope";
	size_t length = strlen(path);

	if (length >= sizeof(scope) - 1 &&
	    !strcmp(path + length - (sizeof(scope) - 1), scope))
		path[length - (sizeof(scope) - 1)] = '\0';
}

/* mountinfo writes a blank as \040 (proc(5)). */
static void unescape(char *path)
{
	char *to = path;

	for (const char *from = path; *from; to++) {
		unsigned byte;

		if (*from == '\\' && sscanf(from + 1, "%3o", &byte) == 1 && byte < 256) {
			*to = (char)byte;
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

bool cgroup_hierarchy_parse(const char *mountinfo, const char *init,
			    struct cgroup_hierarchy *ret)
{
	char root[128], point[128], type[16], options[128], group[256];
	struct cgroup_hierarchy found = {.unified = false};
	const char *rest = strstr(mountinfo, " - "), *below = group;

	if (!rest ||
	    sscanf(mountinfo, "%*u %*u %15s %127s %127s", found.device, root, point) !=
		    3 ||
	    sscanf(rest, " - %15s %*s %127s", type, options) != 2 ||
	    (strcmp(type, "cgroup") && strcmp(type, "cgroup2")))
		return false;
	unescape(root);
	unescape(point);
	found.unified = !strcmp(type, "cgroup2");
	found.whole = !strcmp(root, "/");
	(void)snprintf(found.root, sizeof(found.root), "%s", point);
	(void)snprintf(found.controllers, sizeof(found.controllers), "%s",
		       found.unified ? "" : options);
	init_group(init, options, found.unified, group, sizeof(group));
	prune_scope(group);
	/* a mount may show a part of the hierarchy only */
	if (!found.whole && !strncmp(group, root, strlen(root)))
		below = group + strlen(root);
	if (snprintf(found.dir, sizeof(found.dir), "%s%s", point, below) >=
	    (int)sizeof(found.dir))
		return false;
	*ret = found;
	return true;
}

/* The same hierarchy may be mounted more than once: one that shows its root is best. */
static void add(struct cgroup_hierarchies *all, const struct cgroup_hierarchy *found)
{
	for (size_t i = 0; i < all->nr; i++) {
		if (strcmp(all->list[i].device, found->device) != 0)
			continue;
		if (found->whole && !all->list[i].whole)
			all->list[i] = *found;
		return;
	}
	if (all->nr < CGROUP_HIERARCHIES_MAX)
		all->list[all->nr++] = *found;
}

/* Which controllers the unified hierarchy hands out. */
static void read_unified(struct cgroup_hierarchy *hierarchy)
{
	char path[CGROUP_PATH_MAX];

	if (cgroup_path(hierarchy, "", "cgroup.controllers", path))
		cgroup_text(path, hierarchy->controllers, sizeof(hierarchy->controllers));
}

int cgroup_hierarchies_parse(const char *mountinfo, const char *init,
			     struct cgroup_hierarchies *ret, struct err *err)
{
	struct cgroup_hierarchies all = {.nr = 0};
	char line[1024];

	for (const char *at = mountinfo; *at;
	     at += strcspn(at, "\n"), at += *at == '\n') {
		struct cgroup_hierarchy found;

		(void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		if (cgroup_hierarchy_parse(line, init, &found))
			add(&all, &found);
	}
	if (!all.nr)
		return err_fail(err, ENOENT,
				"no control groups are mounted here; mount "
				"cgroup2 on /sys/fs/cgroup");
	for (size_t i = 0; i < all.nr; i++)
		if (all.list[i].unified)
			read_unified(&all.list[i]);
	*ret = all;
	return 0;
}

int cgroup_hierarchies_read(struct cgroup_hierarchies *ret, struct err *err)
{
	cleanup(free) char *mountinfo = malloc(MOUNTINFO_MAX);
	char init[4096];
	int rc;

	if (!mountinfo)
		return err_fail(err, ENOMEM, "no memory for the list of mounts");
	cgroup_text("/proc/self/mountinfo", mountinfo, MOUNTINFO_MAX);
	cgroup_text("/proc/1/cgroup", init, sizeof(init));
	rc = cgroup_hierarchies_parse(mountinfo, init, ret, err);
	if (!rc)
		cgroup_tenant_narrow(ret);
	return rc;
}

int cgroup_hierarchies_of(const char *controller, struct cgroup_hierarchies *ret,
			  struct err *err)
{
	struct cgroup_hierarchies all;
	const struct cgroup_hierarchy *found;
	int rc = cgroup_hierarchies_read(&all, err);

	if (rc)
		return rc;
	found = cgroup_hierarchy_with(&all, controller);
	if (!found)
		return err_fail(err, ENOTSUP,
				"the %s controller is not here; boot with "
				"cgroup_enable=%s or hand it on in "
				"cgroup.subtree_control",
				controller, controller);
	all.list[0] = *found;
	all.nr = 1;
	*ret = all;
	return 0;
}

const struct cgroup_hierarchy *cgroup_hierarchy_with(const struct cgroup_hierarchies *all,
						     const char *controller)
{
	for (size_t i = 0; i < all->nr; i++)
		if (cgroup_has_word(all->list[i].controllers, controller))
			return &all->list[i];
	return NULL;
}
