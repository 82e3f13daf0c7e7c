/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_EXEC_H
#define TARE_KVM_EXEC_H

/*
 * QEMU as a user would type it, without libvirt: same machine, CPU, memory, kernel,
 * initrd and agent channel as the driver's guest; no disk, which a start does not need.
 */
#include <sys/types.h>

#include "drivers/driver.h"
#include "drivers/kvm_xml.h"

#define KVM_QEMU "qemu-system-x86_64"

struct kvm_exec {
	const struct spec *spec;
	const struct kvm_domain *domain;
	bool hardware; /* which accelerator: not always the domain's */
	int channel;   /* QEMU's end of the agent's stream */
	/* Its end of a monitor, over which the guest's CPUs are yet to be started; -1: no
	 * monitor, and the guest runs at once. */
	int monitor;
};

/* Forks and executes it, pinned to the instance's CPUs and the service CPU; it ends with
 * this process and carries the instance's id (LAUNCH_ID). Returns its pid or a negative
 * errno; both descriptors stay the caller's. */
pid_t kvm_exec(const struct kvm_exec *what, struct err *err);

#endif
