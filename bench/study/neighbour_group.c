/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_group.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SUFFIX ".limit"

static bool has(const struct cgroup_hierarchies *groups,
		const struct cgroup_hierarchy *hierarchy)
{
	for (size_t i = 0; i < groups->nr; i++)
		if (!strcmp(groups->list[i].dir, hierarchy->dir))
			return true;
	return false;
}

/* Version 1 calls the controller of input and output otherwise. */
const struct cgroup_hierarchy *
neighbour_controller(const struct cgroup_hierarchies *groups, const char *name)
{
	const struct cgroup_hierarchy *found = cgroup_hierarchy_with(groups, name);

	return found || strcmp(name, "io") != 0 ? found
						: cgroup_hierarchy_with(groups, "blkio");
}

/* One that this host does not hand on is missed when a limit is set by it. */
static int choose(struct cgroup_hierarchies *groups, const char *const *controllers,
		  struct err *err)
{
	struct cgroup_hierarchies all;
	const char *missing = "";
	int rc = cgroup_hierarchies_read(&all, err);

	groups->nr = 0;
	for (; !rc && *controllers; controllers++) {
		const struct cgroup_hierarchy *one =
			neighbour_controller(&all, *controllers);

		if (!one)
			missing = *controllers;
		else if (!has(groups, one))
			groups->list[groups->nr++] = *one;
	}
	if (!rc && !groups->nr)
		rc = err_fail(err, ENOTSUP, "this host hands on no controller '%s'",
			      missing);
	return rc;
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

int neighbour_group_set_cpu(const struct neighbour_group *group, unsigned cpu,
			    struct err *err)
{
	const struct cgroup_hierarchy *cpuset =
		cgroup_hierarchy_with(&group->groups, "cpuset");
	char text[16], mems[64] = "0";
	int rc;

	if (!cpuset)
		return err_fail(err, ENOTSUP, "its group has no controller 'cpuset'");
	(void)snprintf(text, sizeof(text), "%u", cpu);
	rc = cgroup_write(cpuset, group->name, "cpuset.cpus", text, err);
	if (rc || cpuset->unified)
		return rc;
	(void)cgroup_read(cpuset, "", "cpuset.mems", mems, sizeof(mems));
	return cgroup_write(cpuset, group->name, "cpuset.mems", mems, err);
}

/* Where the group has a cpuset that limits may change it starts on the shared CPU. */
static int go_home(const struct neighbour_group *group, const char *const *controllers,
		   struct err *err)
{
	for (; *controllers; controllers++)
		if (!strcmp(*controllers, "cpuset") &&
		    cgroup_hierarchy_with(&group->groups, "cpuset"))
			return neighbour_group_set_cpu(group, group->where->home, err);
	return 0;
}

int neighbour_group_open(struct neighbour_group *group, const struct neighbour_host *host,
			 const char *const *controllers, const char *id, pid_t pid,
			 struct err *err)
{
	int rc;

	*group = (struct neighbour_group){.where = host};
	if (pid <= 0) /* 0 in cgroup.procs is whoever writes it: tare itself */
		return err_fail(err, ESRCH, "no process of %s to limit", id);
	rc = choose(&group->groups, controllers, err);
	if (rc)
		return rc;
	if (group->groups.list[0].unified) {
		find_own(&group->groups.list[0], id, pid, group->name,
			 sizeof(group->name));
		if (group->name[0])
			return go_home(group, controllers, err);
	}
	(void)snprintf(group->name, sizeof(group->name), "tare/%.150s" SUFFIX, id);
	rc = cgroup_create(&group->groups, group->name, err);
	if (rc)
		return rc;
	group->made = true;
	rc = go_home(group, controllers, err);
	return rc ? rc : attach(group, pid, err);
}

/* The platform's own group may lack a controller that ours would have. */
static int put(const struct cgroup_hierarchy *where, const struct neighbour_group *group,
	       const char *file, const char *value, struct err *err)
{
	struct err why = {0};
	int rc = cgroup_write(where, group->name, file, value, &why);

	return rc ? err_fail(err, rc == -ENOENT ? ENOTSUP : -rc, "%s", why.text) : 0;
}

int neighbour_group_put(const struct neighbour_group *group, const char *controller,
			const struct neighbour_file *file, struct err *err)
{
	const struct cgroup_hierarchy *where =
		neighbour_controller(&group->groups, controller);

	if (!where)
		return err_fail(err, ENOTSUP, "its group has no controller '%s'",
				controller);
	if (!(where->unified ? file->v2 : file->v1))
		return err_fail(err, ENOTSUP,
				"version %d of control groups has no such limit",
				where->unified ? 2 : 1);
	return where->unified ? put(where, group, file->v2, file->v2_value, err)
			      : put(where, group, file->v1, file->v1_value, err);
}

void neighbour_group_close(struct neighbour_group *group)
{
	struct err ignored = {0};
	size_t removed;

	if (!group->made)
		return;
	(void)cgroup_remove(&group->groups, group->name, &ignored);
	/* the parent goes with the last group in it */
	(void)cgroup_reap(&group->groups, "tare", &removed, &ignored);
	group->made = false;
}
