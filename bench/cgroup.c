/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgroup.h"

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

#include "cleanup.h"
#include "clock.h"
#include "owner.h"

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

bool cgroup_hierarchy_parse(const char *mountinfo, const char *init,
			    struct cgroup_hierarchy *ret)
{
	char root[128], point[128], type[16], options[128], group[256];
	struct cgroup_hierarchy found = {.unified = false};
	const char *rest = strstr(mountinfo, " - "), *below = group;

	if (!rest || sscanf(mountinfo, "%*u %*u %*s %127s %127s", root, point) != 2 ||
	    sscanf(rest, " - %15s %*s %127s", type, options) != 2 ||
	    strncmp(type, "cgroup", strlen("cgroup")))
		return false;
	found.unified = !strcmp(type, "cgroup2");
	found.whole = !strcmp(root, "/");
	(void)snprintf(found.root, sizeof(found.root), "%s", point);
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

	while (fd >= 0 && used < size - 1 &&
	       (got = read(fd, ret + used, size - 1 - used)) > 0)
		used += (size_t)got;
	ret[used] = '\0';
}

/* Which controllers the unified hierarchy hands out, as a comma-separated list. */
static void read_unified(struct cgroup_hierarchy *hierarchy)
{
	char path[PATH_ROOM];

	(void)snprintf(path, sizeof(path), "%s/cgroup.controllers", hierarchy->dir);
	read_text(path, hierarchy->controllers, sizeof(hierarchy->controllers));
	for (char *c = hierarchy->controllers; *c; c++)
		if (*c == ' ' || *c == '\n')
			*c = ',';
}

int cgroup_hierarchies_read(struct cgroup_hierarchies *ret, struct err *err)
{
	cleanup(file) FILE *stream = fopen("/proc/self/mountinfo", "re");
	struct cgroup_hierarchies all = {.nr = 0};
	char init[4096], line[4096];

	if (!stream)
		return err_fail(err, errno, "cannot read /proc/self/mountinfo");
	read_text("/proc/1/cgroup", init, sizeof(init));
	while (all.nr < CGROUP_HIERARCHIES_MAX && fgets(line, sizeof(line), stream)) {
		struct cgroup_hierarchy *next = &all.list[all.nr];

		if (!cgroup_hierarchy_parse(line, init, next))
			continue;
		if (next->unified)
			read_unified(next);
		all.nr++;
	}
	if (!all.nr)
		return err_fail(err, ENOENT,
				"no control groups are mounted here; mount "
				"cgroup2 on /sys/fs/cgroup");
	*ret = all;
	return 0;
}

const struct cgroup_hierarchy *cgroup_hierarchy_with(const struct cgroup_hierarchies *all,
						     const char *controller)
{
	for (size_t i = 0; i < all->nr; i++)
		if (has_word(all->list[i].controllers, controller))
			return &all->list[i];
	return NULL;
}

static bool path_of(const struct cgroup_hierarchy *hierarchy, const char *group,
		    const char *file, char ret[static PATH_ROOM])
{
	return snprintf(ret, PATH_ROOM, "%s%s%s%s%s", hierarchy->dir, group[0] ? "/" : "",
			group, file[0] ? "/" : "", file) < PATH_ROOM;
}

/* NULL with errno when it cannot be read. */
static FILE *open_file(const struct cgroup_hierarchy *hierarchy, const char *group,
		       const char *file)
{
	char path[PATH_ROOM];

	errno = ENAMETOOLONG;
	return path_of(hierarchy, group, file, path) ? fopen(path, "re") : NULL;
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

static int write_word(const struct cgroup_hierarchy *hierarchy, const char *group,
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

int cgroup_freeze(const struct cgroup_hierarchies *all, const char *group, bool frozen,
		  struct err *err)
{
	const struct cgroup_hierarchy *where = freezer(all);
	uint64_t deadline = clock_now_ns() + FREEZE_TIMEOUT_NS;
	int rc;

	if (!where)
		return err_fail(err, ENOTSUP, "this kernel cannot freeze control groups");
	if (where->unified)
		rc = write_word(where, group, "cgroup.freeze", frozen ? "1" : "0");
	else
		rc = write_word(where, group, "freezer.state",
				frozen ? "FROZEN" : "THAWED");
	if (rc)
		return err_fail(err, -rc, "cannot %s '%s': %s",
				frozen ? "freeze" : "thaw", group, strerror(-rc));
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

void cgroup_each(const struct cgroup_hierarchies *all, const char *group,
		 void (*visit)(pid_t pid, void *data), void *data)
{
	const struct cgroup_hierarchy *where = freezer(all);
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
	char dir[PATH_ROOM];
	int removed = 0;

	/* what is frozen cannot die; a group that is not there is fine */
	(void)cgroup_freeze(all, group, false, &ignored);
	for (size_t i = 0; i < all->nr; i++) {
		int rc = path_of(&all->list[i], group, "", dir)
				 ? remove_tree(dir, deadline, DEPTH_MAX)
				 : -ENAMETOOLONG;

		if (rc < 0)
			return err_fail(err, -rc, "cannot remove group '%s/%s': %s",
					all->list[i].dir, group, strerror(-rc));
		removed += rc;
	}
	return removed;
}

int cgroup_write(const struct cgroup_hierarchy *hierarchy, const char *group,
		 const char *file, const char *value, struct err *err)
{
	int rc = write_word(hierarchy, group, file, value);

	if (rc)
		return err_fail(err, -rc, "cannot write %s to '%s/%s/%s': %s", value,
				hierarchy->dir, group, file, strerror(-rc));
	return 0;
}

/* In version 2 a controller is there only when every group above hands it on. What a
 * controller that cannot be had would have limited is missed when it is read back. */
static void hand_on(const struct cgroup_hierarchy *hierarchy, const char *above)
{
	static const char *const controllers[] = {"+memory", "+cpu", "+cpuset", "+pids",
						  "+io"};

	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++)
		(void)write_word(hierarchy, above, "cgroup.subtree_control",
				 controllers[i]);
}

/* A new cpuset of version 1 is empty, and no process may join it. */
static void inherit_cpuset(const struct cgroup_hierarchy *hierarchy, const char *above,
			   const char *group)
{
	static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
	char value[256];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!cgroup_read(hierarchy, above, files[i], value, sizeof(value)))
			(void)write_word(hierarchy, group, files[i], value);
}

static int create_in(const struct cgroup_hierarchy *hierarchy, const char *group)
{
	char dir[PATH_ROOM], part[PATH_ROOM] = "", above[PATH_ROOM] = "";
	size_t length = strlen(group);

	if (length >= sizeof(part))
		return -ENAMETOOLONG;
	for (size_t i = 1; i <= length; i++) {
		if (group[i] && group[i] != '/')
			continue;
		memcpy(part, group, i);
		part[i] = '\0';
		if (hierarchy->unified)
			hand_on(hierarchy, above);
		if (!path_of(hierarchy, part, "", dir))
			return -ENAMETOOLONG;
		if (mkdir(dir, 0755) && errno != EEXIST)
			return -errno;
		if (!hierarchy->unified)
			inherit_cpuset(hierarchy, above, part);
		memcpy(above, part, sizeof(above));
	}
	return 0;
}

int cgroup_create(const struct cgroup_hierarchies *all, const char *group,
		  struct err *err)
{
	for (size_t i = 0; i < all->nr; i++) {
		int rc = create_in(&all->list[i], group);

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
	char dir[PATH_ROOM], group[PATH_ROOM];
	cleanup(dir) DIR *stream = NULL;
	const struct dirent *entry;

	if (path_of(hierarchy, parent, "", dir))
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
		(void)rmdir(dir); /* only when nobody's group is left in it */
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
