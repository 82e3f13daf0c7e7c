/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * QEMU answers its monitor from its main loop, and enters that when all is set up; with
 * -S the guest's CPUs have not run until then.  So the time from the fork to the answer
 * of a command is what comes before a guest's first instruction.
 */
#include "drivers/kvm_set_up.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"
#include "drivers/kvm_exec.h"
#include "drivers/kvm_plan.h"

#define DEADLINE_NS (30 * NS_PER_S)
#define SAID_MAX 4096 /* a greeting has some 150 bytes */

CLEANUP_DEFINE(plan, struct kvm_plan *, kvm_plan_release)

/* Both ends of the agent's stream and of the monitor: ours first. */
struct ends {
	int channel[2], monitor[2];
};

static void cleanup_ends(struct ends *ends)
{
	for (int i = 0; i < 2; i++) {
		cleanup_fd(&ends->channel[i]);
		cleanup_fd(&ends->monitor[i]);
	}
}

static void close_theirs(struct ends *ends)
{
	(void)close(take_fd(&ends->channel[1]));
	(void)close(take_fd(&ends->monitor[1]));
}

int kvm_set_up_answer(const char *said)
{
	if (strstr(said, "\"error\":"))
		return -EPROTO;
	return strstr(said, "\"return\":") != NULL;
}

/* Appends what there is to `said`, a text. */
static int hear(int monitor, char said[static SAID_MAX], struct err *err)
{
	struct pollfd entry = {.fd = monitor, .events = POLLIN};
	size_t length = strlen(said);
	ssize_t got;
	int rc;

	if (poll(&entry, 1, 100) <= 0)
		return 0;
	got = read(monitor, said + length, SAID_MAX - 1 - length);
	if (got <= 0)
		return err_fail(err, ECONNABORTED,
				KVM_QEMU " ended before its monitor answered");
	said[length + (size_t)got] = '\0';
	rc = kvm_set_up_answer(said);
	return rc < 0 ? err_fail(err, -rc, KVM_QEMU "'s monitor refused") : rc;
}

static int await_answer(const struct spec *spec, int monitor, struct err *err)
{
	static const char command[] = "{\"execute\":\"qmp_capabilities\"}\n";
	uint64_t end_ns = clock_now_ns() + DEADLINE_NS;
	char said[SAID_MAX] = "";
	int rc = 0;

	if (send(monitor, command, sizeof(command) - 1, MSG_NOSIGNAL) < 0)
		return err_fail(err, errno, "cannot speak to " KVM_QEMU ": %m");
	while (!rc && clock_now_ns() < end_ns)
		rc = spec->stop && *spec->stop ? err_fail(err, EINTR, "interrupted")
					       : hear(monitor, said, err);
	if (!rc)
		rc = err_fail(err, ETIMEDOUT, KVM_QEMU "'s monitor does not answer");
	return rc < 0 ? rc : 0;
}

static int measure(const struct spec *spec, const struct kvm_domain *domain,
		   bool hardware, uint64_t *ret_ns, struct err *err)
{
	cleanup(ends) struct ends ends = {{-1, -1}, {-1, -1}};
	uint64_t begin_ns = clock_now_ns(), wall_ns;
	struct kvm_exec what = {.spec = spec, .domain = domain, .hardware = hardware};
	pid_t pid;
	int rc;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.channel) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.monitor))
		return err_fail(err, errno, "cannot make a stream: %m");
	what.channel = ends.channel[1];
	what.monitor = ends.monitor[1];
	pid = kvm_exec(&what, err);
	if (pid < 0)
		return (int)pid;
	close_theirs(&ends); /* QEMU's alone: its end is seen here */
	rc = await_answer(spec, ends.monitor[0], err);
	wall_ns = clock_now_ns() - begin_ns;
	launch_end(pid, 0);
	if (!rc)
		*ret_ns = wall_ns;
	return rc;
}

int kvm_set_up(const struct spec *spec, bool hardware, uint64_t *ret_ns, struct err *err)
{
	struct kvm_plan fresh = {0};
	cleanup(plan) struct kvm_plan *plan = &fresh;
	int rc;

	if (hardware && access("/dev/kvm", R_OK | W_OK))
		return err_fail(err, ENOTSUP, "cannot use /dev/kvm: %m");
	/* The CPU is the emulated guest's: both ways differ in the accelerator alone. */
	rc = kvm_plan_make(spec, "", false, plan, err);
	return rc ? rc : measure(spec, &plan->domain, hardware, ret_ns, err);
}
