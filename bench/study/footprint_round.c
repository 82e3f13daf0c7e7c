/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One step of a platform: the host is read, instances are started, it is read again, they
 * are put to work, it is read again, they are ended, it is read once more.  Its control
 * is four readings as far apart with nothing done between them.
 */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/cgroup/cgroup.h"
#include "bench/study/footprint_study.h"
#include "bench/study/parallel.h"

#define WORKLOAD "gups" /* has one table, of exactly the size asked for */
#define SLICE_TIMEOUT_NS (60 * NS_PER_S)

enum { BEFORE, IDLE, WORKING, AFTER, READINGS };

struct step {
	struct footprint_study *study;
	struct footprint_place *state;
	const struct place *place;
	unsigned instances, started;
	struct runner *runners; /* never moved: instances point into them */
	struct account *accounts;
	struct footprint_reading readings[READINGS];
};

static void step_release(struct step *step)
{
	while (step->started)
		runner_release(&step->runners[--step->started]);
	free(step->runners);
	free(step->accounts);
}
CLEANUP_DEFINE(step, struct step *, step_release)

/* Groups of the memory controller that carry our owner's id, and those in them. */
static double count_groups(const char *owner)
{
	struct cgroup_hierarchies all;
	struct err ignored = {0};
	const struct cgroup_hierarchy *memory =
		cgroup_hierarchies_read(&all, &ignored)
			? NULL
			: cgroup_hierarchy_with(&all, "memory");
	char *const roots[] = {(char *)(memory ? memory->dir : ""), NULL};
	FTS *walk = memory ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL)
			   : NULL;
	const FTSENT *entry;
	double nr = 0;

	while (walk && (entry = fts_read(walk)))
		nr += entry->fts_info == FTS_D && strstr(entry->fts_path, owner);
	if (walk)
		(void)fts_close(walk);
	return nr;
}

static int read_host(struct step *step, int which, struct err *err)
{
	struct footprint_reading *into = &step->readings[which];
	int rc = footprint_read_settled(step->study, into, err);

	if (!rc)
		into->values[FOOTPRINT_GROUPS] =
			count_groups(step->study->session->owner);
	return rc;
}

static int read_processes(const struct step *step, struct account *into, struct err *err)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < step->started; i++)
		rc = step->runners[i].driver->account(step->runners[i].instance, &into[i],
						      err);
	return rc;
}

static int start_all(struct step *step, struct err *err)
{
	int rc = 0;

	while (!rc && step->started < step->instances) {
		rc = footprint_check_stop(step->study, err);
		if (!rc)
			rc = places_start(&step->study->places, step->place,
					  &step->runners[step->started], err);
		step->started += !rc;
	}
	return rc;
}

/* A worker in each, which touches all its memory when it is opened, and works once. */
static int work_all(struct step *step, struct err *err)
{
	const struct workload *workload = workload_find(WORKLOAD);
	const struct proto_slice request = {.ops = 1};
	int rc = 0;

	for (unsigned i = 0; !rc && i < step->started; i++) {
		struct runner *runner = &step->runners[i];
		struct proto_result result;

		rc = parallel_open(runner, workload, step->study->settings->touch_bytes,
				   step->study->session->plan.seed, err);
		if (!rc)
			rc = channel_slice(&runner->channel, &request, SLICE_TIMEOUT_NS,
					   &result, err);
		if (!rc && result.status != PROTO_OK)
			rc = err_fail(err, EREMOTEIO, "%s: %s", workload->name,
				      result.error);
	}
	return rc;
}

static int end_all(struct step *step, struct err *err)
{
	int rc = 0;

	while (!rc && step->started)
		rc = runner_stop(&step->runners[--step->started], err);
	return rc;
}

static struct footprint_reading difference(const struct step *step, int which)
{
	struct footprint_reading each;

	footprint_difference(&step->readings[BEFORE], &step->readings[which],
			     &step->readings[AFTER], step->instances, &each);
	return each;
}

static void keep_step(struct step *step)
{
	struct footprint_reading idle = difference(step, IDLE);
	struct footprint_reading working = difference(step, WORKING);

	footprint_add(&step->state->idle, &idle, step->accounts, step->instances);
	footprint_add(&step->state->working, &working, step->accounts + step->instances,
		      step->instances);
	for (int i = BEFORE; i < AFTER; i++)
		step->state->times_ns[i] =
			step->readings[i + 1].at_ns - step->readings[i].at_ns;
}

static int live(struct step *step, struct err *err)
{
	int rc = read_host(step, BEFORE, err);

	if (!rc)
		rc = start_all(step, err);
	if (!rc)
		rc = read_host(step, IDLE, err);
	if (!rc)
		rc = read_processes(step, step->accounts, err);
	if (!rc)
		rc = work_all(step, err);
	if (!rc)
		rc = read_host(step, WORKING, err);
	if (!rc)
		rc = read_processes(step, step->accounts + step->instances, err);
	if (!rc)
		rc = end_all(step, err);
	return rc ? rc : read_host(step, AFTER, err);
}

static int measure_step(struct step *step, struct err *err)
{
	int rc = live(step, err);

	if (!rc)
		keep_step(step);
	return rc;
}

static void keep_control(const struct step *step)
{
	struct footprint_reading idle = difference(step, IDLE);
	struct footprint_reading working = difference(step, WORKING);

	footprint_add_control(&step->state->idle, &idle);
	footprint_add_control(&step->state->working, &working);
}

/* As long as the last step took, between each reading and the next. */
static int measure_control(struct step *step, struct err *err)
{
	int rc = footprint_read_control(step->study, step->state->times_ns, AFTER,
					step->readings, err);

	if (!rc)
		keep_control(step);
	return rc;
}

/* The image's files are in the cache from here on, and the driver's own memory is had. */
static int warm_up(struct step *step, struct err *err)
{
	unsigned instances = step->instances;
	int rc;

	step->instances = 1;
	rc = start_all(step, err);
	step->instances = instances;
	return rc ? rc : end_all(step, err);
}

static int measure_both(struct step *step, unsigned round, struct err *err)
{
	bool control_first = round % 2;
	int rc = round ? 0 : warm_up(step, err);

	if (!rc && control_first)
		rc = measure_control(step, err);
	if (!rc)
		rc = measure_step(step, err);
	if (!rc && !control_first)
		rc = measure_control(step, err);
	return rc;
}

int footprint_round(struct footprint_study *study, size_t place, unsigned round,
		    struct err *err)
{
	struct step step = {.study = study,
			    .state = &study->state[place],
			    .place = &study->places.list[place],
			    .instances = study->settings->instances};
	cleanup(step) struct step *guard = &step;
	int rc;

	step.runners = calloc(step.instances, sizeof(*step.runners));
	step.accounts = calloc(2 * (size_t)step.instances, sizeof(*step.accounts));
	(void)guard;
	if (!step.runners || !step.accounts)
		return err_fail(err, ENOMEM, "no memory for instances");
	rc = footprint_check_room(study, step.instances, err);
	if (!rc)
		rc = measure_both(&step, round, err);
	return footprint_give_up(study, place, rc, err);
}
