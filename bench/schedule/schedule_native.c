/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/schedule/calibrate.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/schedule/scheduler.h"

#define BLOCK_SLICES 4 /* ABBA or BAAB */
#define EPOCH_BLOCKS_MIN 2
#define EPOCH_BLOCKS_MAX 64
#define PHASES 64 /* kmem objects to hold: positions within a page of byte charges */

/* The two sides of an epoch. */
struct epoch {
	const struct cell *cell;
	struct slice sides[2]; /* the baseline, the arm */
	uint64_t number, seed, ops;
	double ratios[EPOCH_BLOCKS_MAX];
	size_t ratio_nr;
};

/* A worker that did not open is a sample too: the reader sees why there is no number. */
static int store_refusal(struct scheduler *scheduler, const struct epoch *epoch,
			 const struct slice *slice, const struct proto_ready *ready,
			 struct err *err)
{
	struct sample sample;

	memset(&sample, 0xff, sizeof(sample));
	sample.arm = slice->arm->index;
	sample.position = 0;
	sample.value = NAN;
	sample.outcome = slice_outcome(ready->status);
	(void)snprintf(sample.reason, sizeof(sample.reason), "%.150s", ready->error);
	if (sample.outcome == OUTCOME_UNSUPPORTED)
		scheduler->arms.list[slice->arm->index].dead = true;
	return scheduler_store(scheduler, epoch->cell, epoch->number, &sample, 1, err);
}

/* 1: both are open; 0: one refused, which is stored. */
static int open_sides(struct scheduler *scheduler, struct epoch *epoch, struct err *err)
{
	for (int i = 0; i < 2; i++) {
		const struct slice *slice = &epoch->sides[i];
		uint32_t phase = (uint32_t)gsl_rng_uniform_int(scheduler->rng, PHASES);
		struct proto_ready ready;
		int rc = slice_open_worker(slice, epoch->seed, phase, &ready, err);

		if (rc)
			return rc;
		if (ready.status == PROTO_OK)
			continue;
		rc = store_refusal(scheduler, epoch, slice, &ready, err);
		if (!rc && i == 1)
			rc = slice_close_worker(&epoch->sides[0], err);
		return rc;
	}
	return 1;
}

/* The n-th slices of both sides did the same work: their results must be the same. */
static void compare_checksums(const struct epoch *epoch, const struct sample *base,
			      struct sample *arm)
{
	if (epoch->sides[1].arm->injected != 0 || base->outcome != OUTCOME_OK ||
	    arm->outcome != OUTCOME_OK || base->checksum == arm->checksum)
		return;
	arm->outcome = OUTCOME_FAILED;
	(void)snprintf(arm->reason, sizeof(arm->reason),
		       "result %016llx differs from the baseline's %016llx",
		       (unsigned long long)arm->checksum,
		       (unsigned long long)base->checksum);
}

static bool all_ok(const struct sample *samples)
{
	for (int i = 0; i < BLOCK_SLICES; i++)
		if (samples[i].outcome != OUTCOME_OK)
			return false;
	return true;
}

/* One block: which side goes first is drawn, then mirrored. */
static int run_block(struct scheduler *scheduler, struct epoch *epoch, struct err *err)
{
	struct sample samples[BLOCK_SLICES], *by_side[2][2];
	int first = (int)gsl_rng_uniform_int(scheduler->rng, 2);
	int rc = 0;

	for (int i = 0; !rc && i < BLOCK_SLICES; i++) {
		int side = i == 0 || i == 3 ? first : !first;
		struct slice slice = epoch->sides[side];

		slice.position = (uint32_t)i;
		rc = slice_native(&slice, epoch->ops, scheduler->next_slice++,
				  &samples[i], err);
		by_side[side][i >= 2] = &samples[i];
		if (rc == -EINTR)
			return rc;
		if (rc) {
			(void)scheduler_store(scheduler, epoch->cell, epoch->number,
					      samples, (size_t)i + 1, &(struct err){0});
			return rc;
		}
	}
	compare_checksums(epoch, by_side[0][0], by_side[1][0]);
	compare_checksums(epoch, by_side[0][1], by_side[1][1]);
	if (all_ok(samples))
		epoch->ratios[epoch->ratio_nr++] =
			(scheduler_log_ratio(epoch->cell, by_side[0][0], by_side[1][0]) +
			 scheduler_log_ratio(epoch->cell, by_side[0][1], by_side[1][1])) /
			2;
	return scheduler_store(scheduler, epoch->cell, epoch->number, samples,
			       BLOCK_SLICES, err);
}

static int run_blocks(struct scheduler *scheduler, struct epoch *epoch, struct err *err)
{
	uint64_t until_ns = clock_now_ns() + scheduler->set->suite->epoch_ms * NS_PER_MS;
	int rc = 0;

	for (int i = 0; !rc && i < EPOCH_BLOCKS_MAX; i++) {
		if (i >= EPOCH_BLOCKS_MIN && clock_now_ns() >= until_ns)
			break;
		rc = run_block(scheduler, epoch, err);
	}
	return rc;
}

static int calibrate(struct scheduler *scheduler, struct cell *cell,
		     const struct slice *slice, struct err *err)
{
	int rc = calibrate_ops(slice, &cell->ops, err);

	return rc ? rc
		  : store_cell_ops(scheduler->record.store,
				   scheduler->record.cell_rows[cell->index], cell->ops,
				   err);
}

static int measure(struct scheduler *scheduler, struct epoch *epoch, struct err *err)
{
	struct cell *cell = &scheduler->plan->cells[epoch->cell->index];
	int rc = cell->ops ? 0 : calibrate(scheduler, cell, &epoch->sides[0], err);

	epoch->ops = arm_ops(epoch->sides[1].arm, cell->ops);
	if (!rc)
		rc = open_sides(scheduler, epoch, err);
	if (rc <= 0)
		return rc;
	rc = run_blocks(scheduler, epoch, err);
	for (int i = 0; !rc && i < 2; i++)
		rc = slice_close_worker(&epoch->sides[i], err);
	return rc;
}

static int prepare(struct scheduler *scheduler, struct epoch *epoch,
		   const struct arm *arm, struct err *err)
{
	const struct arm *pair[2] = {&scheduler->plan->arms[epoch->cell->first_arm], arm};
	struct runner *in_use[2];
	int rc = 0;

	for (int i = 0; !rc && i < 2; i++) {
		rc = scheduler_runner(scheduler, pair[i], &in_use[i], err);
		if (!rc)
			epoch->sides[i] = (struct slice){
				.runner = in_use[i], .cell = epoch->cell, .arm = pair[i]};
	}
	return rc ? rc : scheduler_focus(scheduler, in_use, 2, err);
}

int scheduler_native_epoch(struct scheduler *scheduler, const struct arm *arm,
			   struct err *err)
{
	cleanup(free) struct epoch *epoch = calloc(1, sizeof(*epoch));
	int rc;

	if (!epoch)
		return err_fail(err, ENOMEM, "no memory for an epoch");
	epoch->cell = &scheduler->plan->cells[arm->cell];
	epoch->number = scheduler->record.next_epoch;
	epoch->seed = gsl_rng_get(scheduler->rng);
	rc = prepare(scheduler, epoch, arm, err);
	scheduler->record.next_epoch++;
	if (!rc)
		rc = measure(scheduler, epoch, err);
	if (rc && rc != -EINTR) /* the workers' state is unknown: begin with new ones */
		for (int i = 0; i < 2; i++)
			if (epoch->sides[i].runner)
				runner_release(epoch->sides[i].runner);
	rc = scheduler_forgive(scheduler, rc, epoch->cell, err);
	return rc ? rc
		  : arms_add_epoch(&scheduler->arms, arm->index, epoch->ratios,
				   epoch->ratio_nr, err);
}
