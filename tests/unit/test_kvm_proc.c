/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_proc.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drivers/kvm_conn.h"
#include "tests/check.h"

/* A shell that calls itself a guest: by its executable it is none, so reap must not
 * touch it. */
static pid_t start_impostor(int *ret_pipe)
{
	int fds[2];
	pid_t pid;

	if (pipe(fds))
		return -1;
	pid = fork();
	if (!pid) {
		(void)dup2(fds[0], STDIN_FILENO);
		(void)close(fds[1]);
		(void)execl("/bin/sh", "qemu-system-x86_64", "-c", "read x", "-name",
			    "guest=tare-1-a-0,debug-threads=on", (char *)NULL);
		_exit(127);
	}
	(void)close(fds[0]);
	*ret_pipe = fds[1];
	return pid;
}

static void test_name(void)
{
	char name[KVM_NAME_MAX] = "untouched";
	int fd = -1;
	pid_t pid = start_impostor(&fd), found = 7;

	(void)usleep(50000);
	CHECK_INT(kvm_proc_name(pid, name), -ENOENT);
	CHECK_INT(kvm_proc_name(getpid(), name), -ENOENT);
	CHECK_STR(name, "untouched");
	CHECK_INT(kvm_proc_find("tare-1-a-0", &found), -ENOENT);
	CHECK_INT(found, 7);
	(void)close(fd);
	(void)waitpid(pid, NULL, 0);
}

static void test_account(void)
{
	struct account account = {0};

	CHECK_INT(kvm_proc_account(getpid(), "QEMU", &account), 0);
	CHECK(account.cpu_ns > 0 && account.cpu_ns < 60ull * 1000000000);
	CHECK(account.pss_bytes > 65536 && account.pss_bytes % 1024 == 0);
	CHECK_INT((int)account.role_nr, 1);
	CHECK_STR(account.roles[0].name, "QEMU");
	CHECK(account.roles[0].pss_bytes == account.pss_bytes);
	CHECK(account.roles[0].page_table_bytes > 0);
	CHECK(account.voluntary + account.involuntary > 0);
	/* This process is no virtual machine. */
	CHECK(account.exits == UINT64_MAX && account.io_exits == UINT64_MAX);
}

static void test_account_gone(void)
{
	struct account account = {.cpu_ns = 42};
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	(void)waitpid(pid, NULL, 0);
	CHECK_INT(kvm_proc_account(pid, "QEMU", &account), -ESRCH);
	CHECK_INT(account.cpu_ns, 42);
}

static void test_thread_cpus(void)
{
	char name[32] = "", list[64] = "untouched";
	FILE *comm = fopen("/proc/self/comm", "re");

	CHECK(comm && fgets(name, sizeof(name), comm));
	if (comm)
		(void)fclose(comm);
	name[strcspn(name, "\n")] = '\0';
	CHECK_INT(kvm_proc_thread_cpus(getpid(), "CPU 0/", list, sizeof(list)), -ENOENT);
	CHECK_STR(list, "untouched");
	CHECK_INT(kvm_proc_thread_cpus(getpid(), name, list, sizeof(list)), 0);
	CHECK(list[0] >= '0' && list[0] <= '9');
}

static void test_complaint(void)
{
	const char *text = "2026 starting up\n/usr/bin/qemu-system-x86_64 \\\n-S \\\n"
			   "T qemu-system-x86_64: warning: TCG lacks rdseed\n"
			   "T qemu-system-x86_64: error: failed to set MSR 0x10a\n"
			   "T qemu-system-x86_64: Aborted\n";
	const char *at = kvm_complaint(text);

	CHECK(at && !strncmp(at, "qemu-system-x86_64: error: failed to set MSR", 44));
	CHECK(!kvm_complaint("internal error: no luck\nqemu-system-x86_64: warning: x"));
	CHECK(!kvm_complaint(""));
}

int main(void)
{
	test_name();
	test_account();
	test_account_gone();
	test_thread_cpus();
	test_complaint();
	return check_done();
}
