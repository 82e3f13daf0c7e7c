/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One tenant among others: where systemd is the first process, all control groups are its
 * own but for the parts that it delegates (systemd.resource-control(5), Delegate=; "The
 * single-writer rule" of systemd's CGROUP_DELEGATION).  A scope of our own is such a
 * part. We sit in a leaf of it, "<owner>.self", because a group of version 2 that hands
 * controllers on must not hold processes.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "bench/cgroup/cgroup_private.h"
#include "bench/base/cleanup.h"
#include "bench/host/owner.h"
#include "bench/base/program.h"

#define BOOTED "/run/systemd/system" /* sd_booted(3) */
#define LEAF ".self"
#define SCOPE ".scope"
#define SLICE "system.slice" /* systemd-run's, unless told otherwise */

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

static bool is_tenant(const struct cgroup_hierarchies *all)
{
	return all->nr == 1 && all->list[0].unified && all->list[0].whole &&
	       !access(BOOTED, F_OK);
}

bool cgroup_tenant_base(const char *own, char *ret, size_t size)
{
	char path[CGROUP_PATH_MAX], *name;
	unsigned long long start;
	int pid;

	if (strncmp(own, "0::/", 4) || strstr(own, "/../"))
		return false;
	(void)snprintf(path, sizeof(path), "%.*s", (int)strcspn(own + 3, "\n"), own + 3);
	name = strrchr(path, '/');
	if (ends_with(name, LEAF) && owner_parse(name + 1, &pid, &start))
		*name = '\0';
	if (strlen(path) < 2 || strlen(path) >= size)
		return false;
	(void)snprintf(ret, size, "%s", path);
	return true;
}

/* systemd marks what it has delegated; which of the names depends on its version. */
static bool is_delegated(const char *dir)
{
	static const char *const marks[] = {"trusted.delegate", "user.delegate"};
	char value[8];

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (getxattr(dir, marks[i], value, sizeof(value)) >= 1 && value[0] == '1')
			return true;
	return false;
}

void cgroup_tenant_narrow(struct cgroup_hierarchies *all)
{
	struct cgroup_hierarchy *one = &all->list[0];
	char own[CGROUP_PATH_MAX], base[CGROUP_PATH_MAX], dir[sizeof(one->dir)];

	if (!is_tenant(all))
		return;
	all->foreign = true;
	cgroup_text("/proc/self/cgroup", own, sizeof(own));
	if (!cgroup_tenant_base(own, base, sizeof(base)) ||
	    snprintf(dir, sizeof(dir), "%s%s", one->root, base) >= (int)sizeof(dir) ||
	    !is_delegated(dir))
		return;
	memcpy(one->dir, dir, sizeof(dir));
	all->delegated = true;
	all->foreign = false;
}

int cgroup_tenant_check(const struct cgroup_hierarchies *all, struct err *err)
{
	return all->foreign
		       ? err_fail(err, EPERM,
				  "systemd owns the control groups of this host and has "
				  "delegated none: start with 'systemd-run --scope "
				  "-p Delegate=yes tare ...'")
		       : 0;
}

/* Is this process the only one in a group itself? */
static bool is_alone(const char *dir)
{
	char path[CGROUP_PATH_MAX], text[64], mine[16];

	(void)snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	cgroup_text(path, text, sizeof(text));
	(void)snprintf(mine, sizeof(mine), "%d\n", getpid());
	return !strcmp(text, mine);
}

/* 0 also when we are in such a leaf already: then there is another process's name on it.
 */
static int enter_leaf(const struct cgroup_hierarchy *base, const char *owner,
		      struct err *err)
{
	char leaf[OWNER_MAX + sizeof(LEAF)], dir[CGROUP_PATH_MAX];

	(void)snprintf(leaf, sizeof(leaf), "%s" LEAF, owner);
	if (!cgroup_path(base, leaf, "", dir) || (mkdir(dir, 0755) && errno != EEXIST))
		return err_fail(err, errno, "cannot make group '%s': %m", dir);
	return cgroup_write(base, leaf, "cgroup.procs", "0", err);
}

/* A short-lived child is who gets the scope; it takes us in and leaves. */
static int take_scope(const struct cgroup_hierarchies *all, const char *owner,
		      struct err *err)
{
	static const char script[] =
		"leaf=$1$(sed -n s/^0:://p /proc/self/cgroup)/$2" LEAF " && "
		"mkdir \"$leaf\" && echo \"$3\" >\"$leaf/cgroup.procs\"";
	static const char slice[] = "--slice=" SLICE;
	char unit[OWNER_MAX + 16], pid[16];
	const char *const argv[] = {"systemd-run",
				    "--scope",
				    "--quiet",
				    "--collect",
				    slice,
				    "--property=Delegate=yes",
				    "--property=TasksMax=infinity",
				    unit,
				    "--",
				    "/bin/sh",
				    "-c",
				    script,
				    "sh",
				    all->list[0].root,
				    owner,
				    pid,
				    NULL};

	(void)snprintf(unit, sizeof(unit), "--unit=%s" SCOPE, owner);
	(void)snprintf(pid, sizeof(pid), "%d", getpid());
	return program_run(&(struct program){.argv = argv}, err);
}

int cgroup_tenant_enter(const char *owner, struct err *err)
{
	struct cgroup_hierarchies all;
	struct err none = {0};

	/* No groups at all: whoever needs them says so. */
	if (cgroup_hierarchies_read(&all, &none) || !is_tenant(&all))
		return 0;
	if (!all.foreign && is_alone(all.list[0].dir))
		return enter_leaf(&all.list[0], owner, err);
	return take_scope(&all, owner, err);
}

/* What a dead owner's scope still holds: our groups below it, and the leaf with all that
 * the owner had started. systemd removes the scope when it is empty. */
static int visit_scope(const struct cgroup_hierarchies *all, const char *scope,
		       cgroup_visit *visit, size_t *removed, struct err *err)
{
	struct cgroup_hierarchies there = *all;
	struct cgroup_hierarchy *base = &there.list[0];
	char leaf[OWNER_MAX + sizeof(LEAF)];
	int rc;

	if (snprintf(base->dir, sizeof(base->dir), "%s/" SLICE "/%s", base->root,
		     scope) >= (int)sizeof(base->dir))
		return 0;
	rc = visit(&there, removed, err);
	(void)snprintf(leaf, sizeof(leaf), "%.*s" LEAF, (int)strcspn(scope, "."), scope);
	if (!rc)
		rc = cgroup_remove(&there, leaf, err);
	if (rc > 0)
		*removed += 1;
	return rc < 0 ? rc : 0;
}

int cgroup_each_base(cgroup_visit *visit, size_t *removed, struct err *err)
{
	struct cgroup_hierarchies all;
	cleanup(dir) DIR *stream = NULL;
	const struct dirent *entry;
	char slice[CGROUP_PATH_MAX];
	int rc = cgroup_hierarchies_read(&all, err);

	if (rc)
		return rc;
	rc = visit(&all, removed, err);
	(void)snprintf(slice, sizeof(slice), "%s/" SLICE, all.list[0].root);
	if (is_tenant(&all))
		stream = opendir(slice);
	while (!rc && stream && (entry = readdir(stream)))
		if (ends_with(entry->d_name, SCOPE) && owner_is_dead(entry->d_name))
			rc = visit_scope(&all, entry->d_name, visit, removed, err);
	return rc;
}
