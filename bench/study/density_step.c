/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One place: up to N, a window of all N, and whether it goes on. */
#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>

#include "bench/study/density.h"

#define MEDIAN_MIN 6 /* fewer values hold no 95 % interval of their median */

static void tell(struct density_study *study, size_t place, unsigned instances)
{
	struct density_place *state = &study->state[place];

	state->stopped_at = instances;
	progress_note(&study->session->progress, "%s stops at %u instances: %s",
		      study->places.list[place].platform->name, instances,
		      state->stop.text);
}

/* Of a place that harms the host nothing stays. */
static bool check_host(struct density_study *study, size_t place, unsigned instances)
{
	if (guard_holds(&study->guard, &study->state[place].stop))
		return true;
	tell(study, place, instances);
	residents_release(&study->residents[place], 1);
	return false;
}

static struct stats_mean start_times(const struct residents *residents, unsigned first)
{
	double took[RESIDENTS_MAX];
	struct stats_mean ret = {NAN, NAN, NAN};
	size_t nr = 0;

	for (unsigned i = first; i < residents->nr; i++)
		took[nr++] = (double)residents->list[i].open_to_hello_ns;
	if (!nr)
		return ret;
	gsl_sort(took, 1, nr);
	ret.mean = stats_quantile(took, nr, 0.5);
	if (nr >= MEDIAN_MIN)
		stats_median_interval(took, nr, &ret.low, &ret.high);
	return ret;
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

/* Why it has fewer than it was to have. */
static void stop_short(struct density_study *study, size_t place, unsigned instances)
{
	const struct residents *residents = &study->residents[place];
	struct density_place *state = &study->state[place];

	state->stop = residents->stop;
	if (!stop_is_set(&state->stop))
		stop_set(&state->stop, STOP_START, residents->nr, instances,
			 "no more than %u start", residents->nr);
	tell(study, place, instances);
}

static int grow(struct density_study *study, size_t place, unsigned instances,
		struct err *err)
{
	struct residents *residents = &study->residents[place];
	int rc = residents_set_one(study->session, &study->places, place, residents,
				   instances, err);

	if (!rc && residents->nr < instances) {
		stop_short(study, place, instances);
		return 0;
	}
	return rc ? rc : open_workers(study, place, err);
}

int density_grow(struct density_study *study, size_t place, unsigned instances,
		 struct err *err)
{
	struct density_place *state = &study->state[place];
	struct residents *residents = &study->residents[place];
	struct density_step *step = &state->steps[state->step_nr];
	unsigned before = residents->nr;
	int rc;

	if (stop_is_set(&state->stop) || !check_host(study, place, instances))
		return 0;
	rc = grow(study, place, instances, err);
	if (rc == -EINTR || *study->session->options->stop)
		return rc;
	if (rc) {
		stop_set(&state->stop, STOP_FAILURE, instances, instances, "%.150s",
			 err->text);
		tell(study, place, instances);
		err_clear(err);
	}
	step->instances = instances;
	step->start_ns = start_times(residents, before);
	if (!stop_is_set(&state->stop))
		(void)check_host(study, place, instances);
	return 0;
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

static int work(struct density_study *study, size_t place, struct err *err)
{
	struct residents *residents = &study->residents[place];
	int rc = residents_focus(&study->places, study->residents,
				 &study->places.list[place], err);

	for (unsigned i = 0; i < residents->nr; i++)
		study->members[i] = (struct parallel_member){
			.runner = &residents->list[i], .ops = study->state[place].ops};
	if (!rc)
		rc = parallel_run(study->members, residents->nr,
				  study->settings->window_ns, err);
	if (!rc && *study->session->options->stop)
		rc = err_fail(err, EINTR, "interrupted");
	return rc;
}

int density_window(struct density_study *study, size_t place, struct err *err)
{
	struct density_place *state = &study->state[place];
	unsigned nr = study->residents[place].nr;
	struct density_step *step = &state->steps[state->step_nr];
	const struct parallel_member *failed;
	int rc = work(study, place, err);

	if (rc)
		return rc;
	failed = first_failure(study->members, nr);
	if (failed) {
		stop_set(&state->stop, STOP_FAILURE, nr, nr, "%.150s", failed->err.text);
		tell(study, place, nr);
		return 0;
	}
	summarize(study->members, nr, &step->windows[step->nr++]);
	(void)check_host(study, place, nr);
	step->available_bytes = study->guard.last.available;
	step->pressure = study->guard.last.pressure;
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

void density_judge(struct density_study *study, size_t place)
{
	struct density_place *state = &study->state[place];
	double alone, now;

	if (stop_is_set(&state->stop))
		return;
	state->steps[state->step_nr].pss_bytes = mean_pss(&study->residents[place]);
	alone = mean_of(&state->steps[0]);
	now = mean_of(&state->steps[state->step_nr++]);
	if (now >= alone * study->settings->stop_share)
		return;
	stop_set(&state->stop, STOP_SHARE, now / alone, study->settings->stop_share,
		 "an instance gets %.2f %% of what one alone gets, less than %.2f %%",
		 100 * now / alone, 100 * study->settings->stop_share);
	tell(study, place, study->residents[place].nr);
}
