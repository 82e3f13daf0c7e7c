/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernel objects, each made and given back at once: what a memory cgroup charges by the
 * object. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define PATH_ROOM 64

/* A folder with one file in it, in memory wherever /tmp is. */
struct part {
	char dir[PATH_ROOM], file[PATH_ROOM], inner[PATH_ROOM];
};

static void part_close(void *state)
{
	struct part *part = state;

	if (!part)
		return;
	(void)unlink(part->file);
	(void)rmdir(part->inner);
	(void)rmdir(part->dir);
	free(part);
}

static int make_folder(struct part *part, char *why)
{
	int fd;

	(void)snprintf(part->dir, sizeof(part->dir), "/tmp/tare-XXXXXX");
	if (!mkdtemp(part->dir))
		return kernel_fail(EOPNOTSUPP, why, "cannot make a folder in /tmp: %s",
				   strerror(errno));
	(void)snprintf(part->file, sizeof(part->file), "%.32s/file", part->dir);
	(void)snprintf(part->inner, sizeof(part->inner), "%.32s/inner", part->dir);
	fd = open(part->file, O_CREAT | O_EXCL | O_CLOEXEC | O_WRONLY, 0600);
	if (fd < 0)
		return kernel_fail(errno, why, "cannot make a file in /tmp: %s",
				   strerror(errno));
	(void)close(fd);
	return 0;
}

static int part_open(const struct workload_setup *setup, uint32_t thread, void **ret,
		     char *why)
{
	struct part *part = calloc(1, sizeof(*part));
	int rc;

	(void)setup;
	(void)thread;
	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	rc = make_folder(part, why);
	if (rc)
		part_close(part);
	else
		*ret = part;
	return rc;
}

/* Each of these makes one object and gives it back: 0 or -errno. */

static int give_back(int fd)
{
	return fd < 0 || close(fd) ? -errno : 0;
}

static int give_back_pair(int failed, const int *pair)
{
	if (failed)
		return -errno;
	return close(pair[0]) | close(pair[1]) ? -errno : 0;
}

static int once_open_close(const struct part *part)
{
	return give_back(open(part->file, O_RDONLY | O_CLOEXEC));
}

static int once_stat(const struct part *part)
{
	struct stat info;

	return stat(part->file, &info) ? -errno : 0;
}

static int once_mkdir(const struct part *part)
{
	return mkdir(part->inner, 0700) || rmdir(part->inner) ? -errno : 0;
}

static int once_pipe(const struct part *part)
{
	int pair[2];

	(void)part;
	return give_back_pair(pipe2(pair, O_CLOEXEC), pair);
}

static int once_socketpair(const struct part *part)
{
	int pair[2];

	(void)part;
	return give_back_pair(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair),
			      pair);
}

static int once_eventfd(const struct part *part)
{
	(void)part;
	return give_back(eventfd(0, EFD_CLOEXEC));
}

static int once_epoll(const struct part *part)
{
	(void)part;
	return give_back(epoll_create1(EPOLL_CLOEXEC));
}

static int once_inotify(const struct part *part)
{
	(void)part;
	return give_back(inotify_init1(IN_CLOEXEC));
}

static int repeat(int (*once)(const struct part *part), const struct part *part,
		  uint64_t ops, uint64_t *checksum, char *why)
{
	int rc = 0;

	for (uint64_t i = 0; !rc && i < ops; i++)
		rc = once(part);
	*checksum += ops;
	return rc ? kernel_fail(-rc, why, "cannot make an object: %s", strerror(-rc)) : 0;
}

#define OBJECT(id, text, about, what, charge)                                           \
	static int run_##id(void *part, uint64_t ops, uint64_t *checksum, char *why)    \
	{                                                                               \
		return repeat(once_##id, part, ops, checksum, why);                     \
	}                                                                               \
	static int open_##id(const struct workload_setup *setup, void **state,          \
			     char *why)                                                 \
	{                                                                               \
		static const struct kernel_part kind = {                                \
			.open = part_open, .run = run_##id, .close = part_close};       \
                                                                                        \
		return kernel_team_open(&kind, setup, state, why);                      \
	}                                                                               \
	static const struct workload_native native_##id = {                             \
		.open = open_##id, .run = kernel_team_run, .close = kernel_team_close}; \
	const struct workload workload_##id = {                                         \
		.name = text,                                                           \
		.summary = about,                                                       \
		.operation = what,                                                      \
		.family = FAMILY_MEMCG,                                                 \
		.metric = METRIC_CPU_TIME,                                              \
		.charges = charge,                                                      \
		.native = &native_##id,                                                 \
	}

OBJECT(open_close, "open-close", "open(2) and close(2) of a file in memory",
       "one file opened and closed", CHARGE_OBJECT);
OBJECT(stat, "stat", "stat(2) of a file in memory", "one file asked for", CHARGE_NONE);
OBJECT(mkdir, "mkdir", "mkdir(2) and rmdir(2) in memory", "one folder made and removed",
       CHARGE_OBJECT);
OBJECT(pipe, "pipe", "pipe(2) and close(2) of both ends", "one pipe", CHARGE_OBJECT);
OBJECT(socketpair, "socketpair", "socketpair(2) and close(2) of both ends",
       "one pair of sockets", CHARGE_OBJECT);
OBJECT(eventfd, "eventfd", "eventfd(2) and close(2)", "one descriptor", CHARGE_OBJECT);
OBJECT(epoll, "epoll", "epoll_create1(2) and close(2)", "one descriptor", CHARGE_OBJECT);
OBJECT(inotify, "inotify", "inotify_init1(2) and close(2)", "one descriptor",
       CHARGE_OBJECT);
