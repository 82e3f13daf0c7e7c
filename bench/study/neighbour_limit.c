/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_limit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SUFFIX ".limit"
#define PERIOD_US 100000
#define QUOTA_US 20000

static const char *const names[] = {[LIMIT_NONE] = "none",
				    [LIMIT_WEIGHT] = "weight",
				    [LIMIT_QUOTA] = "quota",
				    [LIMIT_CPUSET] = "cpuset"};

const char *neighbour_limit_name(enum neighbour_limit limit)
{
	return names[limit];
}

double neighbour_limit_share(enum neighbour_limit limit)
{
	/* 1 of 11 parts; the kernel's scheduler is held to it only roughly */
	return limit == LIMIT_WEIGHT  ? 1.0 / 11
	       : limit == LIMIT_QUOTA ? (double)QUOTA_US / PERIOD_US
				      : 1;
}

static int choose(struct cgroup_hierarchies *groups, struct err *err)
{
	const struct cgroup_hierarchy *cpu, *cpuset;
	struct cgroup_hierarchies all;
	int rc = cgroup_hierarchies_read(&all, err);

	if (rc)
		return rc;
	cpu = cgroup_hierarchy_with(&all, "cpu");
	cpuset = cgroup_hierarchy_with(&all, "cpuset");
	if (!cpu || !cpuset)
		return err_fail(err, ENOTSUP,
				"this host hands on no cpu and cpuset controllers");
	*groups = (struct cgroup_hierarchies){.nr = 1};
	groups->list[0] = *cpu;
	if (cpuset != cpu)
		groups->list[groups->nr++] = *cpuset;
	return 0;
}

/* The group that the platform made, relative to where groups are made; "": none. */
static void find_own(const struct cgroup_hierarchy *hierarchy, const char *id, pid_t pid,
		     char *ret, size_t size)
{
	const char *below = hierarchy->dir + strlen(hierarchy->root);
	char group[512];

	ret[0] = '\0';
	cgroup_of(pid, "", group, sizeof(group));
	if (strstr(group, id) && !strncmp(group, below, strlen(below)))
		(void)snprintf(ret, size, "%s", group + strlen(below) + 1);
}

static int attach(const struct neighbour_group *group, pid_t pid, struct err *err)
{
	char text[16];
	int rc = 0;

	(void)snprintf(text, sizeof(text), "%d", (int)pid);
	for (size_t i = 0; !rc && i < group->groups.nr; i++)
		rc = cgroup_write(&group->groups.list[i], group->name, "cgroup.procs",
				  text, err);
	return rc;
}

static int set_cpu(const struct neighbour_group *group, unsigned cpu, struct err *err)
{
	const struct cgroup_hierarchy *cpuset =
		cgroup_hierarchy_with(&group->groups, "cpuset");
	char text[16], mems[64] = "0";
	int rc;

	(void)snprintf(text, sizeof(text), "%u", cpu);
	rc = cgroup_write(cpuset, group->name, "cpuset.cpus", text, err);
	if (rc || cpuset->unified)
		return rc;
	(void)cgroup_read(cpuset, "", "cpuset.mems", mems, sizeof(mems));
	return cgroup_write(cpuset, group->name, "cpuset.mems", mems, err);
}

int neighbour_group_open(struct neighbour_group *group, const char *id, pid_t pid,
			 unsigned cpu, struct err *err)
{
	int rc;

	group->made = false;
	if (pid <= 0) /* 0 in cgroup.procs is whoever writes it: tare itself */
		return err_fail(err, ESRCH, "no process of %s to limit", id);
	rc = choose(&group->groups, err);
	if (rc)
		return rc;
	if (group->groups.list[0].unified) {
		find_own(&group->groups.list[0], id, pid, group->name,
			 sizeof(group->name));
		if (group->name[0])
			return set_cpu(group, cpu, err);
	}
	(void)snprintf(group->name, sizeof(group->name), "tare/%.150s" SUFFIX, id);
	rc = cgroup_create(&group->groups, group->name, err);
	if (rc)
		return rc;
	group->made = true;
	rc = set_cpu(group, cpu, err);
	return rc ? rc : attach(group, pid, err);
}

static int set_weight(const struct neighbour_group *group, bool low, struct err *err)
{
	const struct cgroup_hierarchy *cpu = cgroup_hierarchy_with(&group->groups, "cpu");

	if (cpu->unified)
		return cgroup_write(cpu, group->name, "cpu.weight", low ? "10" : "100",
				    err);
	return cgroup_write(cpu, group->name, "cpu.shares", low ? "102" : "1024", err);
}

static int set_quota(const struct neighbour_group *group, bool limited, struct err *err)
{
	const struct cgroup_hierarchy *cpu = cgroup_hierarchy_with(&group->groups, "cpu");
	char text[48];

	if (cpu->unified) {
		if (limited)
			(void)snprintf(text, sizeof(text), "%d %d", QUOTA_US, PERIOD_US);
		else
			(void)snprintf(text, sizeof(text), "max %d", PERIOD_US);
		return cgroup_write(cpu, group->name, "cpu.max", text, err);
	}
	(void)snprintf(text, sizeof(text), "%d", limited ? QUOTA_US : -1);
	return cgroup_write(cpu, group->name, "cpu.cfs_quota_us", text, err);
}

int neighbour_group_limit(const struct neighbour_group *group, enum neighbour_limit limit,
			  unsigned home, unsigned other, struct err *err)
{
	int rc = set_weight(group, limit == LIMIT_WEIGHT, err);

	if (!rc)
		rc = set_quota(group, limit == LIMIT_QUOTA, err);
	return rc ? rc : set_cpu(group, limit == LIMIT_CPUSET ? other : home, err);
}

void neighbour_group_close(struct neighbour_group *group)
{
	struct err ignored = {0};

	if (group->made)
		(void)cgroup_remove(&group->groups, group->name, &ignored);
	group->made = false;
}
