/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/precision/precision_show.h"
#include "bench/study/session.h"
#include "bench/store/store_experiment.h"

#define BUDGET_NS (600 * NS_PER_S)
#define TRIAL_NS (5 * NS_PER_S)

CLEANUP_DEFINE(trials, struct precision_trials *, precision_trials_release)

/* The finding is what was measured; it answers no yes or no. */
static int record(const struct session *session, const struct precision_report *report,
		  struct err *err)
{
	cleanup(json) json_t *root = precision_json(report, err);
	cleanup(free) char *numbers = root ? json_dumps(root, JSON_COMPACT) : NULL;
	struct store_experiment experiment = {
		.chapter = "precision",
		.name = "schedules",
		.platform = "",
		.condition = "",
		.verdict = FINDING_INCONCLUSIVE,
		.answer = "error, interval, coverage and time of three schedules: see "
			  "numbers",
		.procedure = "tare precision",
		.numbers = numbers,
		.begin_ns = session->begin_ns,
		.end_ns = clock_now_ns(),
	};
	int64_t row;

	if (!numbers)
		return err_fail(err, ENOMEM, "no memory for the finding");
	return store_experiment_add(session->store, session->run, &experiment, &row, err);
}

static uint64_t trial_ns(const struct options *options)
{
	return options->trial_ns ? options->trial_ns : TRIAL_NS;
}

static int measure(struct session *session, struct err *err)
{
	const struct options *options = session->options;
	struct precision_trials trials = {0};
	cleanup(trials) struct precision_trials *guard = &trials;
	struct precision_report report = {
		.trials = guard,
		.seed = session->plan.seed,
		.trial_ns = trial_ns(options),
	};
	int rc = session_begin_study(session, err), shown = 0;

	if (!rc)
		rc = precision_run(session, report.trial_ns, guard, err);
	report.elapsed_ns = clock_now_ns() - session->begin_ns;
	progress_end(&session->progress);
	if (trials.nr) { /* what was measured is shown, also after Ctrl-C */
		struct err own = {0};

		shown = precision_show(&report, options->format, &own);
		if (!shown)
			shown = record(session, &report, &own);
		if (shown && !rc)
			rc = err_fail(err, -shown, "%s", own.text);
	}
	return session_end_study(session, rc, err);
}

static int run(const struct options *options)
{
	struct session session = {.options = options, .lock = -1};
	cleanup(session) struct session *guard = &session;
	uint64_t budget_ns = options->budget_ns ? options->budget_ns : BUDGET_NS;
	struct err err = {0};
	bool loaded;
	int rc;

	if (session_refuses(options, stderr))
		return EXIT_MEASUREMENT;
	progress_init(&session.progress, stderr, options->quiet);
	rc = precision_check(budget_ns, trial_ns(options), &err);
	if (!rc)
		rc = session_open_named(guard, "precision", "tare precision", &err);
	session.plan.budget_ns = budget_ns;
	loaded = !rc;
	if (loaded)
		rc = measure(guard, &err);
	if (rc < 0)
		fprintf(stderr, "tare: %s\n", err.text);
	return session_exit(guard, rc, loaded);
}

const struct command cmd_precision = {
	.name = "precision",
	.summary = "how precise this schedule is here, and those of other tools",
	.help = "Trials whose truth is known (bare metal against itself, and doing 0.5, "
		"1 "
		"and 2 %\nmore) by tare's schedule, by one side after the other in "
		"slices "
		"of the same\nlength, and by fresh runs of 100 ms, in turns under the "
		"same "
		"load: error,\ninterval, how often it holds the truth, time to ±1 %. Ten "
		"minutes unless --budget\nsays otherwise.\n",
	.accepts = "store budget trial seed format quiet config image scratch strict",
	.run = run,
};
