/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_EXPORT_H
#define TARE_EXPORT_H

/* A run in the formats of other programs. Each writes all of it to `to`; -EIO: that
 * cannot be written. */
#include <stdio.h>

#include "bench/results/results.h"

struct export
{
	struct store *store;
	const struct results *results;
	char suite[64], host[64], version[32], started_utc[32];
};

int export_junit(const struct export *run, FILE *to, struct err *err);
int export_tap(const struct export *run, FILE *to, struct err *err);
int export_openmetrics(const struct export *run, FILE *to, struct err *err);
int export_hyperfine(const struct export *run, FILE *to, struct err *err);
int export_lkp(const struct export *run, FILE *to, struct err *err);

/*
 * A ratio as a test: it passes when it is as precise as the suite asked.  An A/A control
 * fails when its interval lies wholly outside 1 ± the target, for then the run sees
 * differences where there are none; an injected one when the run did not see it.
 */
enum export_state { EXPORT_PASSED, EXPORT_FAILED, EXPORT_SKIPPED };
#define EXPORT_TEXT_MAX 256
enum export_state export_check(const struct result *result,
			       char reason[static EXPORT_TEXT_MAX]);
/* "cgroup:host", "bare:host aa", "kvm:ide (emulated)" */
void export_platform(const struct result *result, char to[static EXPORT_TEXT_MAX]);
bool export_is_baseline(const struct result *result);
/* The next character of a text whose end is not reached, as every format can hold it:
 * what is no UTF-8, controls the output or does not show is '?'. Returns its bytes in
 * `text`. */
#define EXPORT_CHARACTER_MAX 5
size_t export_next(const char *text, char to[static EXPORT_CHARACTER_MAX]);
int export_end(FILE *to, struct err *err);

#endif
