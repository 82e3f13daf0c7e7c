/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session that measures a suite. */
#include "bench/schedule/schedule.h"
#include "bench/study/session.h"

int session_make_plan(struct session *session, struct err *err)
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
		session->plan.seed = session_seed(session);
	return 0;
}

int session_open_suite(struct session *session, const char *which, struct err *err)
{
	const struct options *options = session->options;
	int rc = suite_load(options->config, which, &session->suite, err);

	if (!rc)
		rc = session_load_platforms(session, err);
	if (!rc)
		rc = session_make_plan(session, err);
	if (!rc)
		rc = image_open(options->image, &session->image, err);
	if (!rc)
		rc = store_open(options->store, STORE_CREATE, &session->store, err);
	return rc;
}

int session_measure_suite(struct session *session, struct err *err)
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
