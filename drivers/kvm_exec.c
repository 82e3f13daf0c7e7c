/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define AGENT_FD 3
#define MONITOR_FD 4
#define ARGUMENTS_MAX 48

struct arguments {
	const char *list[ARGUMENTS_MAX + 1];
	size_t nr;
	char memory[32], cpus[16];
};

static void add(struct arguments *arguments, const char *option, const char *value)
{
	if (arguments->nr + 2 > ARGUMENTS_MAX)
		_exit(127);
	arguments->list[arguments->nr++] = option;
	if (value)
		arguments->list[arguments->nr++] = value;
}

static void add_machine(struct arguments *to, const struct kvm_exec *what)
{
	const struct kvm_domain *domain = what->domain;

	(void)snprintf(to->memory, sizeof(to->memory), "%lluM",
		       (unsigned long long)(domain->memory_bytes >> 20));
	(void)snprintf(to->cpus, sizeof(to->cpus), "%zu", domain->cpu_nr);
	add(to, KVM_QEMU, NULL);
	add(to, "-name", domain->name);
	add(to, "-no-user-config", NULL);
	add(to, "-nodefaults", NULL);
	add(to, "-machine",
	    what->hardware ? "pc,accel=kvm,usb=off" : "pc,accel=tcg,usb=off");
	add(to, "-cpu", domain->hardware ? "host" : domain->cpu_model);
	add(to, "-m", to->memory);
	add(to, "-smp", to->cpus);
	add(to, "-no-hpet", NULL);
	add(to, "-display", "none");
	add(to, "-no-reboot", NULL);
	add(to, "-serial", "null");
}

static void add_rest(struct arguments *to, const struct kvm_exec *what)
{
	add(to, "-kernel", what->domain->kernel);
	add(to, "-initrd", what->domain->initrd);
	add(to, "-append", what->domain->command_line);
	add(to, "-device", "virtio-serial-pci");
	add(to, "-chardev", "socket,id=agent,fd=3");
	add(to, "-device", "virtserialport,chardev=agent,name=tare.agent");
	if (what->monitor < 0)
		return;
	add(to, "-S", NULL);
	add(to, "-chardev", "socket,id=monitor,fd=4");
	add(to, "-mon", "chardev=monitor,mode=control");
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

/* Nothing but these is handed on. */
static void arrange_files(const struct kvm_exec *what)
{
	int null = open("/dev/null", O_RDWR);
	int channel = fcntl(what->channel, F_DUPFD, 10);
	int monitor = what->monitor < 0 ? null : fcntl(what->monitor, F_DUPFD, 10);

	for (int fd = 0; fd < AGENT_FD; fd++)
		(void)dup2(null, fd);
	if (dup2(channel, AGENT_FD) < 0 || dup2(monitor, MONITOR_FD) < 0)
		_exit(127);
	(void)syscall(SYS_close_range, MONITOR_FD + 1, ~0u, 0);
}

static _Noreturn void be_qemu(const struct kvm_exec *what, pid_t parent)
{
	struct arguments arguments = {.nr = 0};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(127);
	(void)setsid();
	add_machine(&arguments, what);
	add_rest(&arguments, what);
	pin(what->spec);
	(void)setenv("TARE_ID", what->spec->id, 1); /* LAUNCH_ID */
	arrange_files(what);
	execvp(KVM_QEMU, (char *const *)arguments.list);
	_exit(127);
}

pid_t kvm_exec(const struct kvm_exec *what, struct err *err)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return err_fail(err, errno, "cannot fork: %m");
	if (pid == 0)
		be_qemu(what, parent);
	return pid;
}
