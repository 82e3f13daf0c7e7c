/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ending a container.  Its agent ends when the stream is closed, its monitor ends with
 * it and removes the groups; every step has a deadline and is forced behind it.
 */
#include "drivers/lxc_instance.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

#define LEAVE_MS 300 /* for an agent whose stream was closed */
#define KILLED_MS                                                            \
	10000 /* for a process that was killed: it may sit in a disk request \
	       */

/* Takes the monitor's exit status in; false: it still runs after the time. */
static bool monitor_ended(struct instance *instance, int timeout_ms)
{
	struct pollfd wait = {.fd = instance->monitor_fd, .events = POLLIN};

	if (!instance->monitor)
		return true;
	if (instance->monitor_fd >= 0 && poll(&wait, 1, timeout_ms) <= 0)
		return false;
	if (waitpid(instance->monitor, NULL, instance->monitor_fd < 0 ? 0 : WNOHANG) == 0)
		return false;
	instance->monitor = 0;
	return true;
}

/* By pidfd, so that a number that was taken by somebody else is never hit. */
static void kill_by_fd(int pidfd)
{
	if (pidfd >= 0)
		(void)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

int lxc_end_processes(struct instance *instance, struct err *err)
{
	if (monitor_ended(instance, LEAVE_MS))
		return 0;
	kill_by_fd(instance->init_fd);
	if (instance->init_fd >= 0 && monitor_ended(instance, KILLED_MS))
		return 0;
	/* the kernel ends the container with it (lxc.monitor.signal.pdeath) */
	kill_by_fd(instance->monitor_fd);
	if (monitor_ended(instance, KILLED_MS))
		return 0;
	return err_fail(err, EBUSY, "the container's monitor (pid %d) does not end",
			(int)instance->monitor);
}
