/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/room.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "bench/base/cleanup.h"
#include "bench/cgroup/cgroup.h"

/* What an instance takes, rounded up: QEMU has a dozen threads; a channel, a log, a
 * connection; sockets, a log and an overlay's folders. */
#define TASKS_EACH 32.0
#define FILES_EACH 8.0
#define FILES_MOST 65536u
#define DISK_EACH (4.0 * 1048576)

/* --- how it fares --- */

/* The number behind `key` at the beginning of a line of <root><file>; NAN: not there. */
static double number_in(const char *root, const char *path, const char *key)
{
	cleanup(free) char *name = NULL;
	cleanup(file) FILE *file = NULL;
	char line[256];

	if (asprintf(&name, "%s%s", root, path) < 0) {
		name = NULL;
		return NAN;
	}
	file = fopen(name, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			return strtod(line + strlen(key), NULL);
	return NAN;
}

static uint64_t count_in(const char *root, const char *key)
{
	double value = number_in(root, "/proc/vmstat", key);

	return value >= 0 ? (uint64_t)value : 0;
}

/* What the memory limit on the group that ours are made in leaves: to what is used its
 * page cache does not count, for that goes first. INFINITY: there is no limit. */
static double limit_leaves(void)
{
	const struct cgroup_hierarchy *memory;
	struct cgroup_hierarchies all;
	struct err ignored = {0};
	uint64_t limit, used, cache = 0;
	bool unified;

	if (cgroup_hierarchies_read(&all, &ignored))
		return INFINITY;
	memory = cgroup_hierarchy_with(&all, "memory");
	unified = memory && memory->unified;
	if (!memory ||
	    cgroup_number(memory, "", unified ? "memory.max" : "memory.limit_in_bytes",
			  NULL, &limit) ||
	    cgroup_number(memory, "",
			  unified ? "memory.current" : "memory.usage_in_bytes", NULL,
			  &used))
		return INFINITY;
	(void)cgroup_number(memory, "", "memory.stat",
			    unified ? "inactive_file" : "total_inactive_file", &cache);
	used -= cache < used ? cache : used;
	return limit > used ? (double)(limit - used) : 0;
}

int room_memory_read(const char *root, struct room_memory *ret, struct err *err)
{
	double available = 1024 * number_in(root, "/proc/meminfo", "MemAvailable:");
	double pressure = number_in(root, "/proc/pressure/memory", "some avg10=");

	if (isnan(available))
		return err_fail(err, ENODATA,
				"'/proc/meminfo' does not say what memory is available");
	*ret = (struct room_memory){
		.available = *root ? available : fmin(available, limit_leaves()),
		.pressure = pressure / 100,
		.swapped = count_in(root, "pswpin ") + count_in(root, "pswpout "),
		.killed = count_in(root, "oom_kill "),
	};
	return 0;
}

/* --- what there is --- */

static double fewer(double a, double b)
{
	return isnan(b) ? a : fmin(a, b);
}

static double tasks_left(void)
{
	double most =
		fewer(fewer(INFINITY, number_in("", "/proc/sys/kernel/pid_max", "")),
		      number_in("", "/proc/sys/kernel/threads-max", ""));
	const struct cgroup_hierarchy *pids;
	struct cgroup_hierarchies all;
	struct err ignored = {0};
	uint64_t limit, used;
	double left = most - fmax(0, number_in("", "/proc/loadavg", ""));

	if (cgroup_hierarchies_read(&all, &ignored))
		return left;
	pids = cgroup_hierarchy_with(&all, "pids");
	if (pids && !cgroup_number(pids, "", "pids.max", NULL, &limit) &&
	    !cgroup_number(pids, "", "pids.current", NULL, &used))
		left = fmin(left, limit > used ? (double)(limit - used) : 0);
	return left;
}

static double files_left(void)
{
	struct rlimit limit;

	/* some are open already; exactly how many does not matter */
	return getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY
		       ? INFINITY
		       : fmax(0, (double)limit.rlim_cur - 64);
}

int room_read(const char *dir, struct room *ret, struct err *err)
{
	struct room_memory memory;
	struct statvfs disk;
	int rc = room_memory_read("", &memory, err);

	if (rc)
		return rc;
	if (statvfs(dir, &disk))
		return err_fail(err, errno, "cannot read how full '%s' is: %m", dir);
	*ret = (struct room){
		.memory = memory.available,
		.tasks = tasks_left(),
		.files = files_left(),
		.disk = (double)disk.f_bavail * (double)disk.f_frsize,
	};
	return 0;
}

void room_raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES_MOST)
		return;
	limit.rlim_cur = limit.rlim_max < FILES_MOST ? limit.rlim_max : FILES_MOST;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

unsigned room_instances(const struct room *room, size_t platforms, uint64_t memory_bytes,
			double host_share, unsigned asked, const char **why)
{
	double all = platforms ? (double)platforms : 1;
	const struct {
		const char *what;
		double nr;
	} bounds[] = {
		{"memory", room->memory * (1 - host_share) / (double)memory_bytes},
		{"tasks", room->tasks / 2 / TASKS_EACH / all},
		{"open files", room->files / FILES_EACH / all},
		{"disk", room->disk / 2 / DISK_EACH / all},
	};
	unsigned most = asked;

	*why = "";
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (bounds[i].nr < most) {
			most = bounds[i].nr > 0 ? (unsigned)bounds[i].nr : 0;
			*why = bounds[i].what;
		}
	return most;
}
