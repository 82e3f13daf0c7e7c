/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes that stay where they are, end, or are moved to another control group. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/cgroup/cgroup.h"
#include "bench/cgroup/membership.h"
#include "bench/host/owner.h"
#include "tests/check.h"

static void wait_for_ever(void)
{
	for (;;)
		(void)pause();
}

/* A child that waits, with a child of its own below it; both end with the first. */
static pid_t fork_pair(pid_t *below)
{
	int ends[2];
	pid_t pid;

	CHECK_INT(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		pid_t child = fork();

		if (child)
			(void)!write(ends[1], &child, sizeof(child));
		wait_for_ever();
	}
	CHECK_INT(read(ends[0], below, sizeof(*below)), sizeof(*below));
	(void)close(ends[0]);
	(void)close(ends[1]);
	return pid;
}

static void end_process(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

/* One that is not our child is gone when whoever adopted it has waited for it. */
static void await_gone(pid_t pid)
{
	for (int i = 0; i < 2000 && !kill(pid, 0); i++)
		(void)usleep(1000);
}

static void test_stays(void)
{
	struct membership members = {.nr = 0};
	struct err err = {0};
	char why[160] = "";
	pid_t below = 0, pid = fork_pair(&below);

	CHECK_INT(membership_note(&members, 0, &err), 0); /* not known: nothing to ask */
	CHECK_INT(members.nr, 0);
	CHECK_INT(membership_note(&members, pid, &err), 0);
	CHECK_INT(members.nr, 2);
	CHECK_INT(membership_note(&members, pid, &err), 0); /* noted once */
	CHECK_INT(members.nr, 2);
	CHECK(membership_holds(&members, why, sizeof(why)));
	(void)kill(below, SIGKILL);
	end_process(pid);
	await_gone(below);
	CHECK(membership_holds(&members, why, sizeof(why))); /* nobody to ask */
	CHECK_INT(membership_note(&members, pid, &err), -ESRCH);
	CHECK_INT(members.nr, 0);
	membership_release(&members);
}

/* Moves `moved` of the pair into a group of our own in the memory hierarchy. */
static void test_moved(bool grandchild)
{
	struct cgroup_hierarchies all;
	struct membership members = {.nr = 0};
	struct err err = {0};
	char group[128], owner[OWNER_MAX], why[160] = "", id[16];
	const struct cgroup_hierarchy *memory;
	pid_t below = 0, pid;

	if (geteuid() || cgroup_hierarchies_read(&all, &err) ||
	    !(memory = cgroup_hierarchy_with(&all, "memory"))) {
		SKIP("moving needs root and a memory controller");
		return;
	}
	all.list[0] = *memory;
	all.nr = 1;
	CHECK_INT(owner_self(owner, &err), 0);
	(void)snprintf(group, sizeof(group), "tare/%s-moved", owner);
	CHECK_INT(cgroup_create(&all, group, &err), 0);
	pid = fork_pair(&below);
	CHECK_INT(membership_note(&members, pid, &err), 0);
	(void)snprintf(id, sizeof(id), "%d", grandchild ? below : pid);
	CHECK_INT(cgroup_write(&all.list[0], group, "cgroup.procs", id, &err), 0);
	CHECK(!membership_holds(&members, why, sizeof(why)));
	CHECK(strstr(why, id) != NULL && strstr(why, "-moved") != NULL);
	membership_release(&members);
	(void)kill(below, SIGKILL);
	end_process(pid);
	CHECK(cgroup_remove(&all, group, &err) >= 0);
	(void)cgroup_reap(&all, "tare", &(size_t){0}, &err);
}

int main(void)
{
	test_stays();
	test_moved(false);
	test_moved(true);
	return check_done();
}
