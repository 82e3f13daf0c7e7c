/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_WORDS_H
#define TARE_REPORT_WORDS_H

/* Numbers of a report in words: with as many digits as the interval carries, and never
 * without it. */
#include "bench/report/report.h"

#define WORDS_MAX 96
/* "0.884 [0.862, 0.912]" */
const char *words_ratio(const struct stats_ratio *stats, char buffer[static WORDS_MAX]);
/* "12 % slower [9 %, 14 %]", "58 times slower [51, 72]" */
const char *words_effect(const struct stats_ratio *stats, char buffer[static WORDS_MAX]);
/* An A/A floor: "±3.2 %", "±147 %"; "–": none */
const char *words_floor(double floor, char buffer[static WORDS_MAX]);
/* A value in its metric's unit: "5.85 ns", "1.27 GB/s", "18.6 k IOPS"; "–": none */
const char *words_value(double value, const char *unit, char buffer[static WORDS_MAX]);

/* What stands out among the cells of one platform. */
#define WORDS_EFFECTS_MAX 128
struct effects {
	const struct result *list[WORDS_EFFECTS_MAX]; /* largest first */
	size_t nr, cells;			      /* effects; cells with a ratio */
	size_t undecided;	      /* interval too wide to say anything */
	double floor_low, floor_high; /* of all cells; NaN: no floors */
	bool emulated;
};
/* platform: as report_platform_name says it; disk cells, or CPU and memory cells */
void words_effects(const struct report *report, const char *platform, bool disk,
		   struct effects *ret);
/* "fork 12 % slower [9 %, 14 %], …": at most `most` of them, escaped for Markdown */
void words_list(const struct effects *effects, size_t most, FILE *to);

#endif
