/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a launched agent: its cost, its pauses, its end. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/account.h"
#include "bench/host/launch.h"
#include "bench/host/process.h"

#define CHILDREN_MAX 64
#define DEPTH_MAX 4 /* runtime, first process, agent, worker, what it forks */

struct walk {
	void (*visit)(pid_t pid, void *data);
	void *data;
	bool children_first;
};

/* Visits a process and its descendants, as far as they are alive. */
static void each_below(pid_t pid, unsigned depth, const struct walk *walk)
{
	char path[96];
	cleanup(file) FILE *file = NULL;
	int child, nr = 0;

	if (!walk->children_first)
		walk->visit(pid, walk->data);
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	file = depth ? fopen(path, "re") : NULL;
	while (file && nr++ < CHILDREN_MAX && fscanf(file, "%d", &child) == 1)
		each_below(child, depth - 1, walk);
	if (walk->children_first)
		walk->visit(pid, walk->data);
}

static void each(pid_t pid, void (*visit)(pid_t pid, void *data), void *data)
{
	const struct walk walk = {.visit = visit, .data = data};

	each_below(pid, DEPTH_MAX, &walk);
}

static void send_signal(pid_t pid, void *data)
{
	(void)kill(pid, *(int *)data);
}

int launch_signal(pid_t pid, int signal, struct err *err)
{
	if (pid <= 0 || kill(pid, 0))
		return err_fail(err, ESRCH, "the agent is gone");
	each(pid, send_signal, &signal);
	return 0;
}

/* Children first: those of a process that died are nobody's any more. */
static void kill_all(pid_t pid)
{
	int stop = SIGSTOP, end = SIGKILL;
	const struct walk walk = {
		.visit = send_signal, .data = &end, .children_first = true};

	each(pid, send_signal, &stop); /* or they go on forking */
	each_below(pid, DEPTH_MAX, &walk);
}

void launch_end(pid_t pid, unsigned long long timeout_ns)
{
	struct pollfd ended = {.events = POLLIN};

	if (pid <= 0)
		return;
	ended.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (ended.fd < 0 || poll(&ended, 1, (int)(timeout_ns / NS_PER_MS)) <= 0)
		kill_all(pid);
	if (ended.fd >= 0)
		(void)close(ended.fd);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static uint64_t read_cpu_ns(pid_t pid)
{
	struct process process;

	return process_read(pid, &process) ? 0 : process.cpu_ns;
}

/* The number behind "key:" in a file of /proc/PID, 0 when there is none. */
static uint64_t read_number(pid_t pid, const char *name, const char *key)
{
	char path[64], line[256];
	cleanup(file) FILE *file = NULL;
	uint64_t value = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)) &&
		    sscanf(line + strlen(key), ": %" SCNu64, &value) == 1)
			return value;
	return 0;
}

struct sum {
	struct account *account;
	pid_t agent;
};

static void add_process(pid_t pid, void *data)
{
	const struct sum *sum = data;
	struct account *account = sum->account;

	account->cpu_ns += read_cpu_ns(pid);
	account->voluntary += read_number(pid, "status", "voluntary_ctxt_switches");
	account->involuntary += read_number(pid, "status", "nonvoluntary_ctxt_switches");
	account_add_process(account, pid == sum->agent ? "agent" : "worker", pid);
	account->read_bytes += read_number(pid, "io", "read_bytes");
	account->write_bytes += read_number(pid, "io", "write_bytes");
}

void launch_account(pid_t pid, struct account *ret)
{
	struct sum sum = {.account = ret, .agent = pid};

	*ret = (struct account){.exits = UINT64_MAX,
				.io_exits = UINT64_MAX,
				.mmio_exits = UINT64_MAX,
				.halt_exits = UINT64_MAX,
				.injections = UINT64_MAX};
	each(pid, add_process, &sum);
}
