/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_ENVIRONMENT_H
#define TARE_ENVIRONMENT_H

/*
 * The host as found: what a reader must know to believe or repeat a number, and what
 * makes this host noisy.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "drivers/driver.h"
#include "bench/host/topology.h"

/* name, got and source of each (asked NULL): kernel, command line, CPU, caches,
 * mitigations, governor, clocksource, hypervisor, cgroup layout, file system and options
 * of `scratch`, its block device and scheduler, package versions, tree hash, hwloc XML.
 */
int environment_read(const struct topology *topology, const struct image *image,
		     const char *scratch, struct facts *into, struct err *err);

/* One source of noise, or of a difference from production: what, the value found, how to
 * mend it. */
struct noise {
	char what[48], value[96], advice[192];
	bool mends; /* the advice changes it here; otherwise it is to be known */
};
#define NOISE_MAX 32
/* Only what is worth mending; returns how many of at most NOISE_MAX. */
size_t environment_noise(struct noise ret[static NOISE_MAX]);
/* Of the machine whose /proc and /sys lie below `root`: a recorded one, for tests. */
size_t environment_noise_at(const char *root, struct noise ret[static NOISE_MAX]);

/* What `tare run --strict` refuses: prints what there is to mend, how many. */
size_t environment_refuse(const char *root, FILE *to);

/* Cheap readings around each block or sample; SAMPLE_NONE / negative: not known. */
uint64_t environment_steal_ns(void);
double environment_load1(void);
double environment_psi_cpu(void);	    /* some avg10, percent */
uint64_t environment_cpu_khz(unsigned cpu); /* 0: not known */
/* Bytes read and written so far at the block device that holds `path`. */
struct disk_bytes {
	uint64_t read, written;
};
struct disk_bytes environment_disk_bytes(const char *path);

#endif
