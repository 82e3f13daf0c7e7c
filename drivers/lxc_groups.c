/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lxc_groups.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../bench/cleanup.h"
#include "../bench/clock.h"

#define FREEZE_TIMEOUT_NS (2 * NS_PER_S)
#define REMOVE_TIMEOUT_NS (2 * NS_PER_S)
#define PATH_ROOM 512
#define DEPTH_MAX 8 /* of groups inside a group */

/* Is `word` one of a comma-separated list? */
static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += length)
		if ((at == list || at[-1] == ',') &&
		    (at[length] == ',' || !at[length] || at[length] == '\n'))
			return true;
	return false;
}

/* Process 1's group in the hierarchy of these controllers: the path behind the second
 * colon of its line; "" where it is the root or out of sight. */
static void init_group(const char *init, const char *controllers, bool unified,
		       char *ret, size_t size)
{
	char name[128], path[256], line[512];

	ret[0] = '\0';
	for (const char *at = init; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		(void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		if (sscanf(line, "%*u::%255s", path) == 1)
			name[0] = '\0';
		else if (sscanf(line, "%*u:%127[^:]:%255s", name, path) != 2)
			continue;
		if (unified ? name[0] != '\0' : !name[0] || !has_word(controllers, name))
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

bool lxc_hierarchy_parse(const char *mountinfo, const char *init, struct lxc_hierarchy *ret)
{
	char root[128], point[128], type[16], options[128], group[256];
	struct lxc_hierarchy found = {.unified = false};
	const char *rest = strstr(mountinfo, " - "), *below = group;

	if (!rest || sscanf(mountinfo, "%*u %*u %*s %127s %127s", root, point) != 2 ||
	    sscanf(rest, " - %15s %*s %127s", type, options) != 2 ||
	    strncmp(type, "cgroup", strlen("cgroup")))
		return false;
	found.unified = !strcmp(type, "cgroup2");
	(void)snprintf(found.controllers, sizeof(found.controllers), "%s",
		       found.unified ? "" : options);
	init_group(init, options, found.unified, group, sizeof(group));
	prune_scope(group);
	/* a mount may show a part of the hierarchy only */
	if (strcmp(root, "/") && !strncmp(group, root, strlen(root)))
		below = group + strlen(root);
	if (snprintf(found.dir, sizeof(found.dir), "%s%s", point, below) >=
	    (int)sizeof(found.dir))
		return false;
	*ret = found;
	return true;
}

/* A whole small file, NUL-ended; empty when it cannot be read. */
static void read_text(const char *path, char *ret, size_t size)
{
	cleanup(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t got = 0;

	while (fd >= 0 && used < size - 1 && (got = read(fd, ret + used, size - 1 - used)) > 0)
		used += (size_t)got;
	ret[used] = '\0';
}

/* Which controllers the unified hierarchy hands out, as a comma-separated list. */
static void read_unified(struct lxc_hierarchy *hierarchy)
{
	char path[PATH_ROOM];

	(void)snprintf(path, sizeof(path), "%s/cgroup.controllers", hierarchy->dir);
	read_text(path, hierarchy->controllers, sizeof(hierarchy->controllers));
	for (char *c = hierarchy->controllers; *c; c++)
		if (*c == ' ' || *c == '\n')
			*c = ',';
}

int lxc_hierarchies_read(struct lxc_hierarchies *ret, struct err *err)
{
	cleanup(file) FILE *stream = fopen("/proc/self/mountinfo", "re");
	struct lxc_hierarchies all = {.nr = 0};
	char init[4096], line[4096];

	if (!stream)
		return err_fail(err, errno, "cannot read /proc/self/mountinfo");
	read_text("/proc/1/cgroup", init, sizeof(init));
	while (all.nr < LXC_HIERARCHIES_MAX && fgets(line, sizeof(line), stream)) {
		struct lxc_hierarchy *next = &all.list[all.nr];

		if (!lxc_hierarchy_parse(line, init, next))
			continue;
		if (next->unified)
			read_unified(next);
		all.nr++;
	}
	if (!all.nr)
		return err_fail(err, ENOENT, "no control groups are mounted here; mount "
					     "cgroup2 on /sys/fs/cgroup");
	*ret = all;
	return 0;
}

const struct lxc_hierarchy *lxc_hierarchy_with(const struct lxc_hierarchies *all,
					       const char *controller)
{
	for (size_t i = 0; i < all->nr; i++)
		if (has_word(all->list[i].controllers, controller))
			return &all->list[i];
	return NULL;
}

static bool path_of(const struct lxc_hierarchy *hierarchy, const char *group,
		    const char *file, char ret[static PATH_ROOM])
{
	return snprintf(ret, PATH_ROOM, "%s/%s%s%s", hierarchy->dir, group,
			file[0] ? "/" : "", file) < PATH_ROOM;
}

/* NULL with errno when it cannot be read. */
static FILE *open_file(const struct lxc_hierarchy *hierarchy, const char *group,
		       const char *file)
{
	char path[PATH_ROOM];

	errno = ENAMETOOLONG;
	return path_of(hierarchy, group, file, path) ? fopen(path, "re") : NULL;
}

int lxc_group_read(const struct lxc_hierarchy *hierarchy, const char *group,
		   const char *file, char *ret, size_t size)
{
	cleanup(file) FILE *stream = open_file(hierarchy, group, file);

	if (!stream || !fgets(ret, (int)size, stream))
		return stream ? -ENODATA : -errno;
	ret[strcspn(ret, "\n")] = '\0';
	return 0;
}

int lxc_group_number(const struct lxc_hierarchy *hierarchy, const char *group,
		     const char *file, const char *key, uint64_t *ret)
{
	cleanup(file) FILE *stream = open_file(hierarchy, group, file);
	size_t length = key ? strlen(key) : 0;
	char line[256];

	if (!stream)
		return -errno;
	while (fgets(line, sizeof(line), stream)) {
		if (key && (strncmp(line, key, length) || line[length] != ' '))
			continue;
		return sscanf(line + length, "%" SCNu64, ret) == 1 ? 0 : -ENODATA;
	}
	return -ENODATA;
}

static int write_word(const struct lxc_hierarchy *hierarchy, const char *group,
		      const char *file, const char *word)
{
	char path[PATH_ROOM];
	cleanup(fd) int fd = -1;

	if (!path_of(hierarchy, group, file, path))
		return -ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		return -errno;
	return 0;
}

static void sleep_ns(uint64_t ns)
{
	struct timespec time = {.tv_nsec = (long)ns};

	(void)nanosleep(&time, NULL);
}

/* In version 1 "FREEZING" is half-way: only FROZEN is frozen. */
static bool has_settled(const struct lxc_hierarchy *hierarchy, const char *group,
			bool frozen)
{
	char state[32] = "";
	uint64_t now = 0;

	if (hierarchy->unified)
		return !lxc_group_number(hierarchy, group, "cgroup.events", "frozen",
					 &now) && !now == !frozen;
	return !lxc_group_read(hierarchy, group, "freezer.state", state, sizeof(state)) &&
	       !strcmp(state, frozen ? "FROZEN" : "THAWED");
}

static const struct lxc_hierarchy *freezer(const struct lxc_hierarchies *all)
{
	const struct lxc_hierarchy *found = lxc_hierarchy_with(all, "freezer");

	/* version 2 freezes without a controller */
	for (size_t i = 0; !found && i < all->nr; i++)
		if (all->list[i].unified)
			found = &all->list[i];
	return found;
}

int lxc_group_freeze(const struct lxc_hierarchies *all, const char *group, bool frozen,
		     struct err *err)
{
	const struct lxc_hierarchy *where = freezer(all);
	uint64_t deadline = clock_now_ns() + FREEZE_TIMEOUT_NS;
	int rc;

	if (!where)
		return err_fail(err, ENOTSUP, "this kernel cannot freeze control groups");
	if (where->unified)
		rc = write_word(where, group, "cgroup.freeze", frozen ? "1" : "0");
	else
		rc = write_word(where, group, "freezer.state", frozen ? "FROZEN" : "THAWED");
	if (rc)
		return err_fail(err, -rc, "cannot %s '%s': %s", frozen ? "freeze" : "thaw",
				group, strerror(-rc));
	while (!has_settled(where, group, frozen)) {
		if (clock_now_ns() > deadline)
			return err_fail(err, ETIMEDOUT, "'%s' does not %s", group,
					frozen ? "freeze" : "thaw");
		sleep_ns(100 * NS_PER_US);
	}
	return 0;
}

static void each_in(const char *dir, void (*visit)(pid_t pid, void *data), void *data)
{
	char path[PATH_ROOM];
	cleanup(file) FILE *stream = NULL;
	int pid;

	if (snprintf(path, sizeof(path), "%s/cgroup.procs", dir) < (int)sizeof(path))
		stream = fopen(path, "re");
	/* 0 is a process of a PID namespace that is not ours to see */
	while (stream && fscanf(stream, "%d", &pid) == 1)
		if (pid > 1 && pid != getpid())
			visit(pid, data);
}

void lxc_group_each(const struct lxc_hierarchies *all, const char *group,
		    void (*visit)(pid_t pid, void *data), void *data)
{
	const struct lxc_hierarchy *where = freezer(all);
	char dir[PATH_ROOM];

	if (where && path_of(where, group, "", dir))
		each_in(dir, visit, data);
}

static void kill_one(pid_t pid, void *data)
{
	(void)data;
	(void)kill(pid, SIGKILL);
}

/* 1: removed, 0: was not there, -EBUSY */
static int remove_group(const char *dir, uint64_t deadline)
{
	while (rmdir(dir)) {
		if (errno == ENOENT)
			return 0;
		/* also busy for some milliseconds after its last process was reaped */
		if (errno != EBUSY || clock_now_ns() > deadline)
			return -EBUSY;
		each_in(dir, kill_one, NULL);
		sleep_ns(NS_PER_MS);
	}
	return 1;
}

/* Removes the groups inside too: liblxc leaves a "lxc.pivot" in the pivot group. */
static int remove_tree(const char *dir, uint64_t deadline, unsigned depth)
{
	cleanup(dir) DIR *stream = depth ? opendir(dir) : NULL;
	const struct dirent *entry;
	char path[PATH_ROOM];

	while (stream && (entry = readdir(stream))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) >=
		    (int)sizeof(path) || remove_tree(path, deadline, depth - 1) < 0)
			return -EBUSY;
	}
	return remove_group(dir, deadline);
}

int lxc_group_remove(const struct lxc_hierarchies *all, const char *group, struct err *err)
{
	uint64_t deadline = clock_now_ns() + REMOVE_TIMEOUT_NS;
	struct err ignored = {0};
	char dir[PATH_ROOM];
	int removed = 0;

	/* what is frozen cannot die; a group that is not there is fine */
	(void)lxc_group_freeze(all, group, false, &ignored);
	for (size_t i = 0; i < all->nr; i++) {
		int rc = path_of(&all->list[i], group, "", dir) ?
			 remove_tree(dir, deadline, DEPTH_MAX) : -ENAMETOOLONG;

		if (rc < 0)
			return err_fail(err, -rc, "cannot remove group '%s/%s': %s",
					all->list[i].dir, group, strerror(-rc));
		removed += rc;
	}
	return removed;
}
