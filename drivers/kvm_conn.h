/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_CONN_H
#define TARE_KVM_CONN_H

/*
 * A connection to libvirt that needs no daemon: its QEMU driver runs inside this
 * program ("embedded") and keeps its state below KVM_STATE_DIR.  libvirt's event loop,
 * its error function and its log are properties of the process, not of a connection:
 * they are set up once, by the first connection, and stay until the process ends.
 */
#include <stdbool.h>
#include <stddef.h>

#include <libvirt/libvirt.h>

#include "bench/base/cleanup.h"
#include "bench/base/err.h"

#define KVM_CACHE_DIR "/var/cache/tare"
#define KVM_STATE_DIR KVM_CACHE_DIR "/libvirt"

/* setting: "auto" (embedded) or a URI.  The caller gives *ret back to kvm_disconnect.
 * From one thread only. The first connection ever on a host takes some 12 s: libvirt asks
 * QEMU what it can. */
int kvm_connect(const char *setting, virConnectPtr *ret, struct err *err);
/* "embedded libvirt 9.0.0, QEMU 7.2.22" */
void kvm_describe(virConnectPtr connection, bool embedded, char *text, size_t size);
/* Folder where QEMU's own messages go, one file a domain. */
const char *kvm_log_dir(const char *setting);
/* Folder where libvirt keeps the pids of what serves a running domain. */
const char *kvm_pid_dir(const char *setting);
bool kvm_is_embedded(const char *setting);
/* A daemon ends our guests when we are gone; the embedded driver cannot: there the
 * agent powers off when its channel closes, and reap sees to the rest. */
unsigned kvm_start_flags(virConnectPtr connection);
/* QEMU's first line in a text that is not a warning (nor its own command line), from
 * its program's name on; NULL: none. */
const char *kvm_complaint(const char *text);
/* Records libvirt's last error of this thread: -ECONNABORTED when QEMU ended with a
 * complaint, else -EIO. */
int kvm_fail(struct err *err, const char *doing);

/* Gives one kvm_connect back. */
void kvm_disconnect(virConnectPtr connection);

static inline void kvm_forget(virDomainPtr domain)
{
	(void)virDomainFree(domain);
}

CLEANUP_DEFINE(connection, virConnectPtr, kvm_disconnect)
CLEANUP_DEFINE(domain, virDomainPtr, kvm_forget)

#endif
