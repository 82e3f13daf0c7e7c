/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_SETTINGS_H
#define TARE_NEIGHBOUR_SETTINGS_H

/* What a suite says of `tare neighbours`. */
#include "bench/config/config_study.h"

#define NEIGHBOUR_PAIRS_MAX 16
#define NEIGHBOUR_ROUNDS_MAX 64
#define NEIGHBOUR_NAME_MAX 32

/* Limits on the aggressor: LIMIT_NONE, then those of neighbour_limits.def. */
enum neighbour_limit {
	LIMIT_NONE,
#define LIMIT(id, ...) LIMIT_##id,
#include "bench/study/neighbour_limits.def"
#undef LIMIT
	NEIGHBOUR_LIMIT_NR
};

struct neighbour_pair {
	char name[NEIGHBOUR_NAME_MAX + 1]; /* "CPU hog" */
	const struct workload *victim, *aggressor;
	uint64_t victim_bytes, aggressor_bytes; /* 0: their own */
	/* 1 << limit for each imposed on it; 0: those of the suite that are for what the
	 * aggressor takes */
	unsigned limits;
};

struct neighbour_settings {
	struct study_head head;
	struct neighbour_pair pairs[NEIGHBOUR_PAIRS_MAX];
	size_t pair_nr;
	unsigned limits; /* 1 << limit */
	unsigned rounds;
	/* the aggressor's slices are long, so that it does not wait to be asked */
	uint64_t window_ns, victim_slice_ns, aggressor_slice_ns;
};

#endif
