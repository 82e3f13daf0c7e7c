/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_PLAN_H
#define TARE_KVM_PLAN_H

/* From the spec that every driver gets to the one guest that answers it. */
#include "drivers/driver.h"
#include "drivers/kvm_xml.h"

struct kvm_plan {
	struct kvm_domain domain; /* points into the spec and into what follows */
	char *name, *command_line, *channel, *console;
};

/* `suffix` is put behind the id ("" for the instance itself). */
int kvm_plan_make(const struct spec *spec, const char *suffix, bool hardware,
		  struct kvm_plan *ret, struct err *err);
/* Takes a zeroed struct. */
void kvm_plan_release(struct kvm_plan *plan);

#endif
