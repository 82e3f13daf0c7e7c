/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes: fork and wait; start a program and wait. */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define CHILD_STATUS 7 /* of a forked child, so that it is known to have run */

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

static int await(pid_t pid, int expected, char *why)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return kernel_fail(errno, why, "cannot wait for a child: %s",
					   strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
		return kernel_fail(EBADMSG, why, "a child ended with status 0x%x",
				   (unsigned)status);
	return 0;
}

static int fork_one(char *why)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(CHILD_STATUS);
	if (pid < 0)
		return kernel_fail(errno, why, "cannot fork: %s", strerror(errno));
	return await(pid, CHILD_STATUS, why);
}

static int exec_one(char *why)
{
	static char name[] = "agent", option[] = "--true";
	static char *const argv[] = {name, option, NULL};
	pid_t pid;
	int rc = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ);

	if (rc)
		return kernel_fail(rc, why, "cannot start a program: %s", strerror(rc));
	return await(pid, 0, why);
}

static int fork_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	int rc = 0;

	(void)state;
	for (uint64_t i = 0; !rc && i < ops; i++)
		rc = fork_one(why);
	*checksum += ops;
	return rc;
}

static int exec_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	int rc = 0;

	(void)state;
	for (uint64_t i = 0; !rc && i < ops; i++)
		rc = exec_one(why);
	*checksum += ops;
	return rc;
}

static const struct workload_native fork_native = {.open = plain_open,
						   .run = fork_run,
						   .close = plain_close,
						   .counts_children = true};

static const struct workload_native exec_native = {.open = plain_open,
						   .run = exec_run,
						   .close = plain_close,
						   .counts_children = true};

const struct workload workload_fork = {
	.name = "fork",
	.summary = "fork(2), _exit, wait",
	.operation = "one child",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_OBJECT,
	.native = &fork_native,
};

const struct workload workload_exec = {
	.name = "exec",
	.summary = "posix_spawn of a small static program (vfork and exec), wait",
	.operation = "one program run",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_OBJECT,
	.native = &exec_native,
};
