/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <errno.h>
#include <stdio.h>

#include "bench/base/cleanup.h"
#include "bench/compare/compare.h"

CLEANUP_DEFINE(comparison, struct comparison *, compare_release)

/* A gate that compared nothing has not been passed. */
static int judge(const struct comparison *comparison, const struct options *options)
{
	size_t beyond = 0;

	if (options->fail_on < 0)
		return EXIT_DONE;
	if (!comparison->compared) {
		fprintf(stderr, "tare: nothing could be compared\n");
		return EXIT_MEASUREMENT;
	}
	for (size_t i = 0; i < comparison->pair_nr; i++)
		beyond += compare_is_beyond(&comparison->pairs[i], options->fail_on);
	if (beyond)
		fprintf(stderr, "tare: %zu regression%s beyond %.3g %%\n", beyond,
			beyond == 1 ? "" : "s", 100 * options->fail_on);
	return beyond ? EXIT_MEASUREMENT : EXIT_DONE;
}

static int print(const struct comparison *comparison, const struct options *options,
		 struct err *err)
{
	switch (options->format) {
	case FORMAT_JSON:
		return compare_print_json(comparison, options->fail_on, err);
	case FORMAT_CSV:
		return compare_print_csv(comparison, err);
	default:
		return compare_print_text(comparison, err);
	}
}

static int run(const struct options *options)
{
	struct comparison comparison = {0};
	cleanup(comparison) struct comparison *guard = &comparison;
	struct err err = {0};
	int rc = compare_run_open(options->argv[0], options->store, options->stop,
				  &guard->a, &err);

	if (!rc)
		rc = compare_run_open(options->argv[1], options->store, options->stop,
				      &guard->b, &err);
	if (!rc)
		rc = compare_make(guard, &err);
	if (!rc)
		rc = print(guard, options, &err);
	if (!rc)
		return judge(guard, options);
	fprintf(stderr, "tare: %s\n", err.text);
	return rc == -EINTR ? EXIT_INTERRUPTED : EXIT_USAGE;
}

const struct command cmd_compare = {
	.name = "compare",
	.arguments = "RUN RUN",
	.summary = "what changed from one run to another, cell by cell",
	.help = "RUN is a run's number, 'last', 'last~1' (the one before) or FILE:RUN, a "
		"run of\n"
		"another store, which is checked as 'tare import' does. Every ratio is "
		"to its own run's baseline, so that hosts, "
		"kernels\n"
		"and configurations can be compared. A change is called a regression or "
		"an\n"
		"improvement only when it lies beyond the A/A floors of both runs and "
		"beyond what\n"
		"chance does in so many cells; emulated guests are never judged.\n"
		"With --fail-on 3% the exit status is 1 when a regression's whole "
		"interval lies\n"
		"beyond 3 %, or when nothing could be compared.\n",
	.accepts = "store format fail-on",
	.run = run,
};
