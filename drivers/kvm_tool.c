/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same guest by hand: one qemu-system-x86_64 with -kernel, no libvirt.  Same machine,
 * CPU, memory, kernel, initrd and agent channel; no disk, which a start does not need.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
#include "drivers/kvm_conn.h"
#include "drivers/kvm_plan.h"
#include "drivers/kvm_probe.h"
#include "drivers/kvm_proc.h"

#define QEMU "qemu-system-x86_64"
#define AGENT_FD 3
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

static void pin(const struct spec *spec)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (size_t i = 0; i < spec->cpu_nr; i++)
		CPU_SET(spec->cpus[i], &set);
	CPU_SET(spec->service_cpu, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

static _Noreturn void be_qemu(const struct instance *instance, pid_t parent, int channel)
{
	const struct kvm_domain *domain = &instance->plan.domain;
	char memory[32], cpus[16], id[128];
	const char *argv[] = {QEMU,
			      "-name",
			      domain->name,
			      "-no-user-config",
			      "-nodefaults",
			      "-machine",
			      domain->hardware ? "pc,accel=kvm,usb=off"
					       : "pc,accel=tcg,usb=off",
			      "-cpu",
			      domain->hardware ? "host" : domain->cpu_model,
			      "-m",
			      memory,
			      "-smp",
			      cpus,
			      "-no-hpet",
			      "-display",
			      "none",
			      "-no-reboot",
			      "-serial",
			      "null",
			      "-kernel",
			      domain->kernel,
			      "-initrd",
			      domain->initrd,
			      "-append",
			      domain->command_line,
			      "-device",
			      "virtio-serial-pci",
			      "-chardev",
			      "socket,id=agent,fd=3",
			      "-device",
			      "virtserialport,chardev=agent,name=tare.agent",
			      NULL};
	int null = open("/dev/null", O_RDWR);

	(void)snprintf(memory, sizeof(memory), "%lluM",
		       (unsigned long long)(domain->memory_bytes >> 20));
	(void)snprintf(cpus, sizeof(cpus), "%zu", domain->cpu_nr);
	(void)snprintf(id, sizeof(id), "%s", instance->spec.id); /* LAUNCH_ID */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent || null < 0)
		_exit(127);
	(void)setsid();
	pin(&instance->spec);
	(void)setenv("TARE_ID", id, 1);
	channel = fcntl(channel, F_DUPFD, 10);
	for (int fd = 0; fd < AGENT_FD; fd++)
		(void)dup2(null, fd);
	if (dup2(channel, AGENT_FD) < 0)
		_exit(127);
	(void)syscall(SYS_close_range, AGENT_FD + 1, ~0u, 0);
	execvp(QEMU, (char *const *)argv);
	_exit(127);
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
		return err_fail(err, ECONNABORTED, QEMU " ended before its guest spoke");
	}
	return err_fail(err, ETIMEDOUT, "the guest said nothing in time");
}

static int tool_start(struct instance *instance, struct start *ret, struct err *err)
{
	struct start start = {.phase_nr = 2, .emulated = !instance->plan.domain.hardware};
	pid_t parent = getpid();
	int pair[2], rc;

	start.phases[0].name = "preparation";
	start.phases[0].end_ns = clock_now_ns();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return err_fail(err, errno, "cannot make a channel: %m");
	cleanup(fd) int channel = pair[0];

	instance->pid = fork();
	if (instance->pid == 0)
		be_qemu(instance, parent, pair[1]);
	(void)close(pair[1]);
	if (instance->pid < 0)
		return err_fail(err, errno, "cannot fork: %m");
	rc = await_hello(instance, channel, err);
	if (rc)
		return rc;
	start.phases[1].name = "guest boot";
	start.phases[1].end_ns = clock_now_ns();
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
	return kvm_proc_account(instance->pid, ret)
		       ? err_fail(err, ESRCH, QEMU " is gone")
		       : 0;
}

static int tool_stop(struct instance *instance, struct err *err)
{
	(void)err;
	launch_end(instance->pid, END_NS);
	instance->pid = 0;
	return 0;
}

const struct driver driver_kvm_tool = {
	.name = "qemu",
	.summary = "the same guest by qemu-system-x86_64 -kernel, without libvirt",
	.paths = paths,
	.open = tool_open,
	.start = tool_start,
	.observe = tool_observe,
	.account = tool_account,
	.stop = tool_stop,
	.close = tool_close,
};
