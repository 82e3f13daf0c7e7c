/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "environment.h"
#include "json.h"
#include "owner.h"
#include "reap.h"
#include "record.h"
#include "results.h"
#include "schedule.h"
#include "scratch.h"
#include "store.h"
#include "units.h"
#include "version.h"

/* Everything that a run holds, in the order it is taken. */
struct session {
	const struct options *options;
	struct suite suite;
	struct platform_set platforms;
	struct topology *topology;
	struct image *image;
	struct plan plan;
	struct store *store;
	int64_t run;
	int lock;
	char owner[OWNER_MAX], run_dir[PATH_MAX];
	char *scratch, *on;
	char *beside; /* the default folder for data files, where it is used */
	bool resumed;
	uint64_t elapsed_ns;
	struct progress progress;
};

static void session_release(struct session *session)
{
	scratch_remove(session->scratch);
	if (session->beside) /* ours, unless something else is in it */
		(void)rmdir(session->beside);
	free(session->scratch);
	free(session->beside);
	free(session->on);
	if (session->run_dir[0])
		reap_remove_tree(session->run_dir);
	cleanup_fd(&session->lock);
	store_close(session->store);
	plan_release(&session->plan);
	image_close(session->image);
	topology_close(session->topology);
	platform_set_release(&session->platforms);
	suite_release(&session->suite);
}
CLEANUP_DEFINE(session, struct session *, session_release)

/* The command as typed, blanks between words. */
static char *command_text(const struct options *options)
{
	cleanup(free) char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	for (int i = 0; stream && i < options->command_argc; i++)
		fprintf(stream, "%s%s", i ? " " : "", options->command_argv[i]);
	if (!stream || fclose(stream))
		return NULL;
	return take_ptr(text);
}

static uint64_t choose_seed(const struct session *session)
{
	struct timespec now;

	if (session->options->seed)
		return session->options->seed;
	if (session->suite.seed)
		return session->suite.seed;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_sec * 1000003u + (uint64_t)now.tv_nsec) & 0x7fffffff;
}

static int make_plan(struct session *session, struct err *err)
{
	const struct options *options = session->options;
	const char *on = session->on ? session->on : options->on;
	int rc = plan_make(&session->suite, &session->platforms, on, session->topology,
			   &session->plan, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < session->plan.note_nr; i++)
		progress_note(&session->progress, "%s", session->plan.notes[i]);
	if (options->budget_ns)
		session->plan.budget_ns = options->budget_ns;
	if (!session->resumed)
		session->plan.seed = choose_seed(session);
	return 0;
}

static int load_platforms(struct session *session, struct err *err)
{
	int rc = platform_set_load(session->options->config, &session->platforms, err);

	return rc ? rc : topology_open(NULL, &session->topology, err);
}

/* --- a new run --- */

static char *options_json(const struct session *session)
{
	cleanup(json) json_t *root = json_object();
	const char *on = session->options->on ? session->options->on : session->suite.on;

	json_object_set_new(root, "on", on ? json_string(on) : json_null());
	json_object_set_new(root, "suite_name", json_string(session->suite.name));
	return json_dumps(root, JSON_COMPACT);
}

static int begin_run(struct session *session, struct err *err)
{
	cleanup(free) char *command = command_text(session->options);
	cleanup(free) char *json = options_json(session);
	struct store_run run = {
		.suite = session->suite.name,
		.suite_text = session->suite.text,
		.command = command,
		.version = TARE_VERSION,
		.options = json,
		.seed = session->plan.seed,
		.budget_ns = session->plan.budget_ns,
	};

	if (!command || !json)
		return err_fail(err, ENOMEM, "no memory for the run's record");
	return store_run_begin(session->store, &run, &session->run, err);
}

static int record_environment(struct session *session, struct err *err)
{
	struct facts facts = {0};
	int rc = environment_read(session->topology, session->image, session->scratch,
				  &facts, err);

	for (size_t i = 0; !rc && i < facts.nr; i++)
		rc = store_environment_add(session->store, session->run,
					   facts.list[i].name, facts.list[i].got,
					   facts.list[i].source, err);
	facts_release(&facts);
	return rc;
}

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

static int load(struct session *session, struct err *err)
{
	const struct options *options = session->options;
	int rc = 0;

	if (session->resumed) {
		rc = check_resume(options, err);
		if (rc)
			return rc;
		rc = store_open(options->store, STORE_CREATE, &session->store, err);
		if (!rc)
			rc = load_old_run(session, err);
	} else {
		rc = suite_load(options->config,
				options->argc ? options->argv[0] : "quick",
				&session->suite, err);
	}
	if (!rc)
		rc = load_platforms(session, err);
	if (!rc)
		rc = make_plan(session, err);
	if (!rc)
		rc = image_open(options->image, &session->image, err);
	if (!rc && !session->store)
		rc = store_open(options->store, STORE_CREATE, &session->store, err);
	return rc;
}

static int take_host(struct session *session, struct err *err)
{
	const char *where = session->options->scratch;
	size_t removed;
	int rc = owner_lock(&session->lock, err);

	if (!rc)
		rc = owner_self(session->owner, err);
	if (!rc)
		rc = reap_all(&removed, err);
	if (rc)
		return rc;
	if (removed)
		progress_note(&session->progress,
			      "removed %zu things that a dead run left", removed);
	rc = reap_make_run_dir(session->owner, session->run_dir, sizeof(session->run_dir),
			       err);
	if (!rc && !where) {
		const char *slash = strrchr(session->options->store, '/');
		int length = slash ? (int)(slash - session->options->store) : 1;

		if (asprintf(&session->beside, "%.*s/scratch", length,
			     slash ? session->options->store : ".") < 0) {
			session->beside = NULL;
			return err_fail(err, ENOMEM, "no memory for a path");
		}
		where = session->beside;
	}
	progress_show(&session->progress, 0, 0, "writing the data file", "", 0);
	return rc ? rc
		  : scratch_make(where, session->owner, session->run_dir,
				 session->plan.disk_bytes, session->options->stop,
				 &session->scratch, err);
}

static int measure(struct session *session, struct err *err)
{
	struct schedule schedule = {
		.suite = &session->suite,
		.plan = &session->plan,
		.image = session->image,
		.topology = session->topology,
		.store = session->store,
		.run = session->run,
		.scratch = session->scratch,
		.run_dir = session->run_dir,
		.progress = &session->progress,
		.stop = session->options->stop,
		.resumed = session->resumed,
		.elapsed_ns = session->elapsed_ns,
	};
	int rc = schedule_run(&schedule, err);

	session->elapsed_ns = schedule.elapsed_ns;
	return rc;
}

static const char *status_of(int rc)
{
	return rc == 0	      ? "done"
	       : rc == 1      ? "budget"
	       : rc == -EINTR ? "interrupted"
			      : "failed";
}

static int begin_or_resume(struct session *session, struct err *err)
{
	int rc = session->resumed ? store_run_resume(session->store, session->run, err)
				  : begin_run(session, err);

	if (rc || (session->resumed && record_is_there(session->store, session->run)))
		return rc;
	session->resumed = false; /* it ended so early that it is begun again */
	return record_environment(session, err);
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

static int run_session(struct session *session, struct err *err)
{
	struct err ignored = {0};
	const char *status;
	int rc = take_host(session, err);

	if (!rc)
		rc = begin_or_resume(session, err);
	if (rc && !session->run)
		return rc;
	if (!rc)
		rc = measure(session, err);
	progress_end(&session->progress);
	status = status_of(rc);
	(void)store_run_end(session->store, session->run, status, session->elapsed_ns,
			    &ignored);
	print_end(session, status);
	return rc;
}

static int exit_status(int rc, bool loaded)
{
	if (rc >= 0) /* a spent budget was the user's: what it bought is a result */
		return EXIT_DONE;
	if (rc == -EINTR)
		return EXIT_INTERRUPTED;
	if (rc == -ENODEV)
		return EXIT_NOTHING;
	return loaded ? EXIT_MEASUREMENT : EXIT_USAGE;
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
	progress_init(&session.progress, stderr, options->quiet);
	rc = load(&session, &err);
	loaded = !rc;
	if (loaded)
		rc = run_session(&session, &err);
	if (rc < 0) {
		progress_end(&session.progress);
		fprintf(stderr, "tare: %s\n", err.text);
	}
	/* After Ctrl-C whatever failed did so because of it. */
	if (rc < 0 && *options->stop)
		return EXIT_INTERRUPTED;
	return exit_status(rc, loaded);
}

const struct command cmd_run = {
	.name = "run",
	.arguments = "[SUITE]",
	.summary = "measure a suite on every platform that works here",
	.help = "SUITE is a name in configs/suites or a YAML file (default: quick).\n"
		"Ctrl-C stops within seconds, cleans up and keeps every finished block;\n"
		"'tare run --resume RUN' goes on from there.\n",
	.accepts = "store out on budget seed format quiet config image scratch resume",
	.run = run,
};
