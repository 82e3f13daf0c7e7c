/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/density.h"

#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/results/stats.h"

/* What stays with the host, whatever is asked of it. */
#define HOST_MEMORY_SHARE 0.25

static void study_release(struct density_study *study)
{
	residents_release(study->residents, study->places.nr);
	places_release(&study->places);
	free(study->cpus);
	free(study);
}
CLEANUP_DEFINE(study, struct density_study *, study_release)

static int choose_cpus(struct density_study *study, struct err *err)
{
	unsigned service;

	study->cpu_nr = topology_cpu_nr(study->session->topology);
	study->cpus = calloc(study->cpu_nr + 1, sizeof(*study->cpus));
	if (!study->cpus)
		return err_fail(err, ENOMEM, "no memory for CPUs");
	return topology_choose(study->session->topology, study->cpu_nr, study->cpus,
			       &service, err);
}

static void choose_counts(struct density_study *study)
{
	const struct density_settings *settings = study->settings;
	unsigned asked = study->session->options->instances;
	unsigned cpus = (unsigned)study->cpu_nr,
		 most = asked ? asked : density_most(cpus);

	if (!settings->count_nr) {
		study->count_nr = density_counts_auto(
			most, topology_core_nr(study->session->topology), cpus,
			study->counts);
		return;
	}
	if (!asked || asked > settings->counts[settings->count_nr - 1])
		most = settings->counts[settings->count_nr - 1];
	study->count_nr = density_counts_cut(settings->counts, settings->count_nr, most,
					     study->counts);
}

static int open_study(struct density_study *study, struct err *err)
{
	int rc = places_open(study->session, study->settings->head.memory_bytes,
			     &study->places, err);

	if (!rc && study->places.nr > DENSITY_PLACES_MAX)
		rc = err_fail(err, E2BIG, "more than %d platforms", DENSITY_PLACES_MAX);
	if (!rc)
		rc = choose_cpus(study, err);
	if (!rc)
		choose_counts(study);
	for (size_t i = 0; !rc && i < study->places.nr; i++) {
		study->residents[i].cpus = study->cpus;
		study->residents[i].cpu_nr = study->cpu_nr;
	}
	return rc;
}

__attribute__((format(printf, 3, 4))) static void
stop_place(struct density_study *study, size_t place, const char *format, ...)
{
	struct density_place *state = &study->state[place];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(state->stopped, sizeof(state->stopped), format, args);
	va_end(args);
	progress_note(&study->session->progress, "%s: %s",
		      study->places.list[place].platform->name, state->stopped);
}

/* Would `more` instances leave the host its share?  Their limit is what they may take. */
static bool has_memory(const struct density_study *study, unsigned more)
{
	struct footprint_reading now;
	struct err ignored = {0};
	double available;

	if (footprint_read(&now, &ignored))
		return false;
	available = -now.bytes[FOOTPRINT_USED];
	return (double)more * (double)study->settings->head.memory_bytes <
	       available * (1 - HOST_MEMORY_SHARE);
}

static int compare_starts(struct residents *residents, unsigned first, double *ret)
{
	double took[RESIDENTS_MAX];
	size_t nr = 0;

	for (unsigned i = first; i < residents->nr; i++)
		took[nr++] = (double)residents->list[i].open_to_hello_ns;
	if (!nr)
		return 0;
	gsl_sort(took, 1, nr);
	*ret = stats_quantile(took, nr, 0.5);
	return 0;
}

/* A worker in every instance that has none yet; the first one of all sets the slice. */
static int open_workers(struct density_study *study, size_t place, struct err *err)
{
	const struct density_settings *settings = study->settings;
	struct density_place *state = &study->state[place];
	struct residents *residents = &study->residents[place];
	int rc = residents_focus(&study->places, study->residents,
				 &study->places.list[place], err);

	for (; !rc && state->opened < residents->nr; state->opened++)
		rc = parallel_open(&residents->list[state->opened], settings->workload,
				   settings->size_bytes, study->session->plan.seed, err);
	if (!rc && !state->ops)
		rc = parallel_calibrate(&residents->list[0], settings->slice_ns,
					&state->ops, err);
	return rc;
}

/* Brings a place to N; a place that cannot follow stops there. */
static int grow(struct density_study *study, size_t place, unsigned instances,
		struct err *err)
{
	struct density_place *state = &study->state[place];
	struct residents *residents = &study->residents[place];
	struct density_step *step = &state->steps[state->step_nr];
	unsigned before = residents->nr;
	int rc;

	if (state->stopped[0])
		return 0;
	if (!has_memory(study, instances - before)) {
		stop_place(study, place, "no memory for %u instances", instances);
		return 0;
	}
	rc = residents_set_one(study->session, &study->places, place, residents,
			       instances, err);
	if (!rc && residents->failed) {
		stop_place(study, place, "instance %u did not start", residents->nr + 1);
		return 0;
	}
	if (!rc)
		rc = open_workers(study, place, err);
	if (rc && rc != -EINTR && !*study->session->options->stop) {
		stop_place(study, place, "%.150s", err->text);
		err_clear(err);
		return 0;
	}
	step->instances = instances;
	return rc ? rc : compare_starts(residents, before, &step->start_ns);
}

static void summarize(const struct parallel_member *members, size_t nr,
		      struct density_window *ret)
{
	double rates[RESIDENTS_MAX], p50[RESIDENTS_MAX], p99[RESIDENTS_MAX];

	*ret = (struct density_window){0};
	for (size_t i = 0; i < nr; i++) {
		rates[i] = members[i].ops_per_s;
		p50[i] = members[i].p50_ns;
		p99[i] = members[i].p99_ns;
		ret->total += rates[i];
	}
	gsl_sort(p50, 1, nr);
	gsl_sort(p99, 1, nr);
	ret->mean = ret->total / (double)nr;
	ret->jain = density_jain(rates, nr);
	ret->p50_ns = stats_quantile(p50, nr, 0.5);
	ret->p99_ns = p99[nr - 1]; /* of the instance that fares worst */
}

static const struct parallel_member *first_failure(const struct parallel_member *members,
						   size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (members[i].rc)
			return &members[i];
	return NULL;
}

static int window(struct density_study *study, size_t place, struct err *err)
{
	struct density_place *state = &study->state[place];
	struct residents *residents = &study->residents[place];
	struct density_step *step = &state->steps[state->step_nr];
	struct parallel_member members[RESIDENTS_MAX];
	const struct parallel_member *failed;
	int rc = residents_focus(&study->places, study->residents,
				 &study->places.list[place], err);

	for (unsigned i = 0; i < residents->nr; i++)
		members[i] = (struct parallel_member){.runner = &residents->list[i],
						      .ops = state->ops};
	if (!rc)
		rc = parallel_run(members, residents->nr, study->settings->window_ns,
				  err);
	if (rc)
		return rc;
	if (*study->session->options->stop)
		return err_fail(err, EINTR, "interrupted");
	failed = first_failure(members, residents->nr);
	if (failed)
		stop_place(study, place, "%.150s", failed->err.text);
	else
		summarize(members, residents->nr, &step->windows[step->nr++]);
	return 0;
}

static double mean_of(const struct density_step *step)
{
	double sum = 0;

	for (size_t i = 0; i < step->nr; i++)
		sum += step->windows[i].mean;
	return step->nr ? sum / (double)step->nr : 0;
}

/* With its worker's memory; what instances share is divided among them. */
static double mean_pss(struct residents *residents)
{
	double sum = 0;

	for (unsigned i = 0; i < residents->nr; i++) {
		struct account account = {0};
		struct err ignored = {0};

		if (residents->list[i].driver->account(residents->list[i].instance,
						       &account, &ignored))
			return 0;
		sum += (double)account.pss_bytes;
	}
	return residents->nr ? sum / residents->nr : 0;
}

/* The step is done: does the place go on? */
static void judge(struct density_study *study, size_t place)
{
	struct density_place *state = &study->state[place];
	double alone, now;

	if (state->stopped[0])
		return;
	state->steps[state->step_nr].pss_bytes = mean_pss(&study->residents[place]);
	alone = mean_of(&state->steps[0]);
	now = mean_of(&state->steps[state->step_nr++]);
	if (now < alone * study->settings->stop_share)
		stop_place(study, place,
			   "an instance gets %.0f %% of what one alone gets",
			   100 * now / alone);
}

static int step(struct density_study *study, unsigned instances, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++)
		rc = grow(study, i, instances, err);
	for (unsigned turn = 0; !rc && turn < study->settings->windows; turn++)
		for (size_t i = 0; !rc && i < study->places.nr; i++) {
			progress_show(&study->session->progress, instances, 0,
				      study->places.list[i].platform->name,
				      "instances at work", 0);
			if (!study->state[i].stopped[0])
				rc = window(study, i, err);
		}
	for (size_t i = 0; !rc && i < study->places.nr; i++)
		judge(study, i);
	return rc;
}

int density_run(struct session *session, const struct density_settings *settings,
		struct err *err)
{
	cleanup(study) struct density_study *study = calloc(1, sizeof(*study));
	int rc;

	if (!study)
		return err_fail(err, ENOMEM, "no memory for the study");
	study->session = session;
	study->settings = settings;
	rc = open_study(study, err);
	for (size_t i = 0; !rc && i < study->count_nr; i++)
		rc = step(study, study->counts[i], err);
	return rc ? rc : density_store(study, err);
}
