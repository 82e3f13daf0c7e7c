/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cgroup/membership.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/host/process.h"

#define GROUPS_MAX 4096 /* a line for each hierarchy */
#define MEMBERS_MAX 256
#define DEPTH_MAX 4 /* agent, worker, what it forks */

struct member {
	pid_t tid;
	int file; /* its /proc/PID/task/TID/cgroup: the same thread's, whoever gets its
		     number later */
	char *groups;
};

/* What is being noted. */
struct noting {
	struct membership *to;
	const char *expected; /* of descendants; NULL: wherever it is now */
	struct err *err;
};

static bool read_groups(int file, char to[static GROUPS_MAX])
{
	ssize_t got = pread(file, to, GROUPS_MAX - 1, 0);

	if (got <= 0)
		return false; /* it has ended */
	to[got] = '\0';
	return true;
}

/* One that has ended and was not waited for yet is shown in the root group. */
static bool is_alive(pid_t tid)
{
	struct process process;

	return !process_read(tid, &process) && !process.ended;
}

static void member_release(struct member *member)
{
	(void)close(member->file);
	free(member->groups);
}

void membership_release(struct membership *membership)
{
	for (size_t i = 0; i < membership->nr; i++)
		member_release(&membership->list[i]);
	free(membership->list);
	*membership = (struct membership){.nr = 0};
}

static void forget_ended(struct membership *membership)
{
	char groups[GROUPS_MAX];
	size_t kept = 0;

	for (size_t i = 0; i < membership->nr; i++)
		if (read_groups(membership->list[i].file, groups) &&
		    is_alive(membership->list[i].tid))
			membership->list[kept++] = membership->list[i];
		else
			member_release(&membership->list[i]);
	membership->nr = kept;
}

static bool is_noted(const struct membership *membership, pid_t tid)
{
	for (size_t i = 0; i < membership->nr; i++)
		if (membership->list[i].tid == tid)
			return true;
	return false;
}

static int note_thread(const struct noting *noting, pid_t pid, pid_t tid)
{
	struct membership *to = noting->to;
	struct member *grown;
	char path[64], groups[GROUPS_MAX];
	cleanup(free) char *expected = NULL;
	cleanup(fd) int file = -1;

	if (is_noted(to, tid) || to->nr == MEMBERS_MAX)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/cgroup", pid, tid);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || !read_groups(file, groups))
		return 0; /* it ended meanwhile */
	expected = strdup(noting->expected ? noting->expected : groups);
	grown = reallocarray(to->list, to->nr + 1, sizeof(*grown));
	if (grown)
		to->list = grown;
	if (!grown || !expected)
		return err_fail(noting->err, ENOMEM, "no memory for a process");
	to->list[to->nr++] = (struct member){
		.tid = tid, .file = take_fd(&file), .groups = take_ptr(expected)};
	return 0;
}

static int note_process(const struct noting *noting, pid_t pid, unsigned depth);

static int note_children(const struct noting *noting, pid_t pid, pid_t tid,
			 unsigned depth)
{
	struct noting below = *noting;
	char path[64];
	cleanup(file) FILE *children = NULL;
	int child, rc = 0;

	if (!below.expected) /* the first one noted is the agent itself */
		below.expected = noting->to->list[0].groups;
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, tid);
	children = depth ? fopen(path, "re") : NULL;
	while (!rc && children && fscanf(children, "%d", &child) == 1)
		rc = note_process(&below, child, depth - 1);
	return rc;
}

static int note_process(const struct noting *noting, pid_t pid, unsigned depth)
{
	char path[64];
	cleanup(dir) DIR *tasks = NULL;
	const struct dirent *entry;
	int rc = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (!rc && tasks && (entry = readdir(tasks))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid <= 0)
			continue;
		rc = note_thread(noting, pid, tid);
		if (!rc && noting->to->nr)
			rc = note_children(noting, pid, tid, depth);
	}
	return rc;
}

int membership_note(struct membership *membership, pid_t pid, struct err *err)
{
	const struct noting noting = {.to = membership, .err = err};
	int rc;

	if (!pid)
		return 0;
	forget_ended(membership);
	/* first of all its main thread, which stands for the others below it */
	rc = note_thread(&noting, pid, pid);
	if (!rc && !is_noted(membership, pid))
		rc = err_fail(err, ESRCH, "the agent is gone");
	return rc ? rc : note_process(&noting, pid, DEPTH_MAX);
}

/* Both texts from the first line in which they differ, the line's end cut off. */
static void first_difference(const char **was, const char **is)
{
	for (;;) {
		size_t length = strcspn(*was, "\n");

		if (length != strcspn(*is, "\n") || strncmp(*was, *is, length) != 0 ||
		    !(*was)[length])
			return;
		*was += length + 1;
		*is += length + 1;
	}
}

static void tell(const struct member *member, const char *is, char *why, size_t size)
{
	const char *was = member->groups;

	first_difference(&was, &is);
	(void)snprintf(why, size, "process %d went from %.*s to %.*s", member->tid,
		       (int)strcspn(was, "\n"), was, (int)strcspn(is, "\n"), is);
}

bool membership_holds(const struct membership *membership, char *why, size_t size)
{
	char groups[GROUPS_MAX];

	for (size_t i = 0; i < membership->nr; i++) {
		const struct member *member = &membership->list[i];

		if (!read_groups(member->file, groups) ||
		    !strcmp(groups, member->groups) || !is_alive(member->tid))
			continue;
		tell(member, groups, why, size);
		return false;
	}
	return true;
}
