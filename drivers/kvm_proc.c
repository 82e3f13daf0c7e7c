/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/account.h"

#define KVM_DEBUG_DIR "/sys/kernel/debug/kvm"
#define COMMAND_MAX 65536

static bool runs(pid_t pid, const char *program)
{
	char link[64], target[4096];
	ssize_t length;
	const char *base;

	(void)snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	length = readlink(link, target, sizeof(target) - 1);
	if (length <= 0)
		return false;
	target[length] = '\0';
	base = strrchr(target, '/');
	return base && !strncmp(base + 1, program, strlen(program));
}

/* "guest=NAME" or "guest=NAME,debug-threads=on": the argument after "-name". */
static int parse_name(const char *argument, char name[static KVM_NAME_MAX])
{
	size_t length;

	if (strncmp(argument, "guest=", strlen("guest=")))
		return -ENOENT;
	argument += strlen("guest=");
	length = strcspn(argument, ",");
	if (!length || length >= KVM_NAME_MAX)
		return -ENOENT;
	memcpy(name, argument, length);
	name[length] = '\0';
	return 0;
}

/* A process's arguments, each with its NUL; NULL when it is gone. */
static char *read_arguments(pid_t pid, size_t *ret_length)
{
	cleanup(free) char *arguments = malloc(COMMAND_MAX + 1);
	cleanup(file) FILE *file = NULL;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	file = fopen(path, "re");
	if (!arguments || !file)
		return NULL;
	*ret_length = fread(arguments, 1, COMMAND_MAX, file);
	arguments[*ret_length] = '\0';
	return take_ptr(arguments);
}

int kvm_proc_name(pid_t pid, char name[static KVM_NAME_MAX])
{
	size_t length = 0;
	cleanup(free) char *arguments =
		runs(pid, "qemu-system-") ? read_arguments(pid, &length) : NULL;

	for (char *at = arguments; at && at < arguments + length; at += strlen(at) + 1)
		if (!strcmp(at, "-name") && at + 6 < arguments + length)
			return parse_name(at + 6, name);
	return -ENOENT;
}

int kvm_proc_find(const char *name, pid_t *ret)
{
	cleanup(dir) DIR *proc = opendir("/proc");
	struct dirent *entry;
	char found[KVM_NAME_MAX];

	while (proc && (entry = readdir(proc))) {
		pid_t pid = isdigit((unsigned char)entry->d_name[0])
				    ? (pid_t)strtol(entry->d_name, NULL, 10)
				    : 0;

		if (pid <= 0 || kvm_proc_name(pid, found) || strcmp(found, name))
			continue;
		*ret = pid;
		return 0;
	}
	return -ENOENT;
}

/* A virtiofsd is two processes: the one libvirt knows, and its sandboxed child. */
static size_t add_with_children(pid_t pid, pid_t *list, size_t max)
{
	cleanup(file) FILE *file = NULL;
	char path[64];
	size_t nr = 0;
	int child;

	if (!max || !runs(pid, "virtiofsd"))
		return 0;
	list[nr++] = pid;
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid,
		       (int)pid);
	file = fopen(path, "re");
	while (file && nr < max && fscanf(file, "%d", &child) == 1)
		if (runs(child, "virtiofsd"))
			list[nr++] = child;
	return nr;
}

static pid_t read_pid(const char *folder, const char *name)
{
	char path[512];
	cleanup(file) FILE *file = NULL;
	int pid;

	(void)snprintf(path, sizeof(path), "%.200s/%.255s", folder, name);
	file = fopen(path, "re");
	return file && fscanf(file, "%d", &pid) == 1 && pid > 0 ? pid : 0;
}

/* libvirt keeps "<number>-<guest>-fs<n>-fs.pid". */
static bool is_helper_file(const char *entry, const char *guest)
{
	size_t digits = strspn(entry, "0123456789"), length = strlen(guest);

	entry += digits;
	if (!digits || *entry != '-' || strncmp(entry + 1, guest, length))
		return false;
	entry += 1 + length;
	length = strlen(entry);
	return length > 7 && !strncmp(entry, "-fs", 3) &&
	       !strcmp(entry + length - 7, "-fs.pid");
}

size_t kvm_proc_helpers(const char *folder, const char *name, pid_t *list, size_t max)
{
	cleanup(dir) DIR *files = opendir(folder);
	struct dirent *entry;
	size_t nr = 0;

	while (files && (entry = readdir(files)))
		if (is_helper_file(entry->d_name, name))
			nr += add_with_children(read_pid(folder, entry->d_name),
						list + nr, max - nr);
	return nr;
}

/* Adds up "key: NUMBER" over one file; false when the file or the key is not there. */
static bool add_value(const char *path, const char *key, uint64_t *sum)
{
	cleanup(file) FILE *file = fopen(path, "re");
	char line[256];
	size_t length = strlen(key);

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, length) || line[length] != ':')
			continue;
		*sum += strtoull(line + length + 1, NULL, 10);
		return true;
	}
	return false;
}

static void add_switches(pid_t pid, struct account *account)
{
	char path[300];
	cleanup(dir) DIR *tasks = NULL;
	struct dirent *entry;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)pid,
			       entry->d_name);
		(void)add_value(path, "voluntary_ctxt_switches", &account->voluntary);
		(void)add_value(path, "nonvoluntary_ctxt_switches",
				&account->involuntary);
	}
}

/* The whole process, threads that have ended included, in the scheduler's precision. */
static int read_cpu_time(pid_t pid, uint64_t *ret_ns)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &time))
		return -ESRCH;
	*ret_ns = (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
	return 0;
}

static uint64_t read_value(pid_t pid, const char *file, const char *key, uint64_t unit)
{
	char path[64];
	uint64_t value = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return add_value(path, key, &value) ? value * unit : UINT64_MAX;
}

static bool read_exits_of(const char *vm, const char *name, uint64_t *ret)
{
	char path[400];
	cleanup(file) FILE *file = NULL;
	unsigned long long value;

	(void)snprintf(path, sizeof(path), KVM_DEBUG_DIR "/%s/%s", vm, name);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%llu", &value) != 1)
		return false;
	*ret = value;
	return true;
}

/* One folder "<pid>-<fd>" a virtual machine; a process of ours has one at most. */
static void read_exits(pid_t pid, struct account *account)
{
	cleanup(dir) DIR *machines = opendir(KVM_DEBUG_DIR);
	struct dirent *entry;
	char prefix[24];

	(void)snprintf(prefix, sizeof(prefix), "%d-", (int)pid);
	while (machines && (entry = readdir(machines))) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)))
			continue;
		(void)read_exits_of(entry->d_name, "exits", &account->exits);
		(void)read_exits_of(entry->d_name, "io_exits", &account->io_exits);
		(void)read_exits_of(entry->d_name, "mmio_exits", &account->mmio_exits);
		(void)read_exits_of(entry->d_name, "halt_exits", &account->halt_exits);
		(void)read_exits_of(entry->d_name, "irq_injections",
				    &account->injections);
	}
}

int kvm_proc_account(pid_t pid, const char *role, struct account *ret)
{
	struct account account = {.exits = UINT64_MAX,
				  .io_exits = UINT64_MAX,
				  .mmio_exits = UINT64_MAX,
				  .halt_exits = UINT64_MAX,
				  .injections = UINT64_MAX};

	if (read_cpu_time(pid, &account.cpu_ns))
		return -ESRCH;
	add_switches(pid, &account);
	read_exits(pid, &account);
	account_add_process(&account, role, pid);
	if (!account.role_nr)
		account.pss_bytes = UINT64_MAX;
	account.read_bytes = read_value(pid, "io", "read_bytes", 1);
	account.write_bytes = read_value(pid, "io", "write_bytes", 1);
	*ret = account;
	return 0;
}

static bool thread_is(const char *path, const char *prefix)
{
	cleanup(file) FILE *file = fopen(path, "re");
	char name[32];

	return file && fgets(name, sizeof(name), file) &&
	       !strncmp(name, prefix, strlen(prefix));
}

static int read_cpu_list(const char *path, char *list, size_t size)
{
	static const char key[] = "Cpus_allowed_list:\t";
	cleanup(file) FILE *file = fopen(path, "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, sizeof(key) - 1))
			continue;
		line[strcspn(line, "\n")] = '\0';
		(void)snprintf(list, size, "%s", line + sizeof(key) - 1);
		return 0;
	}
	return -ENOENT;
}

int kvm_proc_thread_cpus(pid_t pid, const char *prefix, char *list, size_t size)
{
	char path[300];
	cleanup(dir) DIR *tasks = NULL;
	struct dirent *entry;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks))) {
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/comm", (int)pid,
			       entry->d_name);
		if (entry->d_name[0] == '.' || !thread_is(path, prefix))
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)pid,
			       entry->d_name);
		return read_cpu_list(path, list, size);
	}
	return -ENOENT;
}
