/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_objects.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/clock.h"

#define FEW 50		/* of what is large */
#define INOTIFY_MOST 50 /* fs.inotify.max_user_instances is 128, and closing waits */

static const struct {
	const char *name;
	uint32_t most, fds; /* descriptors of one */
} objects[OBJECT_NR] = {
	[OBJECT_FILE] = {"file", 4000, 1},
	[OBJECT_PIPE] = {"pipe", 4000, 2},
	[OBJECT_SOCKETPAIR] = {"socketpair", 4000, 2},
	[OBJECT_EVENTFD] = {"eventfd", 4000, 1},
	[OBJECT_EPOLL] = {"epoll", 4000, 1},
	[OBJECT_INOTIFY] = {"inotify", INOTIFY_MOST, 1},
	[OBJECT_TCP] = {"tcp", 4000, 1},
	[OBJECT_UDP] = {"udp", 4000, 1},
	[OBJECT_THREAD] = {"thread", FEW, 0},
	[OBJECT_PROCESS] = {"process", FEW, 0},
};

const char *memcg_object_name(enum memcg_object object)
{
	return objects[object].name;
}

uint32_t memcg_object_most(enum memcg_object object)
{
	return objects[object].most;
}

/* One object by its descriptors (fds[1] -1: it has one); false: no more can be had. */
static bool make(enum memcg_object object, int fds[static 2])
{
	fds[1] = -1;
	switch (object) {
	case OBJECT_FILE:
		return (fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;
	case OBJECT_PIPE:
		return !pipe2(fds, O_CLOEXEC);
	case OBJECT_SOCKETPAIR:
		return !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
	case OBJECT_EVENTFD:
		return (fds[0] = eventfd(0, EFD_CLOEXEC)) >= 0;
	case OBJECT_EPOLL:
		return (fds[0] = epoll_create1(EPOLL_CLOEXEC)) >= 0;
	case OBJECT_INOTIFY:
		return (fds[0] = inotify_init1(IN_CLOEXEC)) >= 0;
	case OBJECT_TCP:
		return (fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0;
	case OBJECT_UDP:
		return (fds[0] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) >= 0;
	default:
		return false;
	}
}

static void give_back(const int fds[static 2])
{
	(void)close(fds[0]);
	if (fds[1] >= 0)
		(void)close(fds[1]);
}

/* A task that sleeps until it is killed; a thread's is one that shares all memory and has
 * the parent's stack, of which it uses nothing: CLONE_VFORK would stop the parent. */
static _Noreturn void sleep_for_ever(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		(void)pause();
}

static unsigned char stacks[FEW][4096] __attribute__((aligned(16)));

static int thread_main(void *argument)
{
	(void)argument;
	sleep_for_ever();
}

static int start_task(enum memcg_object object, uint32_t i)
{
	pid_t pid;

	/* a task of its own kind of sharing: everything but the thread group, so that it
	 * can be ended and waited for */
	if (object == OBJECT_THREAD)
		return clone(thread_main, stacks[i] + sizeof(stacks[i]),
			     CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
	pid = fork();
	if (pid == 0)
		sleep_for_ever();
	return pid;
}

static void drop(struct memcg_objects *held)
{
	while (held->fd_nr)
		(void)close(held->fds[--held->fd_nr]);
	for (uint32_t i = 0; i < held->pid_nr; i++)
		(void)kill(held->pids[i], SIGKILL);
	while (held->pid_nr)
		(void)waitpid(held->pids[--held->pid_nr], NULL, 0);
}

static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool hold_one(struct memcg_objects *held, enum memcg_object object)
{
	int fds[2];

	if (!objects[object].fds) {
		int pid = start_task(object, held->pid_nr);

		if (pid > 0)
			held->pids[held->pid_nr++] = pid;
		return pid > 0;
	}
	if (held->fd_nr + 2 > MEMCG_FDS_MAX || !make(object, fds))
		return false;
	held->fds[held->fd_nr++] = fds[0];
	if (fds[1] >= 0)
		held->fds[held->fd_nr++] = fds[1];
	return true;
}

int memcg_objects_hold(struct memcg_objects *held, uint64_t object, uint64_t nr,
		       uint64_t *ret)
{
	if (object >= OBJECT_NR || nr > objects[object].most)
		return EINVAL;
	drop(held);
	allow_descriptors();
	for (*ret = 0; *ret < nr; ++*ret)
		if (!hold_one(held, (enum memcg_object)object))
			break;
	return 0;
}

static uint64_t cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

int memcg_objects_repeat(uint64_t object, uint64_t nr, uint64_t *ret)
{
	uint64_t begin_ns;
	int fds[2];

	if (object >= OBJECT_NR || !objects[object].fds)
		return ENOTSUP;
	begin_ns = cpu_ns();
	for (uint64_t i = 0; i < nr; i++) {
		if (!make((enum memcg_object)object, fds))
			return errno;
		give_back(fds);
	}
	*ret = cpu_ns() - begin_ns;
	return 0;
}
