/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOME_NR] = {
		[OUTCOME_OK] = "ok",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_TIMEOUT] = "timeout",
		[OUTCOME_UNSUPPORTED] = "unsupported",
		[OUTCOME_MISMATCH] = "mismatch",
		[OUTCOME_SUSPECT] = "suspect",
	};

	return names[outcome];
}
