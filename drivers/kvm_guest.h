/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_GUEST_H
#define TARE_KVM_GUEST_H

/*
 * One guest from its XML to its end.  It is created paused, so that channel and console
 * are connected before its first instruction, and then runs until the agent's hello has
 * arrived.  The console is heard only until then: its last line says why no hello came.
 */
#include <sys/types.h>

#include <libvirt/libvirt.h>

#include "drivers/driver.h"
#include "drivers/kvm_xml.h"

#define KVM_LINE_MAX 160

struct kvm_guest {
	char *name, *log;	 /* log: QEMU's own messages */
	char *channel, *console; /* socket paths, removed at the end */
	virDomainPtr domain;	 /* NULL: not created */
	int channel_fd;		 /* -1 once taken */
	pid_t pid;		 /* of QEMU */
	bool paused;
};

/* Boots and waits for the hello (not read). On failure nothing is left: -ETIMEDOUT when
 * none came in time, -ECONNABORTED when the guest died, -EINTR on a signal. Phases are
 * appended. */
int kvm_guest_boot(virConnectPtr connection, const struct kvm_domain *wanted,
		   const char *log_dir, uint64_t timeout_ns, struct kvm_guest *ret,
		   struct start *phases, struct err *err);
/* Gives the guest `grace_ns` to end by itself (the caller has closed the channel), then
 * ends it; notes what it did in `ending`, which may be NULL. */
int kvm_guest_end(struct kvm_guest *guest, uint64_t grace_ns, struct phase_log *ending,
		  struct err *err);
/* Ends it without a word; frees; takes a zeroed struct. */
void kvm_guest_release(struct kvm_guest *guest);
/* The live domain's type, "kvm" or "qemu", out of its own XML; never from the wish. */
int kvm_guest_is_hardware(const struct kvm_guest *guest, bool *ret, struct err *err);

#endif
