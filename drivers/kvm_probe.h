/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_PROBE_H
#define TARE_KVM_PROBE_H

/* Finds out by booting a tiny guest whether hardware or emulated guests run here. */
#include <libvirt/libvirt.h>

#include "drivers/driver.h"
#include "drivers/kvm_verdict.h"

/* From the kept verdict, or by trying (then kept). <0 only when trying itself broke. */
int kvm_try(const struct spec *spec, virConnectPtr connection, bool hardware,
	    struct kvm_verdict *ret, struct err *err);
/* Which kind this spec gets: hardware where it works, else emulated where that is
 * allowed, else -ENOTSUP with the reason and the mend. */
int kvm_choose(const struct spec *spec, virConnectPtr connection, bool *hardware,
	       struct err *err);
int kvm_probe(const struct spec *spec, struct probe *ret, struct err *err);

#endif
