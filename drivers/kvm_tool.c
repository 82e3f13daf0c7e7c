/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same guest by hand: one qemu-system-x86_64 with -kernel, no libvirt. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"
#include "drivers/kvm_conn.h"
#include "drivers/kvm_exec.h"
#include "drivers/kvm_plan.h"
#include "drivers/kvm_probe.h"
#include "drivers/kvm_proc.h"

#define END_NS (3 * NS_PER_S)

extern const struct driver driver_kvm_tool;

struct instance {
	struct spec spec;
	struct kvm_plan plan;
	pid_t pid;
};

static const struct path_def paths[] = {{"none", "no disk"}, {0}};

static void tool_close(struct instance *instance)
{
	if (!instance)
		return;
	launch_end(instance->pid, 0);
	kvm_plan_release(&instance->plan);
	free(instance);
}
CLEANUP_DEFINE(instance, struct instance *, tool_close)

/* Hardware or not is decided as the driver decides it. */
static int choose(const struct spec *spec, bool *ret, struct err *err)
{
	cleanup(connection) virConnectPtr connection = NULL;
	int rc = kvm_connect(platform_setting(spec->platform, "connection"), &connection,
			     err);

	return rc ? rc : kvm_choose(spec, connection, ret, err);
}

static int tool_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	cleanup(instance) struct instance *instance = calloc(1, sizeof(*instance));
	bool hardware;
	int rc;

	if (!instance)
		return err_fail(err, ENOMEM, "no memory for a guest");
	instance->spec = *spec;
	rc = choose(spec, &hardware, err);
	if (!rc)
		rc = kvm_plan_make(spec, "", hardware, &instance->plan, err);
	if (!rc)
		*ret = take_ptr(instance);
	return rc;
}

/* Until the guest's first word, QEMU's end, or the deadline. */
static int await_hello(const struct instance *instance, int channel, struct err *err)
{
	uint64_t deadline_ns =
		clock_now_ns() +
		strtoull(platform_setting(instance->spec.platform, "boot_deadline_s"),
			 NULL, 10) *
			NS_PER_S;
	char byte;

	while (clock_now_ns() < deadline_ns) {
		struct pollfd entry = {.fd = channel, .events = POLLIN};

		if (instance->spec.stop && *instance->spec.stop)
			return err_fail(err, EINTR, "interrupted");
		if (poll(&entry, 1, 200) <= 0)
			continue;
		if (recv(channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1)
			return 0;
		return err_fail(err, ECONNABORTED,
				KVM_QEMU " ended before its guest spoke");
	}
	return err_fail(err, ETIMEDOUT, "the guest said nothing in time");
}

static int tool_start(struct instance *instance, struct start *ret, struct err *err)
{
	struct start start = {.phase_nr = 2, .emulated = !instance->plan.domain.hardware};
	struct kvm_exec what = {.spec = &instance->spec,
				.domain = &instance->plan.domain,
				.hardware = instance->plan.domain.hardware,
				.monitor = -1};
	int pair[2], rc;

	start.phases[0].name = "preparation";
	start.phases[0].end_ns = clock_now_ns();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return err_fail(err, errno, "cannot make a channel: %m");
	cleanup(fd) int channel = pair[0];

	what.channel = pair[1];
	rc = kvm_exec(&what, err);
	(void)close(pair[1]);
	if (rc < 0)
		return rc;
	instance->pid = rc;
	rc = await_hello(instance, channel, err);
	if (rc)
		return rc;
	start.phases[1].name = "guest boot";
	start.phases[1].end_ns = clock_now_ns();
	start_split(&start, "monitor and firmware");
	start.channel = take_fd(&channel);
	start.pid = instance->pid;
	*ret = start;
	return 0;
}

/* What was asked is on the command line; nothing is read back. */
static int tool_observe(struct instance *instance, struct facts *into, struct err *err)
{
	(void)instance;
	(void)into;
	(void)err;
	return 0;
}

static int tool_account(struct instance *instance, struct account *ret, struct err *err)
{
	return kvm_proc_account(instance->pid, "QEMU", ret)
		       ? err_fail(err, ESRCH, KVM_QEMU " is gone")
		       : 0;
}

static int tool_stop(struct instance *instance, struct err *err)
{
	(void)err;
	launch_end(instance->pid, END_NS);
	phase_log_note(instance->spec.ending, "stop");
	instance->pid = 0;
	return 0;
}

const struct driver driver_kvm_tool = {
	.name = "qemu",
	.summary = "the same guest by qemu-system-x86_64 -kernel, without libvirt",
	.paths = paths,
	.own_kernel = true,
	.open = tool_open,
	.start = tool_start,
	.observe = tool_observe,
	.account = tool_account,
	.stop = tool_stop,
	.close = tool_close,
};
