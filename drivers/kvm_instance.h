/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_INSTANCE_H
#define TARE_KVM_INSTANCE_H

#include <libvirt/libvirt.h>

#include "drivers/driver.h"
#include "drivers/kvm_guest.h"
#include "drivers/kvm_plan.h"

extern const struct driver driver_kvm, driver_kvm_tool;

struct instance {
	struct spec spec;
	virConnectPtr connection;
	struct kvm_plan plan;
	struct kvm_guest guest;
	pid_t helpers[4]; /* virtiofsd */
	size_t helper_nr;
	struct account account; /* last one: costs never fall, though threads end */
};

int kvm_observe(struct instance *instance, struct facts *into, struct err *err);
int kvm_reap(size_t *removed, struct err *err);

#endif
