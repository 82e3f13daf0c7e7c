/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>
#include <string.h>

#include "bench/memcg/memcg_study.h"
#include "bench/base/units.h"

static unsigned halves(const struct options *options)
{
	if (!options->only)
		return MEMCG_OVERHEAD | MEMCG_BEHAVIOUR;
	return !strcmp(options->only, "overhead") ? MEMCG_OVERHEAD : MEMCG_BEHAVIOUR;
}

static int open_study(struct memcg_study *study, struct err *err)
{
	struct session *session = study->session;
	int rc = memcg_study_check(study, err);

	if (!rc)
		rc = session_open_suite(session, study->quick ? "memcg-quick" : "memcg",
					err);
	if (!rc && (study->name_nr || !(study->halves & MEMCG_OVERHEAD)))
		session->plan.disk_bytes = 0; /* no cell of it is measured */
	return rc;
}

static int measure(struct memcg_study *study, struct err *err)
{
	int rc = session_begin_study(study->session, err);

	if (!rc)
		rc = memcg_study_run(study, err);
	return session_end_study(study->session, rc, err);
}

static void print_end(const struct session *session)
{
	char took[UNITS_TEXT_MAX];

	if (session->options->format == FORMAT_TEXT && !session->options->quiet)
		printf("\nrun %lld took %s; 'tare report %lld' writes the chapter\n",
		       (long long)session->run, units_duration(session->elapsed_ns, took),
		       (long long)session->run);
}

static int run(const struct options *options)
{
	struct session session = {.options = options, .lock = -1};
	cleanup(session) struct session *guard = &session;
	struct memcg_study study = {.session = &session,
				    .halves = halves(options),
				    .names = options->argv,
				    .name_nr = (size_t)options->argc,
				    .quick = !options->full};
	struct err err = {0};
	bool opened;
	int rc;

	(void)guard;
	if (session_refuses(options, stderr))
		return EXIT_MEASUREMENT;
	progress_init(&session.progress, stderr, options->quiet);
	rc = open_study(&study, &err);
	opened = !rc;
	if (!rc)
		rc = measure(&study, &err);
	if (rc >= 0 && memcg_print(session.store, session.run, options->format, &err))
		rc = -err.code;
	if (rc >= 0)
		print_end(&session);
	else
		fprintf(stderr, "tare: %s\n", err.text);
	return session_exit(&session, rc, opened);
}

const struct command cmd_memcg = {
	.name = "memcg",
	.arguments = "[EXPERIMENT]...",
	.summary = "what the memory cgroup costs on this kernel, and how it behaves",
	.help = "Overhead: the suite memcg-quick (--full: memcg) compares groups of the\n"
		"memory controller with the root group, by what an operation charges;\n"
		"then bytes charged for each kernel object, and what the bytes that a\n"
		"group holds do to the cost. Behaviour: experiments with a verdict "
		"each.\n"
		"With EXPERIMENT names, only those are run.\n",
	.accepts =
		"store on budget seed format quiet config image scratch only full strict",
	.run = run,
};
