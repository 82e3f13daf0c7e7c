/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/cgroup/cgroup.h"
#include "bench/base/clock.h"
#include "bench/base/remove_tree.h"
#include "bench/host/environment.h"
#include "bench/base/json.h"
#include "bench/host/reap.h"
#include "bench/host/scratch.h"
#include "bench/base/units.h"
#include "bench/base/version.h"

void session_release(struct session *session)
{
	scratch_remove(session->scratch);
	if (session->beside) /* ours, unless something else is in it */
		(void)rmdir(session->beside);
	free(session->scratch);
	free(session->beside);
	free(session->on);
	if (session->run_dir[0])
		remove_tree(session->run_dir);
	cleanup_fd(&session->lock);
	store_close(session->store);
	plan_release(&session->plan);
	image_close(session->image);
	topology_close(session->topology);
	platform_set_release(&session->platforms);
	suite_release(&session->suite);
}
int session_load_platforms(struct session *session, struct err *err)
{
	int rc = platform_set_load(session->options->config, &session->platforms, err);

	return rc ? rc : topology_open(NULL, &session->topology, err);
}

uint64_t session_seed(const struct session *session)
{
	struct timespec now;

	if (session->options->seed)
		return session->options->seed;
	if (session->suite.seed)
		return session->suite.seed;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_sec * 1000003u + (uint64_t)now.tv_nsec) & 0x7fffffff;
}

/* Without a group of its own the run goes on: what needs one says that it has none. */
static void enter_group(struct session *session)
{
	struct err why = {0};

	if (cgroup_tenant_enter(session->owner, &why))
		progress_note(&session->progress, "no control group of its own: %s",
			      why.text);
}

int session_take_host(struct session *session, struct err *err)
{
	const char *where = session->options->scratch;
	size_t removed;
	int rc = owner_lock(&session->lock, err);

	if (!rc)
		rc = owner_self(session->owner, err);
	if (!rc)
		enter_group(session);
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
	if (session->plan.disk_bytes)
		progress_show(&session->progress, 0, 0, "writing the data file", "", 0);
	return rc ? rc
		  : scratch_make(where, session->owner, session->run_dir,
				 session->plan.disk_bytes, session->options->stop,
				 &session->scratch, err);
}

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

static char *options_json(const struct session *session)
{
	cleanup(json) json_t *root = json_object();
	const char *on = session->options->on ? session->options->on : session->suite.on;

	json_object_set_new(root, "on", on ? json_string(on) : json_null());
	json_object_set_new(root, "suite_name", json_string(session->suite.name));
	return json_dumps(root, JSON_COMPACT);
}

int session_begin_run(struct session *session, struct err *err)
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

int session_record_environment(struct session *session, struct err *err)
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

const char *session_status(int rc)
{
	return rc == 0	      ? "done"
	       : rc == 1      ? "budget"
	       : rc == -EINTR ? "interrupted"
			      : "failed";
}

int session_select(const struct session *session, struct selected *ret, struct err *err)
{
	const char *asked = session->options->on;
	char where[128];

	(void)snprintf(where, sizeof(where), "%.100s: on",
		       session->suite.file ? session->suite.file : "");
	return plan_select(&session->platforms, asked ? asked : session->suite.on,
			   asked ? "--on" : where, ret, err);
}

/* Are these platforms? */
static int check_on(const struct session *session, struct err *err)
{
	cleanup(free) struct selected *selected =
		calloc(session->platforms.nr + 1, sizeof(*selected));

	return selected ? session_select(session, selected, err)
			: err_fail(err, ENOMEM, "no memory for platforms");
}

static int open_rest(struct session *session, uint64_t budget_ns, struct err *err)
{
	const struct options *options = session->options;
	int rc = session_load_platforms(session, err);

	session->plan.seed = session_seed(session);
	session->plan.budget_ns = options->budget_ns ? options->budget_ns : budget_ns;
	if (!rc)
		rc = check_on(session, err);
	if (!rc)
		rc = image_open(options->image, &session->image, err);
	if (!rc)
		rc = store_open(options->store, STORE_CREATE, &session->store, err);
	return rc;
}

int session_open_study(struct session *session, const struct study_kind *kind,
		       void *settings, struct err *err)
{
	const struct options *options = session->options;
	struct study_head *head = settings;
	int rc =
		study_load(options->config, options->argc ? options->argv[0] : kind->name,
			   kind, settings, err);

	if (rc)
		return rc;
	session->suite = head->suite;
	head->suite = (struct suite){0};
	return open_rest(session, session->suite.budget_ns, err);
}

int session_open_named(struct session *session, const char *name, const char *text,
		       struct err *err)
{
	session->suite.name = strdup(name);
	session->suite.text = strdup(text);
	if (!session->suite.name || !session->suite.text)
		return err_fail(err, ENOMEM, "no memory for the study's name");
	return open_rest(session, 0, err);
}

int session_begin_study(struct session *session, struct err *err)
{
	int rc = session_take_host(session, err);

	if (!rc)
		rc = session_begin_run(session, err);
	session->begin_ns = clock_now_ns();
	return rc ? rc : session_record_environment(session, err);
}

int session_end_study(struct session *session, int rc, struct err *err)
{
	struct err own = {0};
	int ended;

	progress_end(&session->progress);
	if (!session->run)
		return rc;
	session->elapsed_ns = clock_now_ns() - session->begin_ns;
	ended = store_run_end(session->store, session->run, session_status(rc),
			      session->elapsed_ns, &own);
	return rc || !ended ? rc : err_fail(err, own.code, "%s", own.text);
}

bool session_refuses(const struct options *options, FILE *to)
{
	return options->strict && environment_refuse("", to);
}

enum exit_status session_exit(const struct session *session, int rc, bool loaded)
{
	if (rc >= 0) /* a spent budget was the user's: what it bought is a result */
		return EXIT_DONE;
	/* After Ctrl-C whatever failed did so because of it. */
	if (rc == -EINTR || *session->options->stop)
		return EXIT_INTERRUPTED;
	if (rc == -ENODEV)
		return EXIT_NOTHING;
	return loaded ? EXIT_MEASUREMENT : EXIT_USAGE;
}
