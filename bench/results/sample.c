/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/sample.h"

#include <stdarg.h>
#include <stdio.h>

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOME_NR] = {
		[OUTCOME_OK] = "ok",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_TIMEOUT] = "timeout",
		[OUTCOME_UNSUPPORTED] = "unsupported",
		[OUTCOME_MISMATCH] = "mismatch",
		[OUTCOME_CLOCK] = "clock",
		[OUTCOME_MOVED] = "moved",
		[OUTCOME_CACHED] = "cached",
	};

	return names[outcome];
}

bool sample_is_measured(const struct sample *sample)
{
	return sample->outcome == OUTCOME_OK || sample->outcome == OUTCOME_CACHED;
}

void sample_judge(struct sample *sample, enum outcome outcome, const char *format, ...)
{
	va_list args;

	if (sample->outcome != OUTCOME_OK)
		return;
	sample->outcome = outcome;
	va_start(args, format);
	(void)vsnprintf(sample->reason, sizeof(sample->reason), format, args);
	va_end(args);
}
