/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_KVM_PROC_H
#define TARE_KVM_PROC_H

/* What /proc says about the QEMU process behind a guest. */
#include <stddef.h>
#include <sys/types.h>

#include "drivers/driver.h"

#define KVM_NAME_MAX 96

/* The guest's name when `pid` is a QEMU system emulator (by its executable, not by what
 * it calls itself) started with "-name guest=NAME"; else -ENOENT. */
int kvm_proc_name(pid_t pid, char name[static KVM_NAME_MAX]);
/* The QEMU process of the guest with exactly this name. -ENOENT */
int kvm_proc_find(const char *name, pid_t *ret);
/* virtiofsd processes that serve the guest with exactly this name, at most `max`, by the
 * pid files that libvirt keeps in `folder`. */
size_t kvm_proc_helpers(const char *folder, const char *name, pid_t *list, size_t max);
/* Cost of the process so far: CPU time, switches of the threads alive, PSS, block
 * bytes, VM exits. UINT64_MAX where this host cannot tell. -ESRCH when it is gone. role:
 * what its memory is listed as, static text. */
int kvm_proc_account(pid_t pid, const char *role, struct account *ret);
/* CPU list ("0", "0-1") of the process's first thread whose name begins with `prefix`. */
int kvm_proc_thread_cpus(pid_t pid, const char *prefix, char *list, size_t size);

#endif
