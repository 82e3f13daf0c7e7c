/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bare metal: a process on the host, in the root group of every hierarchy.  A shell on a
 * systemd host sits in a group of its own and would pay for it: the baseline is moved to
 * the root and read back there. That is the one thing done to a group that is not ours:
 * a process of ours joins it for a while, no setting of it changes.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cgroup/cgroup.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"
#include "drivers/native.h"

#define PROCS_ROOM 192

struct instance {
	const struct spec *spec;
	struct cgroup_hierarchies groups;
	char procs[CGROUP_HIERARCHIES_MAX][PROCS_ROOM];
	const char *procs_list[CGROUP_HIERARCHIES_MAX];
	pid_t pid;
	uint64_t cpu_ns; /* as accounted last */
};

static const struct setting_def settings[] = {
	{"group", SETTING_WORD, "root|own", "root",
	 "root: moved to the root group, which costs nothing; own: left in tare's own"},
	{.name = NULL}};
static const struct path_def paths[] = {{"host", "a file of the host's file system"},
					{0}};

/* The mount has to show the hierarchy's own root: "/" of a namespace is no root. */
static int find_roots(struct instance *instance, struct err *err)
{
	for (size_t i = 0; i < instance->groups.nr; i++) {
		const struct cgroup_hierarchy *one = &instance->groups.list[i];

		if (!one->whole)
			return err_fail(
				err, EPERM,
				"'%s' does not show the root group: run outside the "
				"container",
				one->root);
		(void)snprintf(instance->procs[i], PROCS_ROOM, "%s/cgroup.procs",
			       one->root);
		instance->procs_list[i] = instance->procs[i];
	}
	return 0;
}

static bool is_in_root(const struct instance *instance)
{
	return !strcmp(platform_setting(instance->spec->platform, "group"), "root");
}

static int bare_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	cleanup(free) struct instance *instance = calloc(1, sizeof(*instance));
	int rc;

	if (!instance)
		return err_fail(err, ENOMEM, "no memory for an instance");
	instance->spec = spec;
	rc = cgroup_hierarchies_read(&instance->groups, err);
	if (!rc && is_in_root(instance))
		rc = find_roots(instance, err);
	if (!rc)
		*ret = take_ptr(instance);
	return rc;
}

static int bare_start(struct instance *instance, struct start *ret, struct err *err)
{
	struct launch launch = {.spec = instance->spec,
				.procs = instance->procs_list,
				.procs_nr =
					is_in_root(instance) ? instance->groups.nr : 0};
	struct launched launched;
	int rc = launch_agent(&launch, &launched, err);

	if (rc)
		return rc;
	instance->pid = launched.pid;
	*ret = (struct start){.channel = launched.channel, .pid = launched.pid};
	launch_note(&launched.times, ret);
	return 0;
}

static int bare_pause(struct instance *instance, struct err *err)
{
	return launch_signal(instance->pid, SIGSTOP, err);
}

static int bare_resume(struct instance *instance, struct err *err)
{
	return launch_signal(instance->pid, SIGCONT, err);
}

/* The first controller of a list stands for its hierarchy. */
static int observe_root(const struct instance *instance,
			const struct cgroup_hierarchy *hierarchy, struct facts *into)
{
	const char *asked = is_in_root(instance) ? "/" : NULL;
	static const char *const known[] = {"memory", "cpu",  "cpuacct", "cpuset",
					    "blkio",  "pids", "devices", "freezer"};
	char group[256], name[64];
	int rc = 0;

	if (hierarchy->unified) {
		cgroup_of(instance->pid, "", group, sizeof(group));
		return facts_add(into, "cgroup.unified", asked, group,
				 "/proc/PID/cgroup");
	}
	for (size_t i = 0; !rc && i < sizeof(known) / sizeof(known[0]); i++) {
		cgroup_of(instance->pid, known[i], group, sizeof(group));
		if (!group[0] ||
		    cgroup_hierarchy_with(&instance->groups, known[i]) != hierarchy)
			continue;
		(void)snprintf(name, sizeof(name), "cgroup.%s", known[i]);
		rc = facts_add(into, name, asked, group, "/proc/PID/cgroup");
	}
	return rc;
}

static int bare_observe(struct instance *instance, struct facts *into, struct err *err)
{
	int rc = native_observe_affinity(instance->pid, instance->spec, into);

	for (size_t i = 0; !rc && i < instance->groups.nr; i++)
		rc = observe_root(instance, &instance->groups.list[i], into);
	return rc ? err_fail(err, ENOMEM, "no memory for facts") : 0;
}

static int bare_account(struct instance *instance, struct account *ret, struct err *err)
{
	(void)err;
	native_account(instance->pid, &instance->cpu_ns, ret);
	return 0;
}

static const char *bare_target(const struct instance *instance, size_t path)
{
	(void)instance;
	(void)path;
	return NATIVE_DATA;
}

static int bare_stop(struct instance *instance, struct err *err)
{
	(void)err;
	launch_end(instance->pid, NATIVE_END_NS);
	phase_log_note(instance->spec->ending, "stop");
	instance->pid = 0;
	return 0;
}

static void bare_close(struct instance *instance)
{
	if (!instance)
		return;
	launch_end(instance->pid, 0);
	free(instance);
}

/* Mounts go with the last process in their namespace. */
static int bare_reap(size_t *removed, struct err *err)
{
	(void)err;
	*removed = native_reap();
	return 0;
}

extern const struct driver driver_bare;

static int bare_probe(const struct spec *spec, struct probe *ret, struct err *err)
{
	return native_probe(&driver_bare, spec, ret, err);
}

const struct driver driver_bare = {
	.name = "bare",
	.summary = "a process on the host, in the root group: the baseline",
	.settings = settings,
	.paths = paths,
	.min_instances = 4,
	.probe = bare_probe,
	.open = bare_open,
	.start = bare_start,
	.pause = bare_pause,
	.resume = bare_resume,
	.observe = bare_observe,
	.account = bare_account,
	.target = bare_target,
	.stop = bare_stop,
	.close = bare_close,
	.reap = bare_reap,
	.tool = &driver_bare_tool,
};
