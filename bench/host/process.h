/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PROCESS_H
#define TARE_PROCESS_H

/* What /proc/PID/stat says of a process or a thread (proc(5)). */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
	bool ended; /* and not waited for yet: it holds nothing any more */
	pid_t parent;
	uint64_t cpu_ns; /* its own and that of children it has waited for, in ticks of
			    the clock */
	uint64_t start_ticks; /* since boot: together with the pid, its identity */
};

/* -ESRCH: there is none; -EPROTO: the kernel says something else; or -errno. */
int process_read(pid_t pid, struct process *ret);

#endif
