/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What native and disk blocks have in common: their ratio, their way into the store, and
 * whose trouble a failure is. */
#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "bench/schedule/disturbance.h"
#include "bench/host/environment.h"
#include "bench/schedule/scheduler.h"

uint64_t scheduler_elapsed_ns(const struct scheduler *scheduler)
{
	return scheduler->set->elapsed_ns + clock_now_ns() - scheduler->begin_ns;
}

double scheduler_log_ratio(const struct cell *cell, const struct sample *base,
			   const struct sample *arm)
{
	bool is_rate = cell->workload->metric == METRIC_IOPS ||
		       cell->workload->metric == METRIC_BYTES_PER_SECOND;
	double ratio = log(arm->value / base->value);

	return is_rate ? ratio : -ratio;
}

/* The host since the last block was stored. */
static void read_conditions(struct scheduler *scheduler, const struct sample *samples,
			    size_t nr, struct disturbance *ret)
{
	uint64_t steal_ns = environment_steal_ns(), now_ns = clock_now_ns();

	*ret = (struct disturbance){
		.since_ns = now_ns - (scheduler->stored_ns ? scheduler->stored_ns
							   : scheduler->begin_ns),
		.steal_ns = steal_ns == SAMPLE_NONE ? SAMPLE_NONE
						    : steal_ns - scheduler->steal_ns,
		.cpu_nr = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
		.load1 = environment_load1(),
		.psi_cpu = environment_psi_cpu(),
		.cpu_khz = environment_cpu_khz(scheduler->cpus[scheduler->cpu_nr - 1]),
		.before_khz = scheduler->cpu_khz,
		.involuntary = disturbance_involuntary(samples, nr),
	};
	scheduler->steal_ns = steal_ns;
	scheduler->stored_ns = now_ns;
	scheduler->cpu_khz = ret->cpu_khz;
}

int scheduler_store(struct scheduler *scheduler, const struct cell *cell, uint64_t epoch,
		    const struct sample *samples, size_t nr, struct err *err)
{
	struct record *record = &scheduler->record;
	char disturbed[DISTURBANCE_TEXT_MAX];
	struct disturbance conditions;
	struct store_block block = {
		.cell = record->cell_rows[cell->index],
		.epoch = epoch,
		.sequence = record->next_sequence++,
		.begin_ns = samples[0].host_begin_ns,
	};
	int rc;

	read_conditions(scheduler, samples, nr, &conditions);
	block.steal_ns = conditions.steal_ns;
	block.load1 = conditions.load1;
	block.psi_cpu = conditions.psi_cpu;
	block.cpu_khz = conditions.cpu_khz;
	block.disturbed = disturbance_text(&conditions, disturbed);
	if (block.begin_ns == SAMPLE_NONE) /* nothing ran: the block is a refusal */
		block.begin_ns = clock_now_ns();
	rc = store_block_add(record->store, &block, samples, nr, record->arm_rows,
			     scheduler_elapsed_ns(scheduler), record->run, err);
	scheduler->store_failed |= rc != 0;
	return rc ? err_because(err, "storing a block") : 0;
}

int scheduler_forgive(struct scheduler *scheduler, int rc, const struct cell *cell,
		      struct err *err)
{
	if (!rc || rc == -EINTR || rc == -EUCLEAN || scheduler->store_failed)
		return rc;
	progress_note(scheduler->set->progress, "%s: %s", cell->label, err->text);
	err_clear(err);
	return 0;
}
