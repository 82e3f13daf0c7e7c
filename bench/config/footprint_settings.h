/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_SETTINGS_H
#define TARE_FOOTPRINT_SETTINGS_H

/* What a suite says of `tare footprint`. */
#include "bench/config/config_study.h"

#define FOOTPRINT_STEPS_MAX 16 /* rounds of whatever is repeated */
#define FOOTPRINT_ROUNDS_MIN 3
#define FOOTPRINT_SHARERS_MAX 8

struct footprint_settings {
	struct study_head head; /* its budget is that of the rounds */
	unsigned instances;	/* started and ended in a step */
	unsigned rounds;	/* at most; FOOTPRINT_ROUNDS_MIN are done in any case */
	uint64_t touch_bytes;	/* that a working instance touches: a power of two */
	unsigned sharers, share_rounds; /* instances of one tree, and how often */
	uint64_t file_bytes;		/* of the file read through each path */
	unsigned groups;		/* empty memory cgroups at once, at most */
};

#endif
