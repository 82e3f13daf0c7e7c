/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_SET_UP_H
#define TARE_KVM_SET_UP_H

#include <stdint.h>

#include "drivers/driver.h"

/* driver.h's set_up: QEMU's process, program, machine, devices, kernel and initrd in the
 * guest's memory, until it would start the guest's CPUs. */
int kvm_set_up(const struct spec *spec, bool hardware, uint64_t *ret_ns, struct err *err);
/* Looks for the answer to a command in what a monitor said: 1 it is there, 0 not yet,
 * -EPROTO when it is an error. */
int kvm_set_up_answer(const char *said);

#endif
