/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/results/missing.h"
#include "bench/store/record.h"
#include "bench/results/results.h"
#include "bench/study/session.h"
#include "bench/store/store.h"
#include "bench/base/units.h"

CLEANUP_DEFINE(results, struct results *, results_release)

/* --- a run that goes on --- */

static int read_old_run(struct session *session, sqlite3_stmt *query, struct err *err)
{
	cleanup(json) json_t *options = NULL;
	const char *on;
	int rc;

	sqlite3_bind_int64(query, 1, session->run);
	if (sqlite3_step(query) != SQLITE_ROW)
		return err_fail(err, ENOENT, "there is no run %lld",
				(long long)session->run);
	options = json_loads((const char *)sqlite3_column_text(query, 3), 0, NULL);
	on = json_string_value(json_object_get(options, "on"));
	session->on = on ? strdup(on) : NULL;
	rc = suite_parse((const char *)sqlite3_column_text(query, 0),
			 (const char *)sqlite3_column_text(query, 1), &session->suite,
			 err);
	if (rc)
		return rc;
	session->suite.seed = (uint64_t)sqlite3_column_int64(query, 2);
	session->elapsed_ns = (uint64_t)sqlite3_column_int64(query, 4);
	session->suite.budget_ns = (uint64_t)sqlite3_column_int64(query, 5);
	return 0;
}

static int load_old_run(struct session *session, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = results_run_find(session->store, session->options->resume_run,
				  &session->run, err);

	if (rc)
		return rc;
	if (sqlite3_prepare_v2(
		    store_db(session->store),
		    "SELECT suite, suite_text, seed, options, elapsed_ns, budget_ns "
		    "FROM run WHERE id = ?1",
		    -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the run: %s",
				sqlite3_errmsg(store_db(session->store)));
	return read_old_run(session, query, err);
}

/* --- both --- */

/* A run that goes on is what it was: only its budget may change. */
static int check_resume(const struct options *options, struct err *err)
{
	const char *fixed = options->argc   ? "SUITE"
			    : options->on   ? "--on"
			    : options->seed ? "--seed"
					    : NULL;

	if (fixed)
		return err_fail(err, EINVAL,
				"--resume goes on with the run as it was begun: leave "
				"%s away, or start a new run",
				fixed);
	if (access(options->store, F_OK))
		return err_fail(err, errno,
				"cannot open the store '%s': %m; --store names another",
				options->store);
	return 0;
}

static int load_resumed(struct session *session, struct err *err)
{
	const struct options *options = session->options;
	int rc = check_resume(options, err);

	if (!rc)
		rc = store_open(options->store, STORE_CREATE, &session->store, err);
	if (!rc)
		rc = load_old_run(session, err);
	if (!rc)
		rc = session_load_platforms(session, err);
	if (!rc)
		rc = session_make_plan(session, err);
	if (!rc)
		rc = image_open(options->image, &session->image, err);
	return rc;
}

static int load(struct session *session, struct err *err)
{
	const struct options *options = session->options;

	return session->resumed
		       ? load_resumed(session, err)
		       : session_open_suite(session,
					    options->argc ? options->argv[0] : "quick",
					    err);
}

static int begin_or_resume(struct session *session, struct err *err)
{
	int rc = session->resumed ? store_run_resume(session->store, session->run, err)
				  : session_begin_run(session, err);

	if (rc || (session->resumed && record_is_there(session->store, session->run)))
		return rc;
	session->resumed = false; /* it ended so early that it is begun again */
	return session_record_environment(session, err);
}

static void print_end(const struct session *session, const char *status)
{
	char took[UNITS_TEXT_MAX];

	if (session->options->format == FORMAT_JSON)
		printf("{\"run\": %lld, \"status\": \"%s\", \"elapsed_ns\": %llu}\n",
		       (long long)session->run, status,
		       (unsigned long long)session->elapsed_ns);
	else if (session->options->format == FORMAT_CSV)
		printf("run,status,elapsed_ns\n%lld,%s,%llu\n", (long long)session->run,
		       status, (unsigned long long)session->elapsed_ns);
	else if (!session->options->quiet)
		printf("run %lld: %s after %s; see it with 'tare show %lld'\n",
		       (long long)session->run,
		       !strcmp(status, "budget")
			       ? "budget spent, some intervals wider than asked"
			       : status,
		       units_duration(session->elapsed_ns, took),
		       (long long)session->run);
}

/* The run has ended: that this cannot be said is no failure of it. */
static void warn_of_missing(struct session *session)
{
	struct results results = {0};
	cleanup(results) struct results *guard = &results;
	cleanup(free) char *missing = NULL;
	struct err ignored = {0};
	uint64_t budget_ns = 2 * session->plan.budget_ns;

	if (budget_ns < session->suite.budget_ns)
		budget_ns = session->suite.budget_ns;
	if (results_load(session->store, session->run, guard, &ignored) ||
	    missing_text(guard, &missing, &ignored) || !*missing)
		return;
	progress_note(
		&session->progress,
		"no ratio for want of time ('tare run --resume %lld --budget %llus' "
		"goes on): %s",
		(long long)session->run, (unsigned long long)(budget_ns / NS_PER_S),
		missing);
}

static int run_session(struct session *session, struct err *err)
{
	struct err ignored = {0};
	const char *status;
	int rc = session_take_host(session, err), ended;

	if (!rc)
		rc = begin_or_resume(session, err);
	if (rc && !session->run)
		return rc;
	if (!rc)
		rc = session_measure_suite(session, err);
	progress_end(&session->progress);
	status = session_status(rc);
	ended = store_run_end(session->store, session->run, status, session->elapsed_ns,
			      rc < 0 ? &ignored : err);
	if (ended && rc >= 0) /* the first failure is the one to tell */
		return err_because(err, "run %lld was measured, but not marked as ended",
				   (long long)session->run);
	print_end(session, status);
	if (rc == 1)
		warn_of_missing(session);
	return rc;
}

static int run(const struct options *options)
{
	struct session session = {
		.options = options, .lock = -1, .resumed = options->resume};
	cleanup(session) struct session *guard = &session;
	struct err err = {0};
	bool loaded;
	int rc;

	(void)guard;
	if (session_refuses(options, stderr))
		return EXIT_MEASUREMENT;
	progress_init(&session.progress, stderr, options->quiet);
	rc = load(&session, &err);
	loaded = !rc;
	if (loaded)
		rc = run_session(&session, &err);
	if (rc < 0) {
		progress_end(&session.progress);
		fprintf(stderr, "tare: %s\n", err.text);
	}
	return session_exit(&session, rc, loaded);
}

const struct command cmd_run = {
	.name = "run",
	.arguments = "[SUITE]",
	.summary = "measure a suite on every platform that works here",
	.help = "SUITE is a name in configs/suites or a YAML file (default: quick).\n"
		"Ctrl-C stops within seconds, cleans up and keeps every finished block;\n"
		"'tare run --resume RUN' goes on from there.\n"
		"The host's state is stored with the run; --strict refuses a host that "
		"'tare doctor'\n"
		"finds something to mend on.\n",
	.accepts = "store out on budget seed format quiet config image scratch resume "
		   "strict",
	.run = run,
};
