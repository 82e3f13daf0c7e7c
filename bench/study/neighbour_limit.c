/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_limit.h"

const struct neighbour_limit_def neighbour_limits[] = {
	{"none", "none", RESOURCE_CPU, 0, 0, NULL, neighbour_judge_none, false},
#define LIMIT(id, ...) {__VA_ARGS__},
#include "bench/study/neighbour_limits.def"
#undef LIMIT
};
