/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/cgroup_limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/units.h"
#include "drivers/native.h"

#define MEMORY_MARGIN 4	      /* times what the work needs: never reached */
#define CPU_PERIOD_US 100000u /* the kernel's default */

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

static const struct cgroup_limits names = {{
	[LIMIT_MEMORY] = {"memory", "memory", "memory.limit_in_bytes", "memory.max", ""},
	/* version 2 counts socket buffers with the rest */
	[LIMIT_TCP] = {"tcp", "memory", "memory.kmem.tcp.limit_in_bytes", NULL, ""},
	[LIMIT_CPUSET] = {"cpuset", "cpuset", "cpuset.cpus", "cpuset.cpus", ""},
	[LIMIT_CPU] = {"cpu", "cpu", "cpu.cfs_quota_us", "cpu.max", ""},
	[LIMIT_PIDS] = {"pids", "pids", "pids.max", "pids.max", ""},
}};

int cgroup_limits_make(const struct spec *spec, const struct cgroup_hierarchies *groups,
		       struct cgroup_limits *ret, struct err *err)
{
	const struct platform *platform = spec->platform;
	struct cgroup_limit *to = ret->list;
	uint64_t bytes;
	int rc = memory_bytes(spec, &bytes, err);

	if (rc)
		return rc;
	*ret = names;
	if (bytes)
		(void)snprintf(to[LIMIT_MEMORY].value, sizeof(to->value), "%" PRIu64,
			       bytes);
	if (platform_setting_bool(platform, "tcp"))
		(void)snprintf(to[LIMIT_TCP].value, sizeof(to->value), "%" PRIu64,
			       spec->memory_bytes * MEMORY_MARGIN);
	if (platform_setting_bool(platform, "cpuset"))
		native_list_cpus(spec, to[LIMIT_CPUSET].value, sizeof(to->value));
	cpu_limit(spec, is_unified(cgroup_hierarchy_with(groups, "cpu")),
		  to[LIMIT_CPU].value);
	if (strcmp(platform_setting(platform, "pids"), "0") != 0)
		(void)snprintf(to[LIMIT_PIDS].value, sizeof(to->value), "%s",
			       platform_setting(platform, "pids"));
	return 0;
}

static const char *file_of(const struct cgroup_limit *limit,
			   const struct cgroup_hierarchy *where)
{
	return where->unified ? limit->file_v2 : limit->file_v1;
}

int cgroup_limits_set(const struct cgroup_limits *limits,
		      const struct cgroup_hierarchies *groups, const char *group,
		      struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < LIMIT_NR; i++) {
		const struct cgroup_limit *limit = &limits->list[i];
		const struct cgroup_hierarchy *where =
			cgroup_hierarchy_with(groups, limit->controller);

		if (where && limit->value[0] && file_of(limit, where))
			rc = cgroup_write(where, group, file_of(limit, where),
					  limit->value, err);
	}
	return rc;
}

static int observe(const struct cgroup_limit *limit,
		   const struct cgroup_hierarchies *groups, const char *group,
		   struct facts *into)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(groups, limit->controller);
	const char *asked = limit->value[0] ? limit->value : NULL;
	char got[256] = "";

	if (!where)
		return facts_add(into, limit->name, asked, "no such controller",
				 "mountinfo");
	if (!file_of(limit, where))
		return 0;
	(void)cgroup_read(where, group, file_of(limit, where), got, sizeof(got));
	return facts_add(into, limit->name, asked, got, file_of(limit, where));
}

int cgroup_limits_observe(const struct cgroup_limits *limits,
			  const struct cgroup_hierarchies *groups, const char *group,
			  struct facts *into)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < LIMIT_NR; i++)
		rc = observe(&limits->list[i], groups, group, into);
	return rc;
}
