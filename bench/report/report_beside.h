/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_BESIDE_H
#define TARE_REPORT_BESIDE_H

/* How long a start takes beside running instances of the same platform. */
#include "bench/report/report.h"

struct beside {
	char platform[64];
	bool emulated;
	unsigned running;
	size_t nr;		  /* starts */
	double median, low, high; /* ms; stats_median_interval */
};
/* Calls row for every platform and, within it, every number of running instances,
 * ascending. */
int report_beside(const struct report *report,
		  void (*row)(const struct beside *beside, void *data), void *data,
		  struct err *err);

#endif
