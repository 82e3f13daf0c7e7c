/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/schedule/fio.h"
#include "bench/schedule/scheduler.h"

#define DROP_TIMEOUT_NS (30 * NS_PER_S)

/* One mirrored block over all arms of a cell that still want time. */
struct turn {
	struct slice slice;
	struct sample samples[2]; /* on the way there and on the way back */
	bool lost;		  /* its agent is gone: no more slices in this block */
};
struct disk_block {
	const struct cell *cell;
	struct turn *turns; /* in the drawn order */
	size_t nr;
	uint64_t data_bytes, seed;
};

static bool takes_part(const struct scheduler *scheduler, const struct arm *arm)
{
	const struct arm_state *state = &scheduler->arms.list[arm->index];
	const struct cell *cell = &scheduler->plan->cells[arm->cell];

	if (arm->role == ROLE_BASELINE)
		return true;
	return !state->dead && !arm_is_met(state, cell);
}

/* Starts what takes part; an arm whose platform does not start stays out. */
static int gather(struct scheduler *scheduler, struct disk_block *block, struct err *err)
{
	const struct cell *cell = block->cell;

	for (uint32_t i = 0; i < cell->arm_nr; i++) {
		const struct arm *arm = &scheduler->plan->arms[cell->first_arm + i];
		struct turn *turn = &block->turns[block->nr];
		int rc;

		if (!takes_part(scheduler, arm))
			continue;
		rc = scheduler_runner(scheduler, arm, &turn->slice.runner, err);
		if (rc && arm->role != ROLE_BASELINE) {
			rc = scheduler_forgive(scheduler, rc, cell, err);
			if (!rc)
				rc = arms_add_epoch(&scheduler->arms, arm->index, NULL, 0,
						    err);
			if (rc)
				return rc;
			continue;
		}
		if (rc)
			return rc;
		turn->slice.cell = cell;
		turn->slice.arm = arm;
		block->nr++;
	}
	return 0;
}

static int focus(struct scheduler *scheduler, const struct disk_block *block,
		 struct err *err)
{
	cleanup(free) struct runner **in_use =
		calloc(block->nr + 1, sizeof(struct runner *));
	int rc;

	if (!in_use)
		return err_fail(err, ENOMEM, "no memory for a block");
	for (size_t i = 0; i < block->nr; i++)
		in_use[i] = block->turns[i].slice.runner;
	rc = scheduler_focus(scheduler, in_use, block->nr, err);
	for (size_t i = 0; !rc && i < block->nr; i++) /* guests wait for their turn */
		if (in_use[i]->driver->own_kernel)
			rc = runner_pause(in_use[i], err);
	return rc;
}

/* Direct cells find every cache cold; what goes through the cache was warmed before. */
static int set_caches(const struct slice *slice, struct err *err)
{
	struct runner *runner = slice->runner;
	int rc;

	if (!slice->cell->workload->fio->direct)
		return 0;
	scratch_drop_cache(runner->spec.scratch);
	if (!runner->driver->own_kernel)
		return 0;
	rc = runner_resume(runner, err);
	return rc ? rc : channel_drop_caches(&runner->channel, DROP_TIMEOUT_NS, err);
}

/* The instance is of no use any more; other paths through it are lost as well. */
static void lose(struct disk_block *block, struct runner *runner)
{
	runner_release(runner);
	for (size_t i = 0; i < block->nr; i++)
		block->turns[i].lost |= block->turns[i].slice.runner == runner;
}

static void mark_lost(struct turn *turn, int way)
{
	struct sample *sample = &turn->samples[way];

	memset(sample, 0xff, sizeof(*sample));
	sample->arm = turn->slice.arm->index;
	sample->position = turn->slice.position;
	sample->outcome = OUTCOME_FAILED;
	sample->value = NAN;
	(void)snprintf(sample->reason, sizeof(sample->reason),
		       "the instance was lost earlier in this block");
}

static int take_turn(struct scheduler *scheduler, struct disk_block *block,
		     struct turn *turn, int way, struct err *err)
{
	int rc;

	if (turn->lost) {
		mark_lost(turn, way);
		return 0;
	}
	rc = scratch_verify(scheduler->set->scratch, &scheduler->mark, err);
	if (!rc)
		rc = set_caches(&turn->slice, err);
	if (rc)
		mark_lost(turn, way);
	else
		rc = slice_fio(&turn->slice, block->data_bytes, block->seed,
			       &turn->samples[way], err);
	if (rc && rc != -EINTR)
		lose(block, turn->slice.runner);
	return scheduler_forgive(scheduler, rc, block->cell, err);
}

static int warm(struct scheduler *scheduler, struct disk_block *block, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < block->nr; i++) {
		struct turn *turn = &block->turns[i];

		if (turn->lost)
			continue;
		rc = scratch_verify(scheduler->set->scratch, &scheduler->mark, err);
		if (!rc)
			rc = slice_warm(&turn->slice, block->data_bytes, err);
		if (rc && rc != -EINTR)
			lose(block, turn->slice.runner);
		rc = scheduler_forgive(scheduler, rc, block->cell, err);
	}
	return rc;
}

static int run_turns(struct scheduler *scheduler, struct disk_block *block,
		     struct err *err)
{
	int rc = block->cell->workload->fio->direct ? 0 : warm(scheduler, block, err);

	for (size_t i = 0; !rc && i < 2 * block->nr; i++) {
		bool back = i >= block->nr;
		struct turn *turn = &block->turns[back ? 2 * block->nr - 1 - i : i];

		turn->slice.position = (uint32_t)i;
		rc = take_turn(scheduler, block, turn, back, err);
	}
	return rc;
}

static const struct turn *baseline_of(const struct disk_block *block)
{
	for (size_t i = 0; i < block->nr; i++)
		if (block->turns[i].slice.arm->role == ROLE_BASELINE)
			return &block->turns[i];
	return NULL;
}

/* What a cache served is known as precisely as asked, too. */
static bool turn_is_measured(const struct turn *turn)
{
	return sample_is_measured(&turn->samples[0]) &&
	       sample_is_measured(&turn->samples[1]);
}

static bool turn_is_ok(const struct turn *turn)
{
	return turn->samples[0].outcome == OUTCOME_OK &&
	       turn->samples[1].outcome == OUTCOME_OK;
}

static int add_ratios(struct scheduler *scheduler, const struct disk_block *block,
		      struct err *err)
{
	const struct turn *base = baseline_of(block);
	int rc = 0;

	for (size_t i = 0; !rc && i < block->nr; i++) {
		const struct turn *turn = &block->turns[i];
		bool ok = turn_is_ok(base) && turn_is_measured(turn);
		double ratio = 0;

		if (turn == base)
			continue;
		for (int way = 0; ok && way < 2; way++)
			ratio += scheduler_log_ratio(block->cell, &base->samples[way],
						     &turn->samples[way]) /
				 2;
		rc = arms_add_epoch(&scheduler->arms, turn->slice.arm->index, &ratio, ok,
				    err);
	}
	return rc;
}

static int store_turns(struct scheduler *scheduler, const struct disk_block *block,
		       uint64_t epoch, struct err *err)
{
	cleanup(free) struct sample *samples = calloc(2 * block->nr, sizeof(*samples));

	if (!samples)
		return err_fail(err, ENOMEM, "no memory for a block");
	for (size_t i = 0; i < block->nr; i++)
		for (int way = 0; way < 2; way++)
			samples[block->turns[i].samples[way].position] =
				block->turns[i].samples[way];
	return scheduler_store(scheduler, block->cell, epoch, samples, 2 * block->nr,
			       err);
}

int scheduler_disk_block(struct scheduler *scheduler, struct cell *cell, struct err *err)
{
	cleanup(free) struct turn *turns = calloc(cell->arm_nr, sizeof(*turns));
	struct disk_block block = {
		.cell = cell,
		.turns = turns,
		.data_bytes = fio_data_bytes(cell, scheduler->plan->disk_bytes),
		.seed = gsl_rng_get(scheduler->rng),
	};
	uint64_t epoch = scheduler->record.next_epoch, begin_ns;
	int rc;

	if (!turns)
		return err_fail(err, ENOMEM, "no memory for a block");
	rc = gather(scheduler, &block, err);
	scheduler->record.next_epoch++;
	if (rc || block.nr < 2)
		return rc;
	begin_ns = clock_now_ns();
	gsl_ran_shuffle(scheduler->rng, turns, block.nr, sizeof(*turns));
	rc = focus(scheduler, &block, err);
	if (!rc)
		rc = run_turns(scheduler, &block, err);
	if (!rc)
		rc = store_turns(scheduler, &block, epoch, err);
	cell->last_ns = clock_now_ns() - begin_ns;
	return rc ? rc : add_ratios(scheduler, &block, err);
}
