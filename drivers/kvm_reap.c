/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/remove_tree.h"
#include "bench/host/owner.h"
#include "drivers/kvm_conn.h"
#include "drivers/kvm_instance.h"
#include "drivers/kvm_proc.h"
#include "drivers/kvm_verdict.h"

#define KILL_WAIT_MS 10000

/* Through a pidfd: the process that was looked at is the one that is ended, even if its
 * pid is taken by another meanwhile. */
static bool end_guest(pid_t pid)
{
	char name[KVM_NAME_MAX];
	cleanup(fd) int fd = pidfd_open(pid, 0);
	struct pollfd entry = {.fd = fd, .events = POLLIN};

	if (fd < 0 || kvm_proc_name(pid, name) || !owner_is_dead(name))
		return false;
	if (pidfd_send_signal(fd, SIGKILL, NULL, 0))
		return false;
	(void)poll(&entry, 1, KILL_WAIT_MS);
	return true;
}

static size_t end_guests(void)
{
	cleanup(dir) DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t removed = 0;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			removed += end_guest((pid_t)strtol(entry->d_name, NULL, 10));
	return removed;
}

/* libvirt names a guest's files after it, some with its number in front:
 * "tare-1-a-0.xml", "3-tare-1-a-0-fs1-fs.pid", "domain-3-tare-1-a-0". */
static const char *guest_of(const char *entry)
{
	const char *at = entry;

	if (!strncmp(at, "domain-", strlen("domain-")))
		at += strlen("domain-");
	at += strspn(at, "0123456789");
	return at > entry && *at == '-' ? at + 1 : entry;
}

/* Status files are what a next connection would take a dead owner's guest up from. */
static size_t remove_from(const char *folder)
{
	cleanup(dir) DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t removed = 0;

	while (dir && (entry = readdir(dir))) {
		char path[512];

		if (!owner_is_dead(guest_of(entry->d_name)))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		remove_tree(path);
		removed++;
	}
	return removed;
}

int kvm_reap(size_t *removed, struct err *err)
{
	static const char *const folders[] = {
		KVM_CACHE_DIR, /* the probe's data file */
		KVM_STATE_DIR "/run/qemu",
		KVM_STATE_DIR "/lib/qemu",
		KVM_STATE_DIR "/lib/qemu/ram",
		KVM_STATE_DIR "/lib/qemu/channel/target",
		KVM_STATE_DIR "/log/qemu",
	};
	size_t nr = end_guests();

	(void)err;
	kvm_verdict_expire();
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		nr += remove_from(folders[i]);
	*removed = nr;
	return 0;
}
