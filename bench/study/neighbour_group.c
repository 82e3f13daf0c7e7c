/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_group.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PARENT "tare"
#define SUFFIX ".limit"
#define ROOM_SUFFIX ".room"

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

/* A name that was cut would be another group's. */
static int name_group(struct neighbour_group *group, const char *parent, const char *name,
		      const char *suffix, struct err *err)
{
	int length = snprintf(group->name, sizeof(group->name), "%s%s%s%s", parent,
			      *parent ? "/" : "", name, suffix);

	if (length > 0 && length < (int)sizeof(group->name))
		return 0;
	group->name[0] = '\0';
	return err_fail(err, ENAMETOOLONG, "the name of a group of '%s' is too long",
			name);
}

/* The group that the platform made, relative to where groups are made; "": none. */
static int find_own(struct neighbour_group *group, const char *id, pid_t pid,
		    struct err *err)
{
	const struct cgroup_hierarchy *hierarchy = &group->groups.list[0];
	const char *below = hierarchy->dir + strlen(hierarchy->root);
	char own[512];

	group->name[0] = '\0';
	cgroup_of(pid, "", own, sizeof(own));
	if (!strstr(own, id) || strncmp(own, below, strlen(below)) != 0)
		return 0;
	return name_group(group, "", own + strlen(below) + 1, "", err);
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
		rc = find_own(group, id, pid, err);
		if (rc || group->name[0])
			return rc ? rc : go_home(group, controllers, err);
	}
	rc = name_group(group, host->room[0] ? host->room : PARENT, id, SUFFIX, err);
	if (!rc)
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

int neighbour_room_open(struct neighbour_host *host, const char *id, uint64_t bytes,
			struct err *err)
{
	struct cgroup_hierarchies all;
	const struct cgroup_hierarchy *memory;
	char text[24];
	int rc = cgroup_hierarchies_read(&all, err);

	memory = rc ? NULL : cgroup_hierarchy_with(&all, "memory");
	if (!memory || memory->unified)
		return rc;
	if (snprintf(host->room, sizeof(host->room), PARENT "/%s" ROOM_SUFFIX, id) >=
	    (int)sizeof(host->room)) {
		host->room[0] = '\0';
		return err_fail(err, ENAMETOOLONG,
				"the name of a group around '%s' is too long", id);
	}
	host->room_groups = all; /* groups inside may be of other hierarchies too */
	(void)snprintf(text, sizeof(text), "%" PRIu64, bytes);
	rc = cgroup_create(&(struct cgroup_hierarchies){.list = {*memory}, .nr = 1},
			   host->room, err);
	return rc ? rc
		  : cgroup_write(memory, host->room, "memory.limit_in_bytes", text, err);
}

void neighbour_room_close(struct neighbour_host *host)
{
	struct err ignored = {0};

	if (host->room[0])
		(void)cgroup_remove(&host->room_groups, host->room, &ignored);
	host->room[0] = '\0';
}
