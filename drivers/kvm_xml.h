/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_XML_H
#define TARE_KVM_XML_H

/*
 * A guest as libvirt is asked for it.  Pure: the same struct gives the same text, with
 * no look at the host, so that every variant has a golden file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

/* In the order of driver_kvm.paths. */
enum kvm_path { KVM_VIRTIO, KVM_IDE, KVM_VIRTFS, KVM_VIRTIOFS, KVM_PATH_NR };

struct kvm_domain {
	const char *name;
	bool hardware;	       /* type 'kvm' with the host's CPU, else TCG */
	const char *cpu_model; /* of the emulated CPU; "max" or a model's name */
	const char *kernel, *initrd, *command_line;
	const unsigned *cpus; /* host PU of each vCPU */
	size_t cpu_nr;
	unsigned service_cpu; /* host PU of emulator and I/O threads */
	uint64_t memory_bytes;
	bool huge_pages;
	const char *channel, *console; /* sockets that QEMU listens on */
	const char *scratch;	       /* folder of disk.img; NULL: no disk at all */
	bool paths[KVM_PATH_NR];
	const char *cache, *aio;  /* of the block devices */
	bool iothread;		  /* virtio's requests leave the main loop */
	const volatile int *stop; /* spec.stop, for the wait for the guest's first word */
};

/* *ret: malloc'ed. -ENOMEM, or -EINVAL for a combination that QEMU refuses. */
int kvm_xml(const struct kvm_domain *domain, char **ret, struct err *err);

#endif
