/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_GUEST_H
#define TARE_GUEST_H

/*
 * What the agent does besides when it is the init of a virtual machine: mounts, kernel
 * modules, the channel's device, disk paths, power-off.
 */
#include <stdbool.h>
#include <stddef.h>

/* Is this process PID 1 of a machine of its own (kernel command line has "tare.guest")?
 */
bool guest_is_init(void);
/* Mounts /proc /sys /dev, loads what the channel needs, opens the channel's device.
 * Returns the fd or a negative errno with a reason in `why`. */
int guest_start(char *why, size_t why_len);
/* Loads modules and mounts what a disk path needs ("ide", "virtio", "virtfs", …). */
int guest_prepare(const char *path, char *why, size_t why_len);
/* Flushes and powers the machine off; never returns. */
_Noreturn void guest_power_off(void);

#endif
