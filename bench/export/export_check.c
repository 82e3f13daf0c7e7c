/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the exports share: a ratio as a test, and its name. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/base/utf8.h"
#include "bench/export/export.h"
#include "bench/report/report.h"
#include "bench/results/verdict.h"

#define PART_MAX 80
#define ROLE_MAX 20

static bool has_role(const struct result *result, enum arm_role role)
{
	return !strcmp(result->role, arm_role_name(role));
}

bool export_is_baseline(const struct result *result)
{
	return has_role(result, ROLE_BASELINE);
}

/* As many characters as fit, none of them cut. */
static void add(const char *text, size_t most, char to[static EXPORT_TEXT_MAX])
{
	char one[EXPORT_CHARACTER_MAX];
	size_t used = strlen(to), end = used + most;

	while (*text) {
		text += export_next(text, one);
		if (used + strlen(one) > end || end >= EXPORT_TEXT_MAX)
			return;
		memcpy(to + used, one, strlen(one) + 1);
		used += strlen(one);
	}
}

void export_platform(const struct result *result, char to[static EXPORT_TEXT_MAX])
{
	bool control = !has_role(result, ROLE_PLATFORM) && !export_is_baseline(result);
	char mark[RESULT_MARK_MAX];

	to[0] = '\0';
	add(result->platform, PART_MAX, to);
	add(":", 1, to);
	add(result->path, PART_MAX, to);
	add(control ? " " : "", 1, to);
	add(control ? result->role : "", ROLE_MAX, to);
	add(result->emulated ? " (emulated)" : "", sizeof(" (emulated)"), to);
	add(result_mark(result, mark), sizeof(mark), to);
}

size_t export_next(const char *text, char to[static EXPORT_CHARACTER_MAX])
{
	size_t length = utf8_visible(text);

	if (!length) {
		(void)snprintf(to, EXPORT_CHARACTER_MAX, "?");
		return 1;
	}
	memcpy(to, text, length);
	to[length] = '\0';
	return length;
}

int export_end(FILE *to, struct err *err)
{
	return ferror(to) ? err_fail(err, EIO, "cannot write the export") : 0;
}

/* Nothing ran that could have failed. */
static bool is_skipped(const struct result *result)
{
	uint64_t others = 0;

	for (int i = 0; i < OUTCOME_NR; i++)
		others += i == OUTCOME_UNSUPPORTED ? 0 : result->outcomes[i];
	return !others;
}

static enum export_state check_known(const struct result *result,
				     char reason[static EXPORT_TEXT_MAX])
{
	const struct stats_ratio *stats = &result->stats;

	if (has_role(result, ROLE_AA) && (log(stats->low) > result->precision ||
					  log(stats->high) < -result->precision)) {
		(void)snprintf(reason, EXPORT_TEXT_MAX,
			       "the baseline against itself is %.4f [%.4f, %.4f]",
			       stats->ratio, stats->low, stats->high);
		return EXPORT_FAILED;
	}
	if (has_role(result, ROLE_INJECTED) && stats->high >= 1) {
		(void)snprintf(reason, EXPORT_TEXT_MAX,
			       "%.3g %% more work was not seen: %.4f [%.4f, %.4f]",
			       100 * result->injected, stats->ratio, stats->low,
			       stats->high);
		return EXPORT_FAILED;
	}
	if (has_role(result, ROLE_PLATFORM) && !verdict_met(result)) {
		(void)snprintf(reason, EXPORT_TEXT_MAX,
			       "known to ±%.2g %%, ±%.2g %% was asked",
			       100 * stats->half_width, 100 * result->precision);
		return EXPORT_FAILED;
	}
	return EXPORT_PASSED;
}

enum export_state export_check(const struct result *result,
			       char reason[static EXPORT_TEXT_MAX])
{
	reason[0] = '\0';
	if (result->known)
		return check_known(result, reason);
	(void)snprintf(reason, EXPORT_TEXT_MAX, "no ratio: %s", result->why);
	return is_skipped(result) ? EXPORT_SKIPPED : EXPORT_FAILED;
}
