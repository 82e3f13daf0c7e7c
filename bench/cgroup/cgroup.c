/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A group as it is: its files, its processes, its end. */
#include "bench/cgroup/cgroup_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

#define FREEZE_TIMEOUT_NS (10 * NS_PER_S)
#define FREEZE_AGAIN 100 /* looks, after which it is asked again */
#define REMOVE_TIMEOUT_NS (10 * NS_PER_S)
#define DEPTH_MAX 8 /* of groups inside a group */

bool cgroup_path(const struct cgroup_hierarchy *hierarchy, const char *group,
		 const char *file, char ret[static CGROUP_PATH_MAX])
{
	return snprintf(ret, CGROUP_PATH_MAX, "%s%s%s%s%s", hierarchy->dir,
			group[0] ? "/" : "", group, file[0] ? "/" : "",
			file) < CGROUP_PATH_MAX;
}

/* NULL with errno when it cannot be read. */
static FILE *open_file(const struct cgroup_hierarchy *hierarchy, const char *group,
		       const char *file)
{
	char path[CGROUP_PATH_MAX];

	errno = ENAMETOOLONG;
	return cgroup_path(hierarchy, group, file, path) ? fopen(path, "re") : NULL;
}

int cgroup_read(const struct cgroup_hierarchy *hierarchy, const char *group,
		const char *file, char *ret, size_t size)
{
	cleanup(file) FILE *stream = open_file(hierarchy, group, file);

	if (!stream || !fgets(ret, (int)size, stream))
		return stream ? -ENODATA : -errno;
	ret[strcspn(ret, "\n")] = '\0';
	return 0;
}

int cgroup_number(const struct cgroup_hierarchy *hierarchy, const char *group,
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

int cgroup_put(const struct cgroup_hierarchy *hierarchy, const char *group,
	       const char *file, const char *word)
{
	char path[CGROUP_PATH_MAX];
	cleanup(fd) int fd = -1;

	if (!cgroup_path(hierarchy, group, file, path))
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
static bool has_settled(const struct cgroup_hierarchy *hierarchy, const char *group,
			bool frozen)
{
	char state[32] = "";
	uint64_t now = 0;

	if (hierarchy->unified)
		return !cgroup_number(hierarchy, group, "cgroup.events", "frozen",
				      &now) &&
		       !now == !frozen;
	return !cgroup_read(hierarchy, group, "freezer.state", state, sizeof(state)) &&
	       !strcmp(state, frozen ? "FROZEN" : "THAWED");
}

static const struct cgroup_hierarchy *freezer(const struct cgroup_hierarchies *all)
{
	const struct cgroup_hierarchy *found = cgroup_hierarchy_with(all, "freezer");

	/* version 2 freezes without a controller */
	for (size_t i = 0; !found && i < all->nr; i++)
		if (all->list[i].unified)
			found = &all->list[i];
	return found;
}

static int ask_to_freeze(const struct cgroup_hierarchy *where, const char *group,
			 bool frozen)
{
	if (where->unified)
		return cgroup_put(where, group, "cgroup.freeze", frozen ? "1" : "0");
	return cgroup_put(where, group, "freezer.state", frozen ? "FROZEN" : "THAWED");
}

/* In version 1 a task that was about to stop when it was asked is not asked again by the
 * kernel: we do. */
static int settle(const struct cgroup_hierarchy *where, const char *group, bool frozen)
{
	uint64_t deadline = clock_now_ns() + FREEZE_TIMEOUT_NS;

	for (unsigned tries = 1; !has_settled(where, group, frozen); tries++) {
		if (clock_now_ns() > deadline)
			return -ETIMEDOUT;
		sleep_ns(100 * NS_PER_US);
		if (!where->unified && tries % FREEZE_AGAIN == 0)
			(void)ask_to_freeze(where, group, frozen);
	}
	return 0;
}

int cgroup_freeze(const struct cgroup_hierarchies *all, const char *group, bool frozen,
		  struct err *err)
{
	const struct cgroup_hierarchy *where = freezer(all);
	int rc;

	if (!where)
		return err_fail(err, ENOTSUP, "this kernel cannot freeze control groups");
	rc = ask_to_freeze(where, group, frozen);
	if (rc)
		return err_fail(err, -rc, "cannot %s '%s': %s",
				frozen ? "freeze" : "thaw", group, strerror(-rc));
	rc = settle(where, group, frozen);
	if (!rc)
		return 0;
	if (frozen) /* who waits for a half frozen group to end would wait for ever */
		(void)ask_to_freeze(where, group, false);
	return err_fail(err, -rc, "'%s' does not %s", group, frozen ? "freeze" : "thaw");
}

static void each_in(const char *dir, void (*visit)(pid_t pid, void *data), void *data)
{
	char path[CGROUP_PATH_MAX];
	cleanup(file) FILE *stream = NULL;
	int pid;

	if (snprintf(path, sizeof(path), "%s/cgroup.procs", dir) < (int)sizeof(path))
		stream = fopen(path, "re");
	/* 0 is a process of a PID namespace that is not ours to see */
	while (stream && fscanf(stream, "%d", &pid) == 1)
		if (pid > 1 && pid != getpid())
			visit(pid, data);
}

void cgroup_each(const struct cgroup_hierarchies *all, const char *group,
		 void (*visit)(pid_t pid, void *data), void *data)
{
	const struct cgroup_hierarchy *where = freezer(all);
	char dir[CGROUP_PATH_MAX];

	if (where && cgroup_path(where, group, "", dir))
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
	char path[CGROUP_PATH_MAX];

	while (stream && (entry = readdir(stream))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) >=
			    (int)sizeof(path) ||
		    remove_tree(path, deadline, depth - 1) < 0)
			return -EBUSY;
	}
	return remove_group(dir, deadline);
}

int cgroup_remove(const struct cgroup_hierarchies *all, const char *group,
		  struct err *err)
{
	uint64_t deadline = clock_now_ns() + REMOVE_TIMEOUT_NS;
	struct err ignored = {0};
	char dir[CGROUP_PATH_MAX];
	int removed = 0;

	/* what is frozen cannot die; a group that is not there is fine */
	(void)cgroup_freeze(all, group, false, &ignored);
	for (size_t i = 0; i < all->nr; i++) {
		int rc = cgroup_path(&all->list[i], group, "", dir)
				 ? remove_tree(dir, deadline, DEPTH_MAX)
				 : -ENAMETOOLONG;

		if (rc < 0)
			return err_fail(err, -rc, "cannot remove group '%s/%s': %s",
					all->list[i].dir, group, strerror(-rc));
		removed += rc;
	}
	return removed;
}

int cgroup_cpu_ns(const struct cgroup_hierarchies *all, const char *group, uint64_t *ret)
{
	const struct cgroup_hierarchy *where = cgroup_hierarchy_with(all, "cpuacct");
	uint64_t us;

	if (where)
		return cgroup_number(where, group, "cpuacct.usage", NULL, ret);
	/* version 2 counts it in every group, without a controller */
	for (size_t i = 0; i < all->nr; i++) {
		if (!all->list[i].unified ||
		    cgroup_number(&all->list[i], group, "cpu.stat", "usage_usec", &us))
			continue;
		*ret = us * NS_PER_US;
		return 0;
	}
	return -ENODATA;
}

int cgroup_write(const struct cgroup_hierarchy *hierarchy, const char *group,
		 const char *file, const char *value, struct err *err)
{
	int rc = cgroup_put(hierarchy, group, file, value);

	if (rc)
		return err_fail(err, -rc, "cannot write %s to '%s/%s/%s': %s", value,
				hierarchy->dir, group, file, strerror(-rc));
	return 0;
}
