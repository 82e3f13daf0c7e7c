/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/footprint_study.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/base/clock.h"

#define WAIT_SLICE_US 20000
#define SETTLE_NS (250 * NS_PER_MS)
#define HOST_SHARE 0.25 /* of the memory available, stays with the host */

static void study_release(struct footprint_study *study)
{
	places_release(&study->places);
	free(study);
}
CLEANUP_DEFINE(study, struct footprint_study *, study_release)

int footprint_check_stop(const struct footprint_study *study, struct err *err)
{
	return *study->session->options->stop ? err_fail(err, EINTR, "interrupted") : 0;
}

int footprint_check_room(const struct footprint_study *study, unsigned more,
			 struct err *err)
{
	struct stop why;
	double bytes = (double)more * (double)study->settings->head.memory_bytes;

	return guard_admits(&study->guard, bytes, &why)
		       ? 0
		       : err_fail(err, ENOMEM, "%s", why.text);
}

int footprint_wait(const struct footprint_study *study, uint64_t ns, struct err *err)
{
	uint64_t end_ns = clock_now_ns() + ns;
	int rc = footprint_check_stop(study, err);

	while (!rc && clock_now_ns() < end_ns) {
		uint64_t left_us = (end_ns - clock_now_ns()) / NS_PER_US;

		(void)usleep((useconds_t)(left_us < WAIT_SLICE_US ? left_us + 1
								  : WAIT_SLICE_US));
		rc = footprint_check_stop(study, err);
	}
	return rc;
}

int footprint_read_settled(const struct footprint_study *study,
			   struct footprint_reading *ret, struct err *err)
{
	int rc = footprint_wait(study, SETTLE_NS, err);

	return rc ? rc : footprint_read(ret, err);
}

int footprint_read_control(const struct footprint_study *study, const uint64_t *times_ns,
			   size_t nr, struct footprint_reading *ret, struct err *err)
{
	int rc = footprint_read_settled(study, &ret[0], err);

	for (size_t i = 0; !rc && i < nr; i++) {
		uint64_t ns = times_ns[i] > SETTLE_NS ? times_ns[i] - SETTLE_NS : 0;

		rc = footprint_wait(study, ns, err);
		if (!rc)
			rc = footprint_read_settled(study, &ret[i + 1], err);
	}
	return rc;
}

int footprint_add_finding(struct footprint_study *study, struct store_experiment *row,
			  int64_t *ret, struct err *err)
{
	row->chapter = "footprint";
	row->platform = row->platform ? row->platform : "";
	row->condition = row->condition ? row->condition : "";
	row->numbers = row->numbers ? row->numbers : "{}";
	row->begin_ns = study->session->begin_ns;
	row->end_ns = clock_now_ns();
	return store_experiment_add(study->session->store, study->session->run, row, ret,
				    err);
}

int footprint_give_up(struct footprint_study *study, size_t place, int rc,
		      struct err *err)
{
	struct footprint_place *state = &study->state[place];

	if (!rc || rc == -EINTR || *study->session->options->stop)
		return rc;
	(void)snprintf(state->failed, sizeof(state->failed), "%.190s", err->text);
	progress_note(&study->session->progress, "%s: %s",
		      study->places.list[place].platform->name, state->failed);
	err_clear(err);
	return 0;
}

/* Platforms take turns, so that all see the same host. */
static int measure_rounds(struct footprint_study *study, struct err *err)
{
	const struct footprint_settings *settings = study->settings;
	uint64_t end_ns = clock_now_ns() + study->session->plan.budget_ns;
	int rc = 0;

	for (unsigned round = 0; !rc && round < settings->rounds; round++) {
		if (round >= FOOTPRINT_ROUNDS_MIN && clock_now_ns() >= end_ns)
			break;
		for (size_t i = 0; !rc && i < study->places.nr; i++) {
			progress_show(&study->session->progress, round, settings->rounds,
				      study->places.list[i].platform->name,
				      "memory, round by round", 0);
			if (!study->state[i].failed[0])
				rc = footprint_round(study, i, round, err);
		}
	}
	return rc;
}

int footprint_run(struct session *session, const struct footprint_settings *settings,
		  struct err *err)
{
	cleanup(study) struct footprint_study *study = calloc(1, sizeof(*study));
	int rc;

	if (!study)
		return err_fail(err, ENOMEM, "no memory for the study");
	study->session = session;
	study->settings = settings;
	study->group_bytes = (struct stats_mean){NAN, NAN, NAN};
	rc = guard_open(&study->guard, HOST_SHARE, 1, err);
	if (!rc)
		rc = places_open(session, settings->head.memory_bytes,
				 FOOTPRINT_PLACES_MAX, &study->places, err);
	if (!rc)
		rc = footprint_group(study, err);
	if (!rc)
		rc = measure_rounds(study, err);
	if (!rc)
		rc = footprint_store(study, err);
	if (!rc)
		rc = footprint_share(study, err);
	return rc ? rc : footprint_disk(study, err);
}
