/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/cgroup_around.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/cgroup_helper.h"

#define IDLE_MOST 10000u
#define POLL_MOST 1000u

static uint64_t count(const struct spec *spec, const char *name)
{
	return strtoull(platform_setting(spec->platform, name), NULL, 10);
}

/* The n-th CPU that is not the instance's; -1: there are not so many. */
static int other_cpu(const struct spec *spec, size_t n)
{
	long nr = sysconf(_SC_NPROCESSORS_CONF);
	cpu_set_t taken;

	CPU_ZERO(&taken);
	for (size_t i = 0; i < spec->cpu_nr; i++)
		CPU_SET(spec->cpus[i], &taken);
	for (int cpu = 0; cpu < nr && cpu < CPU_SETSIZE; cpu++)
		if (!CPU_ISSET(cpu, &taken) && !n--)
			return cpu;
	return -1;
}

static int read_settings(struct around *around, struct err *err)
{
	const struct spec *spec = around->spec;
	const char *file = spec->platform->file;
	uint64_t idle = count(spec, "idle_groups"), hz = count(spec, "poll_hz");
	uint64_t neighbours = count(spec, "neighbours");

	if (idle > IDLE_MOST || hz > POLL_MOST || neighbours > AROUND_NEIGHBOURS_MAX)
		return err_fail(err, EINVAL,
				"%s: more than %u idle groups, %u Hz or %d neighbours",
				file, IDLE_MOST, POLL_MOST, AROUND_NEIGHBOURS_MAX);
	if (neighbours && other_cpu(spec, neighbours - 1) < 0)
		return err_fail(err, ENOTSUP,
				"%" PRIu64 " neighbours need %" PRIu64
				" CPUs, and this host has fewer",
				neighbours, neighbours + spec->cpu_nr);
	around->idle_nr = idle;
	around->poll_hz = (unsigned)hz;
	around->neighbour_nr = neighbours;
	around->own = !strcmp(platform_setting(spec->platform, "neighbours_in"), "own");
	return 0;
}

/* The hierarchy of the memory controller alone. */
static void memory_only(const struct around *around, struct cgroup_hierarchies *ret)
{
	*ret = (struct cgroup_hierarchies){.nr = 1, .only = "memory"};
	ret->list[0] = *cgroup_hierarchy_with(around->groups, "memory");
}

static void name_beside(const struct around *around, const char *kind, size_t i,
			char ret[static AROUND_GROUP_ROOM])
{
	(void)snprintf(ret, AROUND_GROUP_ROOM, "%.120s/%s%zu", around->beside, kind, i);
}

static int make_groups(struct around *around, struct err *err)
{
	struct cgroup_hierarchies memory;
	char group[AROUND_GROUP_ROOM];
	int rc = 0;

	memory_only(around, &memory);
	around->made = around->idle_nr || (around->own && around->neighbour_nr);
	for (size_t i = 0; !rc && i < around->idle_nr; i++) {
		name_beside(around, "idle", i, group);
		rc = cgroup_create(&memory, group, err);
	}
	for (size_t i = 0; !rc && around->own && i < around->neighbour_nr; i++) {
		name_beside(around, "busy", i, group);
		rc = cgroup_create(&memory, group, err);
	}
	return rc;
}

int around_open(struct around *around, const struct spec *spec,
		const struct cgroup_hierarchies *groups, const char *group,
		struct err *err)
{
	int rc;

	*around = (struct around){.spec = spec, .groups = groups, .group = group};
	(void)snprintf(around->beside, sizeof(around->beside), "tare/%.100s.beside",
		       spec->id);
	rc = read_settings(around, err);
	return rc ? rc : make_groups(around, err);
}

static int start_helper(struct around *around, const struct cgroup_helper *helper,
			struct err *err)
{
	pid_t pid = cgroup_helper_start(helper);

	if (pid < 0)
		return err_fail(err, -pid, "cannot start a neighbour: %s",
				strerror(-pid));
	around->helpers[around->helper_nr++] = pid;
	return 0;
}

static int start_neighbour(struct around *around, size_t i, struct err *err)
{
	struct cgroup_helper helper = {
		.where = cgroup_hierarchy_with(around->groups, "memory"),
		.group = around->group,
		.cpu = other_cpu(around->spec, i),
	};
	char group[AROUND_GROUP_ROOM];

	if (around->own) {
		name_beside(around, "busy", i, group);
		helper.group = group;
	}
	return start_helper(around, &helper, err);
}

int around_start(struct around *around, struct err *err)
{
	struct cgroup_helper reader = {
		.where = cgroup_hierarchy_with(around->groups, "memory"),
		.group = around->group,
		.cpu = (int)around->spec->service_cpu,
		.poll_hz = around->poll_hz,
	};
	int rc = around->poll_hz ? start_helper(around, &reader, err) : 0;

	for (size_t i = 0; !rc && i < around->neighbour_nr; i++)
		rc = start_neighbour(around, i, err);
	return rc;
}

void around_signal(const struct around *around, int number)
{
	for (size_t i = 0; i < around->helper_nr; i++)
		(void)kill(around->helpers[i], number);
}

static int observe_count(struct facts *into, const char *name, size_t asked, size_t got,
			 const char *source)
{
	char asked_text[24], got_text[24];

	(void)snprintf(asked_text, sizeof(asked_text), "%zu", asked);
	(void)snprintf(got_text, sizeof(got_text), "%zu", got);
	return asked ? facts_add(into, name, asked_text, got_text, source) : 0;
}

/* Helpers that have not ended: one that could not join its group has. */
static size_t alive(const struct around *around, size_t from)
{
	size_t nr = 0;

	for (size_t i = from; i < around->helper_nr; i++) {
		siginfo_t info = {0};

		nr += !waitid(P_PID, (id_t)around->helpers[i], &info,
			      WEXITED | WNOHANG | WNOWAIT) &&
		      !info.si_pid;
	}
	return nr;
}

static size_t idle_there(const struct around *around)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(around->groups, "memory");
	size_t nr = 0;

	for (size_t i = 0; i < around->idle_nr; i++) {
		char group[AROUND_GROUP_ROOM], line[64];

		name_beside(around, "idle", i, group);
		nr += !cgroup_read(where, group,
				   where->unified ? "memory.current"
						  : "memory.usage_in_bytes",
				   line, sizeof(line));
	}
	return nr;
}

int around_observe(const struct around *around, struct facts *into)
{
	size_t readers = around->poll_hz != 0;
	bool reads = readers && alive(around, 0) == around->helper_nr;
	int rc = observe_count(into, "memcg.idle_groups", around->idle_nr,
			       idle_there(around), "control group file system");

	if (!rc)
		rc = observe_count(into, "memcg.poll_hz", around->poll_hz,
				   reads ? around->poll_hz : 0, "waitid(2)");
	if (!rc)
		rc = observe_count(into, "memcg.neighbours", around->neighbour_nr,
				   alive(around, readers), "waitid(2)");
	return rc;
}

void around_stop(struct around *around)
{
	struct cgroup_hierarchies memory;
	struct err ignored = {0};

	for (size_t i = 0; i < around->helper_nr; i++) {
		(void)kill(around->helpers[i], SIGKILL);
		while (waitpid(around->helpers[i], NULL, 0) < 0 && errno == EINTR)
			;
	}
	around->helper_nr = 0;
	if (!around->made)
		return;
	memory_only(around, &memory);
	(void)cgroup_remove(&memory, around->beside, &ignored);
	around->made = false;
}
