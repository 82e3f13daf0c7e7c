/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_SETTINGS_H
#define TARE_NEIGHBOUR_SETTINGS_H

/* What a suite says of `tare neighbours`. */
#include "bench/config/config_study.h"
#include "bench/workload/workload.h"

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
	/* 0: their own; of a disk workload: how much of its data file it uses, 0: all */
	uint64_t victim_bytes, aggressor_bytes;
	/* 1 << limit for each imposed on it; 0: those of the suite that are for what the
	 * aggressor takes */
	unsigned limits;
};

/* For pairs of which one is a disk workload. */
struct neighbour_disk_settings {
	uint64_t bytes; /* of a data file for each of the two; 0: there is no such pair */
	uint64_t window_ns;
	unsigned rounds;
};

struct neighbour_settings {
	struct study_head head;
	struct neighbour_pair pairs[NEIGHBOUR_PAIRS_MAX];
	size_t pair_nr;
	unsigned limits; /* 1 << limit */
	unsigned rounds;
	/* the aggressor's slices are long, so that it does not wait to be asked */
	uint64_t window_ns, victim_slice_ns, aggressor_slice_ns;
	struct neighbour_disk_settings disk;
};

static inline bool neighbour_pair_uses_disk(const struct neighbour_pair *pair)
{
	return pair->victim->fio || pair->aggressor->fio;
}

#endif
