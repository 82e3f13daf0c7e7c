/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A control group of its own and nothing else: what the group itself costs.  Limits are
 * set far above use, so that they are accounted and never reached.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../bench/cgroup.h"
#include "../bench/cleanup.h"
#include "../bench/clock.h"
#include "../bench/launch.h"
#include "../bench/units.h"
#include "native.h"

#define PARENT "tare"
#define GROUP_ROOM 128
#define PROCS_ROOM 512
#define MEMORY_MARGIN 4 /* times what the work needs: never reached */

/* A limit by its names in both versions. */
struct limit {
	const char *name, *controller, *file_v1, *file_v2;
	char value[64]; /* "": not asked */
};
enum { LIMIT_MEMORY, LIMIT_CPUSET, LIMIT_CPU, LIMIT_PIDS, LIMIT_NR };
#define CPU_PERIOD_US 100000u /* the kernel's default */

struct instance {
	const struct spec *spec;
	struct limit limits[LIMIT_NR];
	struct cgroup_hierarchies groups;
	char group[GROUP_ROOM];
	char procs[CGROUP_HIERARCHIES_MAX][PROCS_ROOM];
	const char *procs_list[CGROUP_HIERARCHIES_MAX];
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
	{.name = NULL}};
static const struct path_def paths[] = {{"host", "a file of the host's file system"},
					{0}};

static int memory_bytes(const struct spec *spec, uint64_t *ret, struct err *err)
{
	const char *setting = platform_setting(spec->platform, "memory");
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), bytes = 0;
	int rc = 0;

	if (!strcmp(setting, "far"))
		bytes = spec->memory_bytes * MEMORY_MARGIN;
	else if (strcmp(setting, "none") != 0)
		rc = units_parse_bytes(setting, &bytes, err);
	if (rc)
		return err_because(err, "%s: memory", spec->platform->file);
	*ret = bytes / page * page; /* as the kernel rounds */
	return 0;
}

/* "" where there is no limit; the kernel's two versions write it in two ways. */
static void cpu_limit(const struct spec *spec, bool unified, char to[static 64])
{
	uint64_t percent =
		strtoull(platform_setting(spec->platform, "cpu_percent"), NULL, 10);
	uint64_t quota_us = percent * (CPU_PERIOD_US / 100);

	to[0] = '\0';
	if (percent && unified)
		(void)snprintf(to, 64, "%" PRIu64 " %u", quota_us, CPU_PERIOD_US);
	else if (percent)
		(void)snprintf(to, 64, "%" PRIu64, quota_us);
}

static bool is_unified(const struct cgroup_hierarchy *hierarchy)
{
	return hierarchy && hierarchy->unified;
}

static int make_limits(struct instance *instance, struct err *err)
{
	static const struct limit limits[LIMIT_NR] = {
		[LIMIT_MEMORY] = {"memory", "memory", "memory.limit_in_bytes",
				  "memory.max", ""},
		[LIMIT_CPUSET] = {"cpuset", "cpuset", "cpuset.cpus", "cpuset.cpus", ""},
		[LIMIT_CPU] = {"cpu", "cpu", "cpu.cfs_quota_us", "cpu.max", ""},
		[LIMIT_PIDS] = {"pids", "pids", "pids.max", "pids.max", ""},
	};
	const struct platform *platform = instance->spec->platform;
	struct limit *to = instance->limits;
	uint64_t bytes;
	int rc = memory_bytes(instance->spec, &bytes, err);

	if (rc)
		return rc;
	memcpy(to, limits, sizeof(limits));
	if (bytes)
		(void)snprintf(to[LIMIT_MEMORY].value, sizeof(to->value), "%" PRIu64,
			       bytes);
	if (platform_setting_bool(platform, "cpuset"))
		native_list_cpus(instance->spec, to[LIMIT_CPUSET].value,
				 sizeof(to->value));
	cpu_limit(instance->spec,
		  is_unified(cgroup_hierarchy_with(&instance->groups, "cpu")),
		  to[LIMIT_CPU].value);
	if (strcmp(platform_setting(platform, "pids"), "0") != 0)
		(void)snprintf(to[LIMIT_PIDS].value, sizeof(to->value), "%s",
			       platform_setting(platform, "pids"));
	return 0;
}

static const char *file_of(const struct limit *limit,
			   const struct cgroup_hierarchy *where)
{
	return where->unified ? limit->file_v2 : limit->file_v1;
}

static int set_limits(struct instance *instance, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < LIMIT_NR; i++) {
		const struct limit *limit = &instance->limits[i];
		const struct cgroup_hierarchy *where =
			cgroup_hierarchy_with(&instance->groups, limit->controller);

		if (where && limit->value[0])
			rc = cgroup_write(where, instance->group, file_of(limit, where),
					  limit->value, err);
	}
	return rc;
}

static int need_memory(const struct instance *instance, struct err *err)
{
	if (cgroup_hierarchy_with(&instance->groups, "memory"))
		return 0;
	return err_fail(
		err, ENOTSUP,
		"the memory controller is not here; boot with cgroup_enable=memory or "
		"hand it on in cgroup.subtree_control");
}

static int make_group(struct instance *instance, struct err *err)
{
	int rc;

	(void)snprintf(instance->group, GROUP_ROOM, PARENT "/%s", instance->spec->id);
	for (size_t i = 0; i < instance->groups.nr; i++) {
		(void)snprintf(instance->procs[i], PROCS_ROOM, "%s/%s/cgroup.procs",
			       instance->groups.list[i].dir, instance->group);
		instance->procs_list[i] = instance->procs[i];
	}
	rc = cgroup_create(&instance->groups, instance->group, err);
	instance->made = !rc;
	return rc;
}

static void cgroup_close(struct instance *instance)
{
	size_t removed = 0;
	struct err ignored = {0};

	if (!instance)
		return;
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
		rc = make_limits(instance, err);
	if (!rc)
		rc = make_group(instance, err);
	if (!rc)
		rc = set_limits(instance, err);
	if (!rc)
		*ret = take_ptr(instance);
	return rc;
}

static int cgroup_start(struct instance *instance, struct start *ret, struct err *err)
{
	struct launch launch = {.spec = instance->spec,
				.procs = instance->procs_list,
				.procs_nr = instance->groups.nr};
	struct launched launched;
	uint64_t begin_ns = clock_now_ns();
	int rc = launch_agent(&launch, &launched, err);

	if (rc)
		return rc;
	instance->pid = launched.pid;
	*ret = (struct start){.channel = launched.channel, .phase_nr = 2};
	ret->phases[0].name = "cgroup";
	ret->phases[0].end_ns = begin_ns;
	ret->phases[1].name = "namespaces, chroot, exec";
	ret->phases[1].end_ns = clock_now_ns();
	return 0;
}

static int cgroup_pause(struct instance *instance, struct err *err)
{
	return cgroup_freeze(&instance->groups, instance->group, true, err);
}

static int cgroup_resume(struct instance *instance, struct err *err)
{
	return cgroup_freeze(&instance->groups, instance->group, false, err);
}

static int observe_limit(const struct instance *instance, const struct limit *limit,
			 struct facts *into)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(&instance->groups, limit->controller);
	const char *asked = limit->value[0] ? limit->value : NULL;
	char got[256] = "", group[GROUP_ROOM], name[64];
	int rc;

	if (!where)
		return facts_add(into, limit->name, asked, "no such controller",
				 "mountinfo");
	(void)cgroup_read(where, instance->group, file_of(limit, where), got,
			  sizeof(got));
	rc = facts_add(into, limit->name, asked, got, file_of(limit, where));
	if (rc)
		return rc;
	(void)snprintf(name, sizeof(name), "cgroup.%s", limit->controller);
	native_group(instance->pid, where->unified ? "" : limit->controller, group,
		     sizeof(group));
	/* Below whatever process 1's group is: only its end is ours. */
	return facts_add(into, name, instance->group,
			 strstr(group, PARENT "/") ? strstr(group, PARENT "/") : group,
			 "/proc/PID/cgroup");
}

static int cgroup_observe(struct instance *instance, struct facts *into, struct err *err)
{
	int rc = native_observe_affinity(instance->pid, instance->spec, into);

	for (size_t i = 0; !rc && i < LIMIT_NR; i++)
		rc = observe_limit(instance, &instance->limits[i], into);
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

	launch_end(instance->pid, NATIVE_END_NS);
	instance->pid = 0;
	if (!instance->made)
		return 0;
	rc = cgroup_remove(&instance->groups, instance->group, err);
	instance->made = rc < 0;
	return rc < 0 ? rc : 0;
}

static int cgroup_reap_dead(size_t *removed, struct err *err)
{
	struct cgroup_hierarchies groups;
	int rc = cgroup_hierarchies_read(&groups, err);

	*removed = 0;
	return rc ? rc : cgroup_reap(&groups, PARENT, removed, err);
}

extern const struct driver driver_cgroup;

static int cgroup_probe(const struct spec *spec, struct probe *ret, struct err *err)
{
	return native_probe(&driver_cgroup, spec, ret, err);
}

const struct driver driver_cgroup = {
	.name = "cgroup",
	.summary = "a control group of its own, limits far above use",
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
