/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PRECISION_SHOW_H
#define TARE_PRECISION_SHOW_H

/* Summaries of trials for people and programs. */
#include <jansson.h>

#include "bench/precision/precision_run.h"

struct precision_report {
	const struct precision_trials *trials;
	uint64_t seed, trial_ns, elapsed_ns;
};

int precision_show(const struct precision_report *report, enum format format,
		   struct err *err);
/* The same as JSON, a new reference; NULL: no memory. */
json_t *precision_json(const struct precision_report *report, struct err *err);

#endif
