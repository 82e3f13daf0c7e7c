/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_LAUNCH_H
#define TARE_LAUNCH_H

/*
 * Starts the agent on this host's own kernel: in the shared tree by chroot, inside a
 * mount namespace of its own, so that nothing is left when it dies, however it dies.
 */
#include <stddef.h>
#include <sys/types.h>

#include "drivers/driver.h"

/* In the environment of the agent and of all that it starts: "TARE_ID=<spec->id>". */
#define LAUNCH_ID "TARE_ID="

struct launch {
	const struct spec *spec;
	/* cgroup.procs files to join, in order. The child joins and then forks again, so
	 * that its task and page tables are charged to the group. */
	const char *const *procs;
	size_t procs_nr;
};
/* When the steps of a launch ended: host CLOCK_MONOTONIC. */
struct launch_times {
	uint64_t joined_ns, namespace_ns, tree_ns, executed_ns;
};
struct launched {
	pid_t pid;   /* a child of this process: to be waited for */
	int channel; /* close-on-exec */
	struct launch_times times;
};
int launch_agent(const struct launch *launch, struct launched *ret, struct err *err);
/* Adds these steps to the phases of a start. */
void launch_note(const struct launch_times *times, struct start *start);

/* Ends a launched agent: it ends by itself when its channel is closed; killed after
 * timeout_ns. Waits for it; pid ≤ 0 is fine. */
void launch_end(pid_t pid, unsigned long long timeout_ns);
/* SIGSTOP or SIGCONT to the agent and its descendants. */
int launch_signal(pid_t pid, int signal, struct err *err);
/* CPU time, context switches and PSS of the agent, its descendants and those that were
 * waited for. */
void launch_account(pid_t pid, struct account *ret);

#endif
