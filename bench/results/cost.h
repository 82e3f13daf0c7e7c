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

/* A condition: the host itself was emulated (QEMU's TCG, or booted by scripts/lab). Its
 * counts hold, its times mean nothing. */
#define COST_EMULATED_HOST                                           \
	"EXISTS (SELECT 1 FROM environment e WHERE e.run = ?1 AND"   \
	" (e.name = 'hypervisor.cpuid' AND e.value = 'TCGTCGTCGTCG'" \
	" OR e.name = 'kernel.command_line' AND e.value LIKE '%tare_cgroup=%'))"

#endif
