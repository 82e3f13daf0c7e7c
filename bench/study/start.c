/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"

/* Rounds of the light platforms for each round in which guests take part. */
#define LIGHT_ROUNDS 3
#define HOST_SHARE 0.25 /* of its memory: idle instances leave it to the host */
#define ROUNDS_MIN 2	/* an interval needs two */

static void study_release(struct start_study *study)
{
	residents_release(study->residents, study->places.nr);
	places_release(&study->places);
	gsl_rng_free(study->rng);
	free(study);
}
CLEANUP_DEFINE(study, struct start_study *, study_release)

/* The tools that this host has no program for show it by failing. */
static int add_tool(struct start_study *study, size_t i, struct err *err)
{
	const struct place *place = &study->places.list[i];
	const struct driver *tool = place->platform->driver->tool;
	struct place *copy = &study->tools[i];

	if (!tool || !study->settings->tools)
		return 0;
	study->tool_platforms[i] = *place->platform;
	study->tool_platforms[i].driver = tool;
	study->tool_platforms[i].name = (char *)tool->name;
	*copy = *place;
	copy->platform = copy->spec.platform = &study->tool_platforms[i];
	for (size_t j = 0; j < i; j++) /* of two platforms with one tool the first */
		if (study->tools[j].platform &&
		    study->tools[j].platform->driver == tool) {
			copy->row = study->tools[j].row;
			return 0;
		}
	return store_platform_add(study->session->store, study->session->run,
				  copy->platform, 0, place->probe.state, tool->summary,
				  &copy->row, err);
}

static int open_study(struct start_study *study, struct err *err)
{
	int rc = places_open(study->session, study->settings->head.memory_bytes,
			     START_ARMS_MAX, &study->places, err);

	study->rng = gsl_rng_alloc(gsl_rng_mt19937);
	if (!rc && !study->rng)
		rc = err_fail(err, ENOMEM, "no memory for random numbers");
	if (!rc)
		gsl_rng_set(study->rng, (unsigned long)study->session->plan.seed);
	if (!rc)
		rc = guard_open(&study->guard, HOST_SHARE, 1, err);
	for (size_t i = 0; !rc && i < study->places.nr; i++)
		study->residents[i].guard = &study->guard;
	for (size_t i = 0; !rc && i < study->places.nr; i++)
		rc = add_tool(study, i, err);
	return rc ? rc : start_bounds_open(study, err);
}

/* Rounds until the time is up; guests take part in the first and every fourth. */
static int measure(struct start_study *study, struct start_cell *cell, uint64_t budget_ns,
		   struct err *err)
{
	uint64_t end_ns = clock_now_ns() + budget_ns;
	int rc = start_cell_add(study, cell, err);

	for (unsigned i = 0;
	     !rc && (i < ROUNDS_MIN * (LIGHT_ROUNDS + 1) || clock_now_ns() < end_ns);
	     i++) {
		progress_show(&study->session->progress, cell->rounds, 0,
			      *cell->what ? cell->what : "start", "", 0);
		rc = start_round(study, cell, i % (LIGHT_ROUNDS + 1) != 0, err);
	}
	return rc;
}

static int measure_all(struct start_study *study, const char *what, bool cold,
		       unsigned running, uint64_t budget_ns, struct err *err)
{
	struct start_cell cell = {.what = what, .cold = cold, .running = running};

	for (size_t i = 0; i < study->places.nr; i++)
		if (study->residents[i].nr >= running)
			cell.arms[cell.arm_nr++] = &study->places.list[i];
	if (!cold && !running)
		start_bounds_add(study, &cell);
	return cell.arm_nr < 2 ? 0 : measure(study, &cell, budget_ns, err);
}

/* The tool is the baseline here: above 1 we are faster than it. */
static int measure_tool(struct start_study *study, size_t i, uint64_t budget_ns,
			struct err *err)
{
	struct start_cell cell = {.arm_nr = 2};
	char what[48];

	(void)snprintf(what, sizeof(what), START_TOOL_LABEL,
		       study->places.list[i].platform->name,
		       study->tools[i].platform->name);
	cell.what = what;
	cell.arms[0] = &study->tools[i];
	cell.arms[1] = &study->places.list[i];
	return measure(study, &cell, budget_ns, err);
}

/* What a cell gets of the time.  Two guests against each other are few and long starts,
 * whose ratio is wanted more precisely than any other. */
#define CELL_SHARE 2
#define TOOL_SHARE 1
#define GUEST_TOOL_SHARE 6

static unsigned tool_share(const struct start_study *study, size_t i)
{
	if (!study->tools[i].platform)
		return 0;
	return study->places.list[i].platform->driver->own_kernel ? GUEST_TOOL_SHARE
								  : TOOL_SHARE;
}

static uint64_t one_share_ns(const struct start_study *study)
{
	const struct start_settings *settings = study->settings;
	uint64_t nr = CELL_SHARE * (settings->running_nr + settings->cold);

	for (size_t i = 0; i < study->places.nr; i++)
		nr += tool_share(study, i);
	return study->session->plan.budget_ns / nr;
}

/* Alone first: with nothing there, cold, against the tools; then beside more and more. */
static int measure_cells(struct start_study *study, struct err *err)
{
	const struct start_settings *settings = study->settings;
	uint64_t share_ns = one_share_ns(study);
	int rc = settings->cold
			 ? measure_all(study, "cold", true, 0, CELL_SHARE * share_ns, err)
			 : 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++)
		if (study->tools[i].platform)
			rc = measure_tool(study, i, tool_share(study, i) * share_ns, err);
	for (size_t i = 0; !rc && i < settings->running_nr; i++) {
		rc = residents_set(study->session, &study->places, study->residents,
				   settings->running[i], err);
		if (!rc)
			rc = measure_all(study, "", false, settings->running[i],
					 CELL_SHARE * share_ns, err);
	}
	return rc;
}

int start_run(struct session *session, const struct start_settings *settings,
	      struct err *err)
{
	cleanup(study) struct start_study *study = calloc(1, sizeof(*study));
	int rc;

	if (!study)
		return err_fail(err, ENOMEM, "no memory for the study");
	study->session = session;
	study->settings = settings;
	rc = open_study(study, err);
	if (!rc)
		rc = measure_cells(study, err);
	if (!rc)
		rc = start_claim_store(study, err);
	return rc ? rc : start_goals_store(study, err);
}
