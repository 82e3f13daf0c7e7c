/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_limit.h"

/* In the order of neighbour_limits.def's words. */
#define LIMIT(id, word, text, what, most, beyond, how, verdict, protects) \
	[LIMIT_##id] = {.name = (word),                                   \
			.summary = (text),                                \
			.asked = (most),                                  \
			.tolerance = (beyond),                            \
			.set = (how),                                     \
			.judge = (verdict),                               \
			.resource = (what),                               \
			.on_victim = (protects)},

const struct neighbour_limit_def neighbour_limits[] = {
	LIMIT(NONE, "none", "none", RESOURCE_CPU, 0, 0, NULL, neighbour_judge_none, false)
#include "bench/study/neighbour_limits.def"
};
