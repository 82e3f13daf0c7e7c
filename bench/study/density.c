/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/density.h"

#include <errno.h>
#include <stdlib.h>

#include "bench/base/clock.h"

static void study_release(struct density_study *study)
{
	if (!study)
		return;
	residents_release(study->residents, study->places.nr);
	places_release(&study->places);
	free(study->members);
	free(study->cpus);
	free(study);
}
CLEANUP_DEFINE(study, struct density_study *, study_release)

static int open_study(struct density_study *study, struct err *err)
{
	int rc = places_open(study->session, study->settings->head.memory_bytes,
			     DENSITY_PLACES_MAX, &study->places, err);

	study->members = calloc(RESIDENTS_MAX, sizeof(*study->members));
	if (!rc && !study->members)
		rc = err_fail(err, ENOMEM, "no memory for the study");
	return rc ? rc : density_plan(study, err);
}

static int windows(struct density_study *study, unsigned instances, struct err *err)
{
	struct session *session = study->session;
	int rc = 0;

	for (unsigned turn = 0; !rc && turn < study->settings->windows; turn++)
		for (size_t i = 0; !rc && i < study->places.nr; i++) {
			progress_show(&session->progress, instances, 0,
				      study->places.list[i].platform->name,
				      "instances at work", 0);
			if (!stop_is_set(&study->state[i].stop))
				rc = density_window(study, i, err);
		}
	return rc;
}

static int step(struct density_study *study, unsigned instances, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++)
		rc = density_grow(study, i, instances, err);
	if (!rc)
		rc = windows(study, instances, err);
	for (size_t i = 0; !rc && i < study->places.nr; i++)
		density_judge(study, i);
	return rc;
}

static bool goes_on(const struct density_study *study)
{
	for (size_t i = 0; i < study->places.nr; i++)
		if (!stop_is_set(&study->state[i].stop))
			return true;
	return false;
}

/* What is not begun within the budget is left out. */
static void end_budget(struct density_study *study, unsigned instances)
{
	double spent_s = (double)(clock_now_ns() - study->session->begin_ns) / NS_PER_S;
	double budget_s = (double)study->session->plan.budget_ns / NS_PER_S;

	for (size_t i = 0; i < study->places.nr; i++) {
		struct density_place *state = &study->state[i];

		if (stop_is_set(&state->stop))
			continue;
		state->stopped_at = instances;
		stop_set(&state->stop, STOP_BUDGET, spent_s, budget_s,
			 "the budget of %.0f s was spent", budget_s);
	}
}

static int measure(struct density_study *study, struct err *err)
{
	uint64_t end_ns = study->session->begin_ns + study->session->plan.budget_ns;
	int rc = 0;

	for (size_t i = 0; !rc && goes_on(study) && i < study->count_nr; i++) {
		if (clock_now_ns() < end_ns || !i) {
			rc = step(study, study->counts[i], err);
			continue;
		}
		end_budget(study, study->counts[i]);
		return 1;
	}
	return rc;
}

int density_run(struct session *session, const struct density_settings *settings,
		struct err *err)
{
	cleanup(study) struct density_study *study = calloc(1, sizeof(*study));
	int rc, stored;

	if (!study)
		return err_fail(err, ENOMEM, "no memory for the study");
	study->session = session;
	study->settings = settings;
	rc = open_study(study, err);
	if (!rc)
		rc = measure(study, err);
	if (rc < 0)
		return rc;
	stored = density_store(study, err);
	return stored ? stored : rc;
}
