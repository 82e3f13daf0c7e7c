/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/study.h"

#include <stdio.h>

/* As `tare show` prints it. */
static int show(const struct session *session)
{
	struct options options = *session->options;
	char run[24], *argv[] = {run, NULL};

	(void)snprintf(run, sizeof(run), "%lld", (long long)session->run);
	options.argc = 1;
	options.argv = argv;
	return cmd_show.run(&options);
}

int study_run(const struct options *options, const struct study_kind *kind,
	      void *settings,
	      int (*measure)(struct session *session, void *settings, struct err *err))
{
	struct session session = {.options = options, .lock = -1};
	cleanup(session) struct session *guard = &session;
	struct err err = {0};
	int rc;

	(void)guard;
	if (session_refuses(options, stderr))
		return EXIT_MEASUREMENT;
	progress_init(&session.progress, stderr, options->quiet);
	rc = session_open_study(&session, kind, settings, &err);
	if (rc) {
		fprintf(stderr, "tare: %s\n", err.text);
		return EXIT_USAGE;
	}
	rc = session_begin_study(&session, &err);
	if (!rc)
		rc = measure(&session, settings, &err);
	rc = session_end_study(&session, rc, &err);
	if (rc >= 0)
		return show(&session);
	fprintf(stderr, "tare: %s\n", err.text);
	return session_exit(&session, rc, true);
}
