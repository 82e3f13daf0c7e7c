/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What outlives a killed harness on the host's own kernel: the agent dies with its
 * parent and its worker with the agent, but fio, which the agent started, runs on.  All
 * of them carry the instance's id in their environment.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"
#include "bench/host/owner.h"
#include "drivers/native.h"

#define END_MS 2000
#define TEXT_MAX 4096 /* an environment longer than this is none that we made */

static size_t read_proc(const char *pid, const char *name, char text[static TEXT_MAX])
{
	char path[64];
	cleanup(fd) int fd = -1;
	ssize_t got;

	(void)snprintf(path, sizeof(path), "/proc/%.16s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? 0 : read(fd, text, TEXT_MAX - 1);
	text[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

/* Root's own, in our environment, of an owner that is gone. What sits in a group of ours
 * may be frozen, and goes with the group. */
static bool is_orphan(const char *pid)
{
	char path[64], text[TEXT_MAX];
	struct stat info;
	size_t length, name = strlen(LAUNCH_ID);
	bool dead = false;

	(void)snprintf(path, sizeof(path), "/proc/%.16s", pid);
	if (stat(path, &info) || info.st_uid != geteuid())
		return false;
	length = read_proc(pid, "environ", text);
	for (size_t at = 0; at < length; at += strlen(text + at) + 1)
		if (!strncmp(text + at, LAUNCH_ID, name))
			dead = owner_is_dead(text + at + name);
	if (!dead)
		return false;
	(void)read_proc(pid, "cgroup", text);
	return !strstr(text, "/" OWNER_PREFIX);
}

/* The pidfd is opened before the last look: the number may be another's by then. */
static bool end_orphan(const char *pid)
{
	cleanup(fd) int fd =
		(int)syscall(SYS_pidfd_open, (pid_t)strtol(pid, NULL, 10), 0);
	struct pollfd ended = {.fd = fd, .events = POLLIN};

	if (fd < 0 || !is_orphan(pid) ||
	    syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0))
		return false;
	return poll(&ended, 1, END_MS) == 1;
}

size_t native_reap(void)
{
	cleanup(dir) DIR *proc = opendir("/proc");
	const struct dirent *entry;
	size_t removed = 0;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) && is_orphan(entry->d_name))
			removed += end_orphan(entry->d_name);
	return removed;
}
