/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A control group of its own and nothing else: what the group itself costs.  Limits are
 * set far above use, so that they are accounted and never reached.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cgroup/cgroup.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"
#include "drivers/cgroup_around.h"
#include "drivers/cgroup_limits.h"
#include "drivers/native.h"

#define PARENT "tare"
#define GROUP_ROOM 128
#define PROCS_ROOM 512
#define DEPTH_LEAST 2 /* "tare" and the group itself */
#define DEPTH_MOST 8

struct instance {
	const struct spec *spec;
	struct cgroup_limits limits;
	struct cgroup_hierarchies groups, rest; /* where it has a group; where not */
	char group[GROUP_ROOM];			/* that carries the limits */
	char leaf[GROUP_ROOM]; /* that the agent is in: the same, or one below */
	struct around around;
	char procs[CGROUP_HIERARCHIES_MAX][PROCS_ROOM];
	const char *procs_list[CGROUP_HIERARCHIES_MAX];
	size_t procs_nr;
	bool made;
	pid_t pid;
	uint64_t cpu_ns; /* of the processes, as accounted last */
};

static const struct setting_def settings[] = {
	{"memory", SETTING_WORD, NULL, "far",
	 "limit: 'far' (four times what the work needs), 'none', or bytes"},
	{"cpuset", SETTING_BOOL, NULL, "yes",
	 "confine it to the run's CPUs by its cpuset"},
	{"cpu_percent", SETTING_COUNT, NULL, "0",
	 "limit of CPU time, in percent of one CPU; 0: none"},
	{"pids", SETTING_COUNT, NULL, "1024", "limit of processes; 0: none"},
	{"tcp", SETTING_BOOL, NULL, "no",
	 "limit TCP buffers, far above use: version 1 counts them only then"},
	{"controllers", SETTING_WORD, "all|memory", "all",
	 "'memory': a group of the memory controller alone, the root group of all "
	 "others"},
	{"depth", SETTING_COUNT, NULL, "2",
	 "groups on the way to the agent, the outermost of ours included; 2 to 8"},
	AROUND_SETTINGS,
	{.name = NULL}};
static const struct path_def paths[] = {{"host", "a file of the host's file system"},
					{0}};

static int need_memory(const struct instance *instance, struct err *err)
{
	if (cgroup_hierarchy_with(&instance->groups, "memory"))
		return 0;
	return err_fail(
		err, ENOTSUP,
		"the memory controller is not here; boot with cgroup_enable=memory or "
		"hand it on in cgroup.subtree_control");
}

/* Is a hierarchy one of those that a group of the memory controller alone needs?  Pausing
 * is done in the other one. */
static bool needs_hierarchy(const struct cgroup_hierarchies *all, size_t i)
{
	const struct cgroup_hierarchy *one = &all->list[i];
	const struct cgroup_hierarchy *freezer = cgroup_hierarchy_with(all, "freezer");

	return one == cgroup_hierarchy_with(all, "memory") || one == freezer ||
	       (one->unified && !freezer);
}

static void choose_hierarchies(struct instance *instance)
{
	struct cgroup_hierarchies all = instance->groups;

	if (strcmp(platform_setting(instance->spec->platform, "controllers"), "all") == 0)
		return;
	instance->groups.nr = 0;
	instance->groups.only = "memory";
	for (size_t i = 0; i < all.nr; i++) {
		struct cgroup_hierarchies *to =
			needs_hierarchy(&all, i) ? &instance->groups : &instance->rest;

		to->list[to->nr++] = all.list[i];
	}
}

/* What the agent joins: its group, and the root group where it has none. */
static void list_procs(struct instance *instance)
{
	size_t nr = 0;

	for (size_t i = 0; i < instance->groups.nr; i++)
		(void)snprintf(instance->procs[nr++], PROCS_ROOM, "%s/%s/cgroup.procs",
			       instance->groups.list[i].dir, instance->leaf);
	for (size_t i = 0; i < instance->rest.nr; i++)
		(void)snprintf(instance->procs[nr++], PROCS_ROOM, "%s/cgroup.procs",
			       instance->rest.list[i].root);
	for (size_t i = 0; i < nr; i++)
		instance->procs_list[i] = instance->procs[i];
	instance->procs_nr = nr;
}

static int name_groups(struct instance *instance, struct err *err)
{
	const struct platform *platform = instance->spec->platform;
	uint64_t depth = strtoull(platform_setting(platform, "depth"), NULL, 10);
	size_t length;

	if (depth < DEPTH_LEAST || depth > DEPTH_MOST)
		return err_fail(err, EINVAL, "%s: depth: must be %d to %d",
				platform->file, DEPTH_LEAST, DEPTH_MOST);
	length = (size_t)snprintf(instance->group, GROUP_ROOM, PARENT "/%s",
				  instance->spec->id);
	memcpy(instance->leaf, instance->group, GROUP_ROOM);
	for (; depth > DEPTH_LEAST && length < GROUP_ROOM; depth--)
		length += (size_t)snprintf(instance->leaf + length, GROUP_ROOM - length,
					   "/in");
	list_procs(instance);
	return 0;
}

/* Limits first: in version 1 a cpuset may not shrink below those inside it. */
static int make_group(struct instance *instance, struct err *err)
{
	int rc = cgroup_create(&instance->groups, instance->group, err);

	instance->made = !rc;
	if (!rc)
		rc = cgroup_limits_set(&instance->limits, &instance->groups,
				       instance->group, err);
	if (!rc && strcmp(instance->leaf, instance->group) != 0)
		rc = cgroup_create(&instance->groups, instance->leaf, err);
	return rc;
}

static void cgroup_close(struct instance *instance)
{
	size_t removed = 0;
	struct err ignored = {0};

	if (!instance)
		return;
	around_stop(&instance->around);
	launch_end(instance->pid, 0);
	if (instance->made)
		(void)cgroup_remove(&instance->groups, instance->group, &ignored);
	/* The parent goes with the last group in it. */
	(void)cgroup_reap(&instance->groups, PARENT, &removed, &ignored);
	free(instance);
}
CLEANUP_DEFINE(instance, struct instance *, cgroup_close)

static int cgroup_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	cleanup(instance) struct instance *instance = calloc(1, sizeof(*instance));
	int rc;

	if (!instance)
		return err_fail(err, ENOMEM, "no memory for an instance");
	instance->spec = spec;
	rc = cgroup_hierarchies_read(&instance->groups, err);
	if (!rc)
		rc = need_memory(instance, err);
	if (!rc)
		rc = cgroup_limits_make(spec, &instance->groups, &instance->limits, err);
	if (rc)
		return rc;
	choose_hierarchies(instance);
	rc = name_groups(instance, err);
	if (!rc)
		rc = make_group(instance, err);
	if (!rc)
		rc = around_open(&instance->around, spec, &instance->groups,
				 instance->leaf, err);
	if (!rc)
		*ret = take_ptr(instance);
	return rc;
}

static int cgroup_start(struct instance *instance, struct start *ret, struct err *err)
{
	struct launch launch = {.spec = instance->spec,
				.procs = instance->procs_list,
				.procs_nr = instance->procs_nr};
	struct launched launched;
	uint64_t begin_ns = clock_now_ns();
	int rc = around_start(&instance->around, err);

	if (!rc)
		rc = launch_agent(&launch, &launched, err);
	if (rc)
		return rc;
	instance->pid = launched.pid;
	*ret = (struct start){
		.channel = launched.channel, .pid = launched.pid, .phase_nr = 1};
	ret->phases[0].name = "cgroup creation";
	ret->phases[0].end_ns = begin_ns;
	launch_note(&launched.times, ret);
	return 0;
}

static int cgroup_pause(struct instance *instance, struct err *err)
{
	around_signal(&instance->around, SIGSTOP);
	return cgroup_freeze(&instance->groups, instance->group, true, err);
}

static int cgroup_resume(struct instance *instance, struct err *err)
{
	around_signal(&instance->around, SIGCONT);
	return cgroup_freeze(&instance->groups, instance->group, false, err);
}

/* Below whatever process 1's group is: only its end is ours. */
static int observe_group(const struct instance *instance,
			 const struct cgroup_limit *limit, struct facts *into)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(&instance->groups, limit->controller);
	char group[PROCS_ROOM], name[64];

	(void)snprintf(name, sizeof(name), "cgroup.%s", limit->controller);
	cgroup_of(instance->pid, where && where->unified ? "" : limit->controller, group,
		  sizeof(group));
	if (!where)
		return facts_add(into, name, instance->rest.nr ? "/" : NULL, group,
				 "/proc/PID/cgroup");
	return facts_add(into, name, instance->leaf,
			 strstr(group, PARENT "/") ? strstr(group, PARENT "/") : group,
			 "/proc/PID/cgroup");
}

/* The groups from the root group of the memory controller to the agent's: a charge goes
 * to every one of them. */
static int observe_depth(const struct instance *instance, struct facts *into)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(&instance->groups, "memory");
	char group[PROCS_ROOM], text[16];
	int depth = 0, rc;

	cgroup_of(instance->pid, where->unified ? "" : "memory", group, sizeof(group));
	for (const char *at = group; *at; at++)
		depth += *at == '/';
	(void)snprintf(text, sizeof(text), "%d", depth);
	rc = facts_add(into, "memcg.depth", NULL, text, "/proc/PID/cgroup");
	return rc ? rc : facts_add(into, "cgroup.path", NULL, group, "/proc/PID/cgroup");
}

static int cgroup_observe(struct instance *instance, struct facts *into, struct err *err)
{
	int rc = native_observe_affinity(instance->pid, instance->spec, into);

	if (!rc)
		rc = cgroup_limits_observe(&instance->limits, &instance->groups,
					   instance->group, into);
	for (size_t i = 0; !rc && i < LIMIT_NR; i++)
		if (i != LIMIT_TCP) /* the memory controller once */
			rc = observe_group(instance, &instance->limits.list[i], into);
	if (!rc)
		rc = observe_depth(instance, into);
	if (!rc)
		rc = around_observe(&instance->around, into);
	return rc ? err_fail(err, ENOMEM, "no memory for facts") : 0;
}

/* The group's counter is exact where there is one; the rest is the processes'. */
static int cgroup_account(struct instance *instance, struct account *ret, struct err *err)
{
	uint64_t cpu_ns;

	(void)err;
	native_account(instance->pid, &instance->cpu_ns, ret);
	if (!cgroup_cpu_ns(&instance->groups, instance->group, &cpu_ns))
		ret->cpu_ns = cpu_ns;
	return 0;
}

static const char *cgroup_target(const struct instance *instance, size_t path)
{
	(void)instance;
	(void)path;
	return NATIVE_DATA;
}

static int cgroup_stop(struct instance *instance, struct err *err)
{
	int rc;

	around_stop(&instance->around);
	launch_end(instance->pid, NATIVE_END_NS);
	phase_log_note(instance->spec->ending, "stop");
	instance->pid = 0;
	if (!instance->made)
		return 0;
	rc = cgroup_remove(&instance->groups, instance->group, err);
	phase_log_note(instance->spec->ending, "cgroup removal");
	instance->made = rc < 0;
	return rc < 0 ? rc : 0;
}

static int reap_below(const struct cgroup_hierarchies *base, size_t *removed,
		      struct err *err)
{
	return cgroup_reap(base, PARENT, removed, err);
}

static int cgroup_reap_dead(size_t *removed, struct err *err)
{
	*removed = 0;
	return cgroup_each_base(reap_below, removed, err);
}

extern const struct driver driver_cgroup;

static int cgroup_probe(const struct spec *spec, struct probe *ret, struct err *err)
{
	return native_probe(&driver_cgroup, spec, ret, err);
}

const struct driver driver_cgroup = {
	.name = "cgroup",
	.summary = "a control group of its own, limits as the settings say",
	.settings = settings,
	.paths = paths,
	.min_instances = UINT_MAX,
	.probe = cgroup_probe,
	.open = cgroup_open,
	.start = cgroup_start,
	.pause = cgroup_pause,
	.resume = cgroup_resume,
	.observe = cgroup_observe,
	.account = cgroup_account,
	.target = cgroup_target,
	.stop = cgroup_stop,
	.close = cgroup_close,
	.reap = cgroup_reap_dead,
};
