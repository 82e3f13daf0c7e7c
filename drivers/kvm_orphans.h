/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_ORPHANS_H
#define TARE_KVM_ORPHANS_H

/*
 * libvirt starts QEMU as a daemon, whose parent is whoever adopts orphans.  It takes a
 * dead QEMU for gone only when that parent has waited for it, and looks every 200 ms; a
 * first process that waits when it finds time makes an end last seconds.  So this program
 * adopts them itself while a guest is created, and waits for them.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct kvm_orphans {
	pthread_t thread;
	atomic_bool ended;
	bool begun;
};

/* From here on orphans of this process's children are its own.  One that dies is waited
 * for, so that libvirt sees the end of a QEMU that fails while it is started. Without a
 * thread for that nobody is adopted. */
void kvm_orphans_begin(struct kvm_orphans *orphans);
/* From here on orphans are the first process's again; those adopted stay children of this
 * process. */
void kvm_orphans_end(struct kvm_orphans *orphans);

#endif
