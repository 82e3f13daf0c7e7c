/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/missing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/plan/plan.h"

/* What failed, or was served from a cache, would do so again. */
static bool wants_time(const struct result *result)
{
	if (result->known || result->cached_known ||
	    !strcmp(result->role, arm_role_name(ROLE_BASELINE)) ||
	    !strcmp(result->state, readiness_name(UNAVAILABLE)))
		return false;
	for (size_t i = 0; i < OUTCOME_NR; i++)
		if (i != OUTCOME_OK && result->outcomes[i])
			return false;
	return true;
}

static void write_name(const struct result *result, FILE *to)
{
	bool disk = !strcmp(result->family, workload_family_name(FAMILY_DISK));

	fprintf(to, "%s%s%s", result->platform, disk ? ":" : "",
		disk ? result->path : "");
	if (strcmp(result->role, arm_role_name(ROLE_PLATFORM)) != 0)
		fprintf(to, " (%s)", result->role);
}

static void write_all(const struct results *results, FILE *to)
{
	const struct result *before = NULL;

	for (size_t i = 0; i < results->nr; i++) {
		const struct result *result = &results->list[i];

		if (!wants_time(result))
			continue;
		if (before && before->cell == result->cell)
			fputs(", ", to);
		else
			fprintf(to, "%s%s on ", before ? "; " : "", result->label);
		write_name(result, to);
		before = result;
	}
}

int missing_text(const struct results *results, char **ret, struct err *err)
{
	cleanup(free) char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (to)
		write_all(results, to);
	if (!to || fclose(to))
		return err_fail(err, ENOMEM, "no memory for a list of comparisons");
	*ret = take_ptr(text);
	return 0;
}
