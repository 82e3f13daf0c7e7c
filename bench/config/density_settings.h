/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_DENSITY_SETTINGS_H
#define TARE_DENSITY_SETTINGS_H

/* What a suite says of `tare density`. */
#include "bench/config/config_study.h"

#define DENSITY_COUNTS_MAX 16
#define DENSITY_WINDOWS_MAX 32

struct density_settings {
	struct study_head head;
	unsigned counts[DENSITY_COUNTS_MAX]; /* N, ascending, first 1 */
	size_t count_nr;		     /* 0: by the machine */
	unsigned windows;		     /* for each N */
	uint64_t window_ns, slice_ns;
	double stop_share;    /* of alone, an instance: below it no more are added */
	double host_share;    /* of the memory that is available, stays with the host */
	double stop_pressure; /* of the time some wait for memory (PSI): above, the same
			       */
	const struct workload *workload;
	uint64_t size_bytes; /* of the workload, 0: its own */
};

#endif
