/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_VERDICT_H
#define TARE_KVM_VERDICT_H

/*
 * What booting a tiny guest has shown, kept below KVM_CACHE_DIR so that a hang is waited
 * for once and not at every start.  A verdict holds for one boot of the host, one
 * libvirt, QEMU, image and set of settings: all of that is in its key.
 */
#include "drivers/driver.h"
#include "drivers/kvm_xml.h"

struct kvm_verdict {
	bool works;
	char reason[256]; /* why not; empty when it works */
	struct {
		bool works;
		char reason[160];
	} paths[KVM_PATH_NR];
};

#define KVM_KEY_MAX 1024
/* One line that names everything a verdict depends on. */
int kvm_verdict_key(const struct spec *spec, const char *versions, bool hardware,
		    char key[static KVM_KEY_MAX], struct err *err);
/* -ENOENT: none is kept for this key. */
int kvm_verdict_load(const char *key, struct kvm_verdict *ret);
/* Keeps it; a failure only costs the next start its time. */
void kvm_verdict_save(const char *key, const struct kvm_verdict *verdict);
void kvm_verdict_forget(const char *key);
/* Removes what was kept for earlier boots of this host. */
void kvm_verdict_expire(void);

#endif
