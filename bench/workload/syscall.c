/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest system call that libc and vDSO never answer by themselves. */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

static int part_open(const struct workload_setup *setup, uint32_t thread, void **part,
		     char *why)
{
	(void)setup;
	(void)thread;
	(void)why;
	*part = NULL;
	return 0;
}

static int part_run(void *part, uint64_t ops, uint64_t *checksum, char *why)
{
	long parent = syscall(SYS_getppid);

	(void)part;
	for (uint64_t i = 0; i < ops; i++)
		if (syscall(SYS_getppid) != parent)
			return kernel_fail(EBADMSG, why, "the parent changed");
	*checksum += ops;
	return 0;
}

static void part_close(void *part)
{
	(void)part;
}

static const struct kernel_part part_kind = {
	.open = part_open, .run = part_run, .close = part_close};

static int syscall_open(const struct workload_setup *setup, void **state, char *why)
{
	return kernel_team_open(&part_kind, setup, state, why);
}

static const struct workload_native native = {
	.open = syscall_open, .run = kernel_team_run, .close = kernel_team_close};

const struct workload workload_syscall = {
	.name = "syscall",
	.summary = "getppid(2): entry to the kernel and back",
	.operation = "one system call",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.native = &native,
};
