/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SESSION_H
#define TARE_SESSION_H

/*
 * What every command that measures holds: the host's lock, the owner's id and folder, the
 * platforms and the machine, the image, the store and the run's row in it.  `tare run`
 * adds a suite and its plan; a study (start, density, …) has neither.
 */
#include <limits.h>
#include <stdio.h>

#include "bench/base/cleanup.h"
#include "bench/cmd/cmd.h"
#include "bench/config/config_study.h"
#include "bench/host/image.h"
#include "bench/host/owner.h"
#include "bench/plan/plan.h"
#include "bench/plan/plan_select.h"
#include "bench/base/progress.h"
#include "bench/store/store.h"
#include "bench/host/topology.h"

/* In the order it is taken; begin with {.options = …, .lock = -1}. */
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
	uint64_t begin_ns, elapsed_ns;
	struct progress progress;
};

/* Gives everything back; safe on what was only begun. */
void session_release(struct session *session);
CLEANUP_DEFINE(session, struct session *, session_release)

/* The platforms' YAML and this machine's topology. */
int session_load_platforms(struct session *session, struct err *err);
/* --seed, the suite's, or one from the clock. */
uint64_t session_seed(const struct session *session);
/* The host's lock, what dead runs left removed, our own folder, the data file where the
 * plan has a disk. */
int session_take_host(struct session *session, struct err *err);
/* The run's row; then what the host is like. */
int session_begin_run(struct session *session, struct err *err);
int session_record_environment(struct session *session, struct err *err);
/* What a measurement's result is called in the store: 0 "done", 1 "budget", … */
const char *session_status(int rc);

/* A suite by its name or file, multiplied out into the plan; image and store. A failure
 * is the user's. */
int session_open_suite(struct session *session, const char *which, struct err *err);
int session_make_plan(struct session *session, struct err *err); /* of the suite */
/* Runs the plan: what schedule_run returns. */
int session_measure_suite(struct session *session, struct err *err);

/* A study is a run without a plan. Its suite, the one that the command names or else the
 * one of the kind's name, is read into `settings`, a struct of that kind; what all runs
 * have moves on to the session. The configuration (a failure is the user's), then the
 * host (a failure is the measurement's), then the end: returns rc, or why it could not
 * be stored. */
int session_open_study(struct session *session, const struct study_kind *kind,
		       void *settings, struct err *err);
/* Which platforms a study works on: --on, else the suite's, else all that are not hidden.
 * ret: of each of the set, zeroed at first. */
int session_select(const struct session *session, struct selected *ret, struct err *err);
/* The same of one without a suite: `name` stands in the run's suite column, `text`, what
 * was asked of it, where a suite's YAML would. */
int session_open_named(struct session *session, const char *name, const char *text,
		       struct err *err);
int session_begin_study(struct session *session, struct err *err);
int session_end_study(struct session *session, int rc, struct err *err);

/* With --strict: does this host have something to mend?  Says what, then: nothing is to
 * be measured, and the exit status is EXIT_MEASUREMENT. */
bool session_refuses(const struct options *options, FILE *to);

/* The exit status of a command that measures: rc is its result, `loaded` whether what was
 * asked of it could be read. */
enum exit_status session_exit(const struct session *session, int rc, bool loaded);

#endif
