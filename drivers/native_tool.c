/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ceiling of every start: fork and exec of the agent on this host, with no tree, no
 * namespace and no group of its own.  Nothing that isolates can be faster.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"
#include "drivers/native.h"

#define AGENT_FD 3

struct instance {
	const struct spec *spec;
	char agent[PATH_MAX];
	pid_t pid;
	uint64_t cpu_ns;
};

static const struct path_def paths[] = {{"host", "this host's own tree"}, {0}};

static int tool_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	struct instance *instance = calloc(1, sizeof(*instance));

	if (!instance)
		return err_fail(err, ENOMEM, "no memory for an instance");
	instance->spec = spec;
	(void)snprintf(instance->agent, sizeof(instance->agent), "%s/agent",
		       spec->image->root);
	*ret = instance;
	return 0;
}

static _Noreturn void be_agent(const struct instance *instance, pid_t parent, int channel)
{
	char name[] = "agent", option[] = "--fd", fd_text[] = "3", id[128];
	char *const argv[] = {name, option, fd_text, NULL};
	char *const environment[] = {id, NULL};
	cpu_set_t set;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(127);
	(void)setsid();
	CPU_ZERO(&set);
	for (size_t i = 0; i < instance->spec->cpu_nr; i++)
		CPU_SET(instance->spec->cpus[i], &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
	(void)snprintf(id, sizeof(id), LAUNCH_ID "%s", instance->spec->id);
	if (channel == AGENT_FD)
		(void)fcntl(AGENT_FD, F_SETFD, 0);
	else if (dup2(channel, AGENT_FD) < 0)
		_exit(127);
	(void)syscall(SYS_close_range, AGENT_FD + 1, ~0u, 0);
	execve(instance->agent, argv, environment);
	_exit(127);
}

static int tool_start(struct instance *instance, struct start *ret, struct err *err)
{
	pid_t parent = getpid();
	int pair[2];

	*ret = (struct start){.channel = -1, .phase_nr = 2};
	ret->phases[0].name = "preparation";
	ret->phases[0].end_ns = clock_now_ns();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return err_fail(err, errno, "cannot make a channel: %m");
	instance->pid = fork();
	if (instance->pid == 0)
		be_agent(instance, parent, pair[1]);
	(void)close(pair[1]);
	ret->channel = pair[0];
	ret->pid = instance->pid;
	ret->phases[1].name = "fork";
	ret->phases[1].end_ns = clock_now_ns();
	if (instance->pid < 0) {
		(void)close(pair[0]);
		return err_fail(err, errno, "cannot fork: %m");
	}
	return 0;
}

static int tool_observe(struct instance *instance, struct facts *into, struct err *err)
{
	if (native_observe_affinity(instance->pid, instance->spec, into))
		return err_fail(err, ENOMEM, "no memory for facts");
	return 0;
}

static int tool_account(struct instance *instance, struct account *ret, struct err *err)
{
	(void)err;
	native_account(instance->pid, &instance->cpu_ns, ret);
	return 0;
}

static int tool_stop(struct instance *instance, struct err *err)
{
	(void)err;
	launch_end(instance->pid, NATIVE_END_NS);
	phase_log_note(instance->spec->ending, "stop");
	instance->pid = 0;
	return 0;
}

static void tool_close(struct instance *instance)
{
	if (!instance)
		return;
	launch_end(instance->pid, 0);
	free(instance);
}

const struct driver driver_bare_tool = {
	.name = "fork+exec",
	.summary = "fork and exec and nothing else: no start can be faster",
	.paths = paths,
	.open = tool_open,
	.start = tool_start,
	.observe = tool_observe,
	.account = tool_account,
	.stop = tool_stop,
	.close = tool_close,
};
