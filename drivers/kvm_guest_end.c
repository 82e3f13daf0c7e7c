/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a guest.  When QEMU's monitor falls silent libvirt looks whether the process
 * is gone, and if it is not, again only 200 ms later.  So QEMU's end of the monitor is
 * kept open here until its process has been waited for: libvirt's first look finds
 * nothing.
 */
#include "drivers/kvm_guest.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libvirt/virterror.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "drivers/kvm_conn.h"
#include "drivers/kvm_proc.h"

#define KILL_WAIT_NS (3 * NS_PER_S)
#define SOCKETS_MAX 64

struct sockets {
	int list[SOCKETS_MAX];
	size_t nr;
};

/* QEMU itself, whatever becomes of its number; -1: it is gone. A number that was taken
 * by somebody else is never followed. */
static int open_process(const struct kvm_guest *guest)
{
	char name[KVM_NAME_MAX];
	cleanup(fd) int fd = guest->pid > 0 ? pidfd_open(guest->pid, 0) : -1;

	if (fd < 0 || kvm_proc_name(guest->pid, name) || strcmp(name, guest->name) != 0)
		return -1;
	return take_fd(&fd);
}

static bool is_socket(pid_t pid, const char *fd)
{
	char path[300], target[16];
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)pid, fd);
	length = readlink(path, target, sizeof(target));
	return length > 7 && !strncmp(target, "socket:", 7);
}

/* Where the kernel refuses, the end takes those 200 ms. */
static void hold_sockets(pid_t pid, int process, struct sockets *held)
{
	char path[64];
	cleanup(dir) DIR *fds = NULL;
	struct dirent *entry;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = opendir(path);
	while (fds && held->nr < SOCKETS_MAX && (entry = readdir(fds))) {
		int fd = is_socket(pid, entry->d_name)
				 ? pidfd_getfd(process,
					       (int)strtol(entry->d_name, NULL, 10), 0)
				 : -1;

		if (fd >= 0)
			held->list[held->nr++] = fd;
	}
}

static void let_go(struct sockets *held)
{
	while (held->nr)
		(void)close(held->list[--held->nr]);
}

static bool await_exit(int process, uint64_t wait_ns)
{
	struct pollfd entry = {.fd = process, .events = POLLIN};

	return poll(&entry, 1, (int)(wait_ns / NS_PER_MS)) == 1;
}

/* Within its grace by itself, then by force: there is nothing in it to be saved. */
static void end_process(const struct kvm_guest *guest, uint64_t grace_ns)
{
	cleanup(fd) int process = open_process(guest);
	struct sockets held = {.nr = 0};

	if (process >= 0) {
		hold_sockets(guest->pid, process, &held);
		if (guest->paused || !grace_ns || !await_exit(process, grace_ns)) {
			(void)pidfd_send_signal(process, SIGKILL, NULL, 0);
			(void)await_exit(process, KILL_WAIT_NS);
		}
	}
	/* adopted (kvm_orphans.h); of any other it is refused */
	if (guest->pid > 0)
		(void)waitpid(guest->pid, NULL, WNOHANG);
	let_go(&held);
}

/* A guest that ended by itself is no longer there to be destroyed: that is success. */
static int destroy(virDomainPtr domain, struct err *err)
{
	const virError *error;

	if (!virDomainDestroy(domain))
		return 0;
	error = virGetLastError();
	if (error && (error->code == VIR_ERR_NO_DOMAIN ||
		      error->code == VIR_ERR_OPERATION_INVALID))
		return 0;
	return kvm_fail(err, "cannot end the guest");
}

int kvm_guest_end(struct kvm_guest *guest, uint64_t grace_ns, struct phase_log *ending,
		  struct err *err)
{
	int rc;

	if (!guest->domain)
		return 0;
	if (guest->channel_fd >= 0)
		(void)close(guest->channel_fd);
	guest->channel_fd = -1;
	end_process(guest, grace_ns);
	phase_log_note(ending, "stop");
	rc = destroy(guest->domain, err);
	(void)virDomainFree(guest->domain);
	guest->domain = NULL;
	phase_log_note(ending, "domain removal");
	return rc;
}
