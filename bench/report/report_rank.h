/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_RANK_H
#define TARE_REPORT_RANK_H

/* Platforms of a run side by side, each over all its cells. */
#include "bench/report/report_words.h"

#define STANDINGS_MAX 32
struct standing {
	char name[96]; /* as report_platform_name says it */
	struct effects effects;
	/* Geometric mean of the cells' ratios, as SPEC means them (Fleming and Wallace,
	 * CACM 29(3), 1986); its interval from those of the cells, taken as independent
	 * of one another. */
	struct stats_ratio mean;
};
/* Compared platforms in the order of the plan, at most STANDINGS_MAX; disk paths, or CPU
 * and memory. Returns how many. */
size_t standings_of(const struct report *report, bool disk,
		    struct standing list[static STANDINGS_MAX]);
/* Leaves those that did not run emulated; returns how many. */
size_t standings_native(struct standing *list, size_t nr);
/* The fastest first. */
void standings_rank(struct standing *list, size_t nr);

#endif
