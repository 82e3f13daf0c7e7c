/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/study/start.h"

/* What a round measures: each arm twice. */
struct samples {
	struct sample list[2 * START_ARMS_MAX];
	size_t nr;
};
struct round {
	struct samples starts, ends;
};

static struct sample *add_sample(struct samples *samples, uint32_t arm)
{
	size_t at = samples->nr++;
	struct sample *sample = &samples->list[at];

	memset(sample, 0xff, sizeof(*sample)); /* SAMPLE_NONE everywhere */
	sample->arm = arm;
	sample->position = (uint32_t)at;
	sample->outcome = OUTCOME_FAILED;
	sample->reason[0] = '\0';
	sample->ops = 1;
	sample->value = NAN;
	return sample;
}

static void set_time(struct sample *sample, uint64_t begin_ns, uint64_t wall_ns)
{
	sample->outcome = OUTCOME_OK;
	sample->host_begin_ns = begin_ns;
	sample->wall_ns = sample->host_wall_ns = wall_ns;
	sample->value = (double)wall_ns;
}

static void set_failure(struct sample *sample, struct err *err)
{
	(void)snprintf(sample->reason, sizeof(sample->reason), "%.150s", err->text);
	err_clear(err);
}

/* What a tool needs written down beforehand is no part of its start. */
static uint64_t begin_of(const struct runner *runner)
{
	bool tool = !runner->driver->probe;

	return tool ? runner->start.phases[0].end_ns : runner->begin_ns;
}

static int end_instance(struct runner *runner, struct sample *sample, struct err *err)
{
	uint64_t begin_ns = clock_now_ns();
	int rc = runner_stop(runner, err);

	if (rc == -EINTR)
		return rc;
	if (rc)
		set_failure(sample, err);
	else
		set_time(sample, begin_ns, clock_now_ns() - begin_ns);
	return 0;
}

/* One start and one end. Only an interruption is an error. */
static int measure(struct start_study *study, struct start_cell *cell, uint32_t arm,
		   struct round *round, struct err *err)
{
	struct place *place = cell->arms[arm];
	struct sample *start = add_sample(&round->starts, arm);
	struct sample *end = add_sample(&round->ends, arm);
	struct runner runner;
	int rc = residents_focus(&study->places, study->residents, place, err);

	if (rc)
		return rc;
	if (cell->cold)
		start_drop_image(study->session->image);
	rc = places_start(&study->places, place, &runner, err);
	if (rc == -EINTR || *study->session->options->stop)
		return rc ? rc : (runner_release(&runner), -EINTR);
	if (rc) {
		cell->failures[arm]++;
		set_failure(start, err);
		(void)snprintf(end->reason, sizeof(end->reason), "it did not start");
		return 0;
	}
	cell->failures[arm] = 0;
	set_time(start, begin_of(&runner),
		 runner.begin_ns + runner.open_to_hello_ns - begin_of(&runner));
	rc = end_instance(&runner, end, err);
	return rc ? rc : places_store_start(study->session, &runner, err);
}

static int measure_bound(struct start_study *study, struct start_cell *cell, uint32_t arm,
			 struct round *round, struct err *err)
{
	struct sample *start = add_sample(&round->starts, arm);
	uint64_t begin_ns = clock_now_ns(), wall_ns;
	int rc = residents_focus(&study->places, study->residents, cell->arms[arm], err);

	if (rc)
		return rc;
	rc = start_bound_measure(study, cell->bounds[arm], &wall_ns, err);
	if (rc == -EINTR || *study->session->options->stop)
		return rc ? rc : -EINTR;
	cell->failures[arm] = rc ? cell->failures[arm] + 1 : 0;
	if (rc)
		set_failure(start, err);
	else
		set_time(start, begin_ns, wall_ns);
	return 0;
}

static int measure_arm(struct start_study *study, struct start_cell *cell, uint32_t arm,
		       struct round *round, struct err *err)
{
	return cell->bounds[arm] ? measure_bound(study, cell, arm, round, err)
				 : measure(study, cell, arm, round, err);
}

static bool is_heavy(const struct start_cell *cell, uint32_t arm)
{
	return cell->arms[arm]->platform->driver->own_kernel && !cell->bounds[arm];
}

static size_t choose(const struct start_cell *cell, bool light, uint32_t *order)
{
	size_t nr = 0;

	for (uint32_t i = 0; i < cell->arm_nr; i++)
		if (cell->failures[i] < START_FAILURES_MAX &&
		    !(light && is_heavy(cell, i)))
			order[nr++] = i;
	return nr;
}

static int store(struct start_study *study, const struct start_rows *rows,
		 const struct samples *samples, uint64_t begin_ns, struct err *err)
{
	struct session *session = study->session;
	const struct store_block block = {.cell = rows->cell,
					  .epoch = study->next_epoch,
					  .sequence = study->next_sequence++,
					  .begin_ns = begin_ns,
					  .load1 = -1,
					  .psi_cpu = -1,
					  .steal_ns = SAMPLE_NONE};

	return store_block_add(session->store, &block, samples->list, samples->nr,
			       rows->arms, clock_now_ns() - session->begin_ns,
			       session->run, err);
}

int start_round(struct start_study *study, struct start_cell *cell, bool light,
		struct err *err)
{
	uint32_t order[START_ARMS_MAX];
	size_t nr = choose(cell, light, order);
	uint64_t begin_ns = clock_now_ns();
	struct round round = {.starts = {.nr = 0}, .ends = {.nr = 0}};
	int rc = 0;

	if (nr < 2)
		return 0;
	gsl_ran_shuffle(study->rng, order, nr, sizeof(order[0]));
	for (size_t i = 0; !rc && i < 2 * nr; i++)
		rc = measure_arm(study, cell, order[i < nr ? i : 2 * nr - 1 - i], &round,
				 err);
	if (!rc)
		rc = store(study, &cell->starts, &round.starts, begin_ns, err);
	if (!rc)
		rc = store(study, &cell->ends, &round.ends, begin_ns, err);
	study->next_epoch++;
	cell->rounds++;
	return rc;
}
