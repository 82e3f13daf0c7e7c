/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/show/show.h"

CLEANUP_DEFINE(results, struct results *, results_release)

static int show_run(const struct options *options, struct store *store, const char *which,
		    struct err *err)
{
	struct results results = {0};
	cleanup(results) struct results *guard = &results;
	int64_t run = 0;
	int rc = results_run_find(store, which, &run, err);

	if (rc)
		return rc;
	if (options->samples)
		return show_samples(store, run, options->format, err);
	rc = results_load(store, run, guard, err);
	if (rc)
		return rc;
	switch (options->format) {
	case FORMAT_JSON:
		return show_json(store, &results, err);
	case FORMAT_CSV:
		return show_csv(store, &results, err);
	default:
		return show_text(store, &results, err);
	}
}

static int run(const struct options *options)
{
	const char *which = options->argc ? options->argv[0] : "last";
	cleanup(store) struct store *store = NULL;
	struct err err = {0};
	int rc = store_open(options->store, STORE_READ, &store, &err);

	if (!rc && !strcmp(which, "all"))
		rc = show_runs(store, options->format, &err);
	else if (!rc)
		rc = show_run(options, store, which, &err);
	if (rc)
		fprintf(stderr, "tare: %s\n", err.text);
	return rc ? EXIT_USAGE : EXIT_DONE;
}

const struct command cmd_show = {
	.name = "show",
	.arguments = "[RUN|all]",
	.summary = "ratios of a run with intervals, or every sample",
	.help = "RUN is a run's number, 'last' (the default) or 'last~1', the one "
		"before;\n"
		"'all' lists the runs. A ratio above 1 is better than the platform that "
		"its\n"
		"heading names, for every metric. Of a run that has findings instead of\n"
		"ratios, CSV has the findings with their curves.\n"
		"--samples --format csv prints one row a sample.\n",
	.accepts = "store format samples",
	.run = run,
};
