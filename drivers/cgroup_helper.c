/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/cgroup_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/clock.h"

#define PATH_ROOM 512
#define PAGE_BYTES 4096u
#define BATCH 64u /* pages, and objects */

static void charge_pages(void)
{
	volatile char *memory = mmap(NULL, BATCH * PAGE_BYTES, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return;
	for (size_t at = 0; at < BATCH * PAGE_BYTES; at += PAGE_BYTES)
		memory[at] = 1;
	(void)munmap((void *)memory, BATCH * PAGE_BYTES);
}

static void charge_objects(void)
{
	for (size_t i = 0; i < BATCH; i++)
		(void)close(eventfd(0, EFD_CLOEXEC));
}

static _Noreturn void charge(const char *procs)
{
	int fd = open(procs, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "0", 1) != 1)
		_exit(1);
	(void)close(fd);
	for (;;) {
		charge_pages();
		charge_objects();
	}
}

static _Noreturn void poll_stat(const char *path, unsigned hz)
{
	const struct timespec pause = {.tv_nsec = (long)(NS_PER_S / hz - 1)};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[16384];

	while (fd >= 0 && pread(fd, text, sizeof(text), 0) > 0)
		(void)nanosleep(&pause, NULL);
	_exit(1);
}

/* Holds nothing of the parent's: a lock would be kept until this ends. */
static _Noreturn void be_helper(const struct cgroup_helper *helper, pid_t parent,
				const char *path)
{
	cpu_set_t set;

	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	(void)syscall(SYS_close_range, 3, ~0u, 0);
	CPU_ZERO(&set);
	CPU_SET((unsigned)helper->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(1);
	if (helper->poll_hz)
		poll_stat(path, helper->poll_hz);
	charge(path);
}

pid_t cgroup_helper_start(const struct cgroup_helper *helper)
{
	char path[PATH_ROOM];
	pid_t parent = getpid(), pid;

	if (snprintf(path, sizeof(path), "%s/%s/%s", helper->where->dir, helper->group,
		     helper->poll_hz ? "memory.stat" : "cgroup.procs") >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	pid = fork();
	if (pid == 0)
		be_helper(helper, parent, path);
	return pid < 0 ? -errno : pid;
}
