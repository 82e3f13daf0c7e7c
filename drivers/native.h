/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NATIVE_H
#define TARE_NATIVE_H

/* What the drivers on the host's own kernel share: one agent, launched by chroot. */
#include <sys/types.h>

#include "drivers/driver.h"

#define NATIVE_DATA "/data/disk.img"
#define NATIVE_END_NS 3000000000ull /* for the agent to end by itself */

/* Starts the agent in an instance of this driver, hears its hello and ends it: the probe
 * of every native driver. All paths get the same answer. */
int native_probe(const struct driver *driver, const struct spec *spec, struct probe *ret,
		 struct err *err);
/* The spec's CPUs as the kernel lists them: "0-2,5". */
void native_list_cpus(const struct spec *spec, char *ret, size_t size);
/* Adds "affinity": asked the spec's CPUs, got what the kernel says. */
int native_observe_affinity(pid_t pid, const struct spec *spec, struct facts *into);
/* launch_account whose CPU time never goes back, as it would for a moment when a worker
 * ends between two readings. *last_ns: of the instance, from 0. */
void native_account(pid_t pid, uint64_t *last_ns, struct account *ret);
/* Ends processes of dead owners that are in no group of ours; how many. */
size_t native_reap(void);

/* Fork and exec of the agent on this host and nothing else (native_tool.c). */
extern const struct driver driver_bare_tool;

#endif
