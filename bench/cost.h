/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_COST_H
#define TARE_COST_H

/*
 * What one input or output costs the host, from the account around each disk slice.
 * ?1 is the run. A row a disk cell and platform, medians over its ok samples, NULL where
 * this host cannot tell (no time is told where the host itself was emulated):
 *   label, block_bytes, name ("kvm:ide (emulated)"), path, emulated, baseline, samples,
 *   cpu_us, switches, exits, io_exits, mmio_exits, halt_exits, injections
 */
extern const char cost_sql[];

#endif
