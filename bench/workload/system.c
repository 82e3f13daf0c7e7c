/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that the kernel does: system calls, context switches, processes. */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"

extern char **environ;

static int plain_open(const struct workload_setup *setup, void **state, char *why)
{
	*state = NULL;
	return kernel_single(setup, why);
}

static void plain_close(void *state)
{
	(void)state;
}

/* --- syscall: the cheapest call that is never answered without the kernel --- */

static int syscall_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	long parent = syscall(SYS_getppid);

	(void)state;
	for (uint64_t i = 0; i < ops; i++)
		if (syscall(SYS_getppid) != parent)
			return kernel_fail(EBADMSG, why, "the parent changed");
	*checksum += ops;
	return 0;
}

static const struct workload_native syscall_native = {
	.open = plain_open, .run = syscall_run, .close = plain_close};

const struct workload workload_syscall = {
	.name = "syscall",
	.summary = "getppid(2): entry to the kernel and back",
	.operation = "one system call",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &syscall_native,
};

/* --- ctxswitch: two threads on one CPU wake each other in turn --- */

struct ctxswitch {
	_Atomic uint32_t turn; /* 0: the caller's, 1: the partner's */
	atomic_bool leaving;
	pthread_t partner;
};

static void futex(_Atomic uint32_t *word, int operation, uint32_t value)
{
	(void)syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL,
		      0);
}

static void hand_over(struct ctxswitch *state, uint32_t to)
{
	atomic_store(&state->turn, to);
	futex(&state->turn, FUTEX_WAKE, 1);
}

static void wait_turn(struct ctxswitch *state, uint32_t mine)
{
	while (atomic_load(&state->turn) != mine)
		futex(&state->turn, FUTEX_WAIT, !mine);
}

static void *partner(void *argument)
{
	struct ctxswitch *state = argument;

	for (;;) {
		wait_turn(state, 1);
		if (atomic_load(&state->leaving))
			return NULL;
		hand_over(state, 0);
	}
}

/* On two CPUs the threads would wait for each other instead of switching. */
static int pin_to_one(char *why)
{
	cpu_set_t set, one;

	if (sched_getaffinity(0, sizeof(set), &set))
		return kernel_fail(errno, why, "cannot read the CPU affinity");
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set)) {
			CPU_SET(cpu, &one);
			break;
		}
	if (sched_setaffinity(0, sizeof(one), &one))
		return kernel_fail(errno, why, "cannot stay on one CPU");
	return 0;
}

static int ctxswitch_open(const struct workload_setup *setup, void **ret, char *why)
{
	struct ctxswitch *state;
	int rc = kernel_single(setup, why);

	if (!rc)
		rc = pin_to_one(why);
	if (rc)
		return rc;
	state = calloc(1, sizeof(*state));
	if (!state)
		return kernel_fail(ENOMEM, why, "no memory");
	if (pthread_create(&state->partner, NULL, partner, state)) {
		free(state);
		return kernel_fail(EAGAIN, why, "cannot start a thread");
	}
	*ret = state;
	return 0;
}

static int ctxswitch_run(void *argument, uint64_t ops, uint64_t *checksum, char *why)
{
	struct ctxswitch *state = argument;

	(void)why;
	for (uint64_t i = 0; i < ops; i++) {
		hand_over(state, 1);
		wait_turn(state, 0);
	}
	*checksum += ops;
	return 0;
}

static void ctxswitch_close(void *argument)
{
	struct ctxswitch *state = argument;

	if (!state)
		return;
	atomic_store(&state->leaving, true);
	hand_over(state, 1);
	(void)pthread_join(state->partner, NULL);
	free(state);
}

static const struct workload_native ctxswitch_native = {
	.open = ctxswitch_open, .run = ctxswitch_run, .close = ctxswitch_close};

const struct workload workload_ctxswitch = {
	.name = "ctxswitch",
	.summary = "two threads on one CPU wake each other through a futex",
	.operation = "there and back: two context switches",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &ctxswitch_native,
};

/* --- fork and exec --- */

static int wait_status(pid_t pid, int expected, char *why)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return kernel_fail(errno, why, "cannot wait for a child: %s",
					   strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
		return kernel_fail(EBADMSG, why, "a child ended with status 0x%x",
				   status);
	return 0;
}

static int fork_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	int rc = 0;

	(void)state;
	for (uint64_t i = 0; !rc && i < ops; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(7);
		if (pid < 0)
			return kernel_fail(errno, why, "cannot fork: %s",
					   strerror(errno));
		rc = wait_status(pid, 7, why);
	}
	*checksum += ops;
	return rc;
}

static const struct workload_native fork_native = {.open = plain_open,
						   .run = fork_run,
						   .close = plain_close,
						   .counts_children = true};

const struct workload workload_fork = {
	.name = "fork",
	.summary = "fork(2), _exit, wait",
	.operation = "one child",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &fork_native,
};

static int exec_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	static char name[] = "agent", option[] = "--true";
	static char *const argv[] = {name, option, NULL};
	int rc = 0;

	(void)state;
	for (uint64_t i = 0; !rc && i < ops; i++) {
		pid_t pid;

		rc = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ);
		if (rc)
			return kernel_fail(rc, why, "cannot start a program: %s",
					   strerror(rc));
		rc = wait_status(pid, 0, why);
	}
	*checksum += ops;
	return rc;
}

static const struct workload_native exec_native = {.open = plain_open,
						   .run = exec_run,
						   .close = plain_close,
						   .counts_children = true};

const struct workload workload_exec = {
	.name = "exec",
	.summary = "fork and exec of a small static program, wait",
	.operation = "one program run",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &exec_native,
};
