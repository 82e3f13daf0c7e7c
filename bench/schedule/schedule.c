/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/schedule.h"

#include <errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/environment.h"
#include "bench/schedule/scheduler.h"

/* Set aside for stopping an instance: a guest has a kernel to shut down. */
#define END_OWN_KERNEL_NS (2 * NS_PER_S)
#define END_NATIVE_NS (150 * NS_PER_MS)
#define END_MAX_NS (2 * NS_PER_S)

/* What gets time at once: one arm of a native cell, or all arms of a disk cell. */
struct item {
	struct cell *cell;
	const struct arm *arm; /* NULL: all of them */
};

static uint64_t end_ns(const struct scheduler *scheduler)
{
	uint64_t sum_ns = 0;

	for (size_t i = 0; i < scheduler->runner_nr; i++)
		if (runner_is_running(&scheduler->runners[i]))
			sum_ns += scheduler->runners[i].driver->own_kernel
					  ? END_OWN_KERNEL_NS
					  : END_NATIVE_NS;
	return sum_ns < END_MAX_NS ? sum_ns : END_MAX_NS;
}

static bool out_of_time(const struct scheduler *scheduler)
{
	return scheduler_elapsed_ns(scheduler) + end_ns(scheduler) >=
	       scheduler->plan->budget_ns;
}

/* A disk block takes as long as its last one did, and as long as the starts that are due
 * now; one that would burst the budget is not begun. */
static bool fits(const struct scheduler *scheduler, const struct cell *cell)
{
	uint64_t starts_ns =
		cell->workload->fio ? scheduler_start_ns(scheduler, cell) : 0;

	return scheduler_elapsed_ns(scheduler) + end_ns(scheduler) + cell->last_ns +
		       starts_ns <
	       scheduler->plan->budget_ns;
}

static void show(struct scheduler *scheduler, const struct item *item, unsigned done,
		 unsigned total)
{
	const struct plan *plan = scheduler->plan;
	const struct arm *arm =
		item->arm ? item->arm : &plan->arms[item->cell->first_arm];
	double half = scheduler->arms.list[arm->index].half_width;
	uint64_t elapsed = scheduler_elapsed_ns(scheduler);
	char what[128], interval[32] = "";

	if (item->arm)
		(void)snprintf(what, sizeof(what), "%s on %s%s", item->cell->label,
			       plan->platforms[arm->platform].platform->name,
			       arm->role == ROLE_PLATFORM ? "" : " (control)");
	else
		(void)snprintf(what, sizeof(what), "%s on all paths", item->cell->label);
	if (isfinite(half) && item->arm)
		(void)snprintf(interval, sizeof(interval), "±%.2f %%", 100 * half);
	progress_show(scheduler->set->progress, done, total, what, interval,
		      elapsed < plan->budget_ns ? plan->budget_ns - elapsed : 0);
}

static int run_item(struct scheduler *scheduler, const struct item *item, struct err *err)
{
	int rc;

	if (*scheduler->set->stop)
		return err_fail(err, EINTR, "interrupted");
	if (!item->arm)
		rc = scheduler_disk_block(scheduler, item->cell, err);
	else if (scheduler->arms.list[item->arm->index].dead)
		return 0;
	else
		rc = scheduler_native_epoch(scheduler, item->arm, err);
	return scheduler_forgive(scheduler, rc, item->cell, err);
}

/* --- first part: every arm gets the epochs it needs at least, spread over the run --- */

static size_t list_items(const struct plan *plan, struct item *ret)
{
	size_t nr = 0;

	for (size_t i = 0; i < plan->cell_nr; i++) {
		struct cell *cell = &plan->cells[i];

		if (cell->arm_nr < 2) /* the baseline alone compares nothing */
			continue;
		if (cell->workload->fio) {
			ret[nr++] = (struct item){.cell = cell};
			continue;
		}
		for (uint32_t a = 1; a < cell->arm_nr; a++)
			ret[nr++] = (struct item){
				.cell = cell, .arm = &plan->arms[cell->first_arm + a]};
	}
	return nr;
}

static unsigned wanted(const struct scheduler *scheduler, const struct item *item)
{
	return scheduler->arms.list[item->arm ? item->arm->index : item->cell->first_arm]
		.wanted;
}

/* Epochs that an item has already (of a resumed run). */
static unsigned had(const struct scheduler *scheduler, const struct item *item)
{
	uint32_t arm = item->arm ? item->arm->index : item->cell->first_arm + 1;

	return (unsigned)scheduler->arms.list[arm].epoch_nr;
}

static unsigned most_wanted(const struct scheduler *scheduler, const struct item *items,
			    size_t nr)
{
	unsigned most = 1;

	for (size_t i = 0; i < nr; i++)
		if (wanted(scheduler, &items[i]) > most)
			most = wanted(scheduler, &items[i]);
	return most;
}

/* Epochs that are due by the end of a pass: spread evenly, the first one at once. */
static unsigned due_by(unsigned passes_done, unsigned want, unsigned passes)
{
	return (passes_done * want + passes - 1) / passes;
}

/* Is it the item's turn in this pass? */
static bool is_due(const struct scheduler *scheduler, const struct item *item,
		   unsigned pass, unsigned passes)
{
	unsigned want = wanted(scheduler, item);
	unsigned target = due_by(pass + 1, want, passes);

	return target > due_by(pass, want, passes) && had(scheduler, item) < target;
}

static int run_pass(struct scheduler *scheduler, struct item *items, size_t nr,
		    unsigned pass, unsigned passes, struct err *err)
{
	int rc = 0;

	gsl_ran_shuffle(scheduler->rng, items, nr, sizeof(*items));
	for (size_t i = 0; !rc && i < nr && !out_of_time(scheduler); i++) {
		if (!is_due(scheduler, &items[i], pass, passes) ||
		    !fits(scheduler, items[i].cell))
			continue;
		show(scheduler, &items[i], pass * (unsigned)nr + (unsigned)i,
		     passes * (unsigned)nr);
		rc = run_item(scheduler, &items[i], err);
	}
	return rc;
}

static int run_passes(struct scheduler *scheduler, struct err *err)
{
	cleanup(free) struct item *items =
		calloc(scheduler->plan->arm_nr + 1, sizeof(*items));
	size_t nr;
	unsigned passes;
	int rc = 0;

	if (!items)
		return err_fail(err, ENOMEM, "no memory for the schedule");
	nr = list_items(scheduler->plan, items);
	if (!nr)
		return err_fail(err, ENODEV,
				"nothing to compare: there is only the baseline and no "
				"control; add platforms with --on, or 'aa: yes'");
	passes = most_wanted(scheduler, items, nr);
	for (unsigned pass = 0; !rc && pass < passes && !out_of_time(scheduler); pass++) {
		scheduler->progress = (double)pass / passes;
		rc = run_pass(scheduler, items, nr, pass, passes, err);
	}
	scheduler->progress = 1;
	return rc;
}

/* --- second part: time goes to the widest interval --- */

static int run_widest(struct scheduler *scheduler, struct err *err)
{
	int rc = 0, widest;

	while (!rc && !out_of_time(scheduler) &&
	       (widest = arms_widest(&scheduler->arms)) >= 0) {
		const struct arm *arm = &scheduler->plan->arms[widest];
		struct item item = {.cell = &scheduler->plan->cells[arm->cell],
				    .arm = arm};
		unsigned met, total;

		if (!fits(scheduler, item.cell))
			break;
		arms_count(&scheduler->arms, &met, &total);
		if (item.cell->workload->fio)
			item.arm = NULL;
		show(scheduler, &item, met, total);
		rc = run_item(scheduler, &item, err);
	}
	return rc;
}

static int compare_cpus(const void *left, const void *right)
{
	unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;

	return (a > b) - (a < b);
}

/* CPUs that the widest cell can use on this machine. */
static size_t count_cpus(const struct scheduler *scheduler)
{
	size_t most = 1, have = topology_cpu_nr(scheduler->set->topology);

	for (size_t i = 0; i < scheduler->plan->cell_nr; i++)
		if (scheduler->plan->cells[i].threads > most)
			most = scheduler->plan->cells[i].threads;
	return most < have ? most : have;
}

/* The harness serves from a CPU that nothing is measured on, where there is one. */
static int choose_cpus(struct scheduler *scheduler, struct err *err)
{
	size_t nr = count_cpus(scheduler);
	cpu_set_t set;
	int rc;

	scheduler->cpus = calloc(nr, sizeof(*scheduler->cpus));
	if (!scheduler->cpus)
		return err_fail(err, ENOMEM, "no memory for the schedule");
	scheduler->cpu_nr = nr;
	rc = topology_choose(scheduler->set->topology, nr, scheduler->cpus,
			     &scheduler->service_cpu, err);
	if (rc)
		return rc;
	qsort(scheduler->cpus, nr, sizeof(*scheduler->cpus), compare_cpus);
	CPU_ZERO(&set);
	CPU_SET(scheduler->service_cpu, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
	return 0;
}

static int record(struct scheduler *scheduler, struct err *err)
{
	const struct schedule *set = scheduler->set;

	if (set->resumed)
		return record_resume(&scheduler->record, set->store, set->run,
				     scheduler->plan, &scheduler->arms, err);
	return record_begin(&scheduler->record, set->store, set->run, scheduler->plan,
			    scheduler->probes, err);
}

static int run_all(struct scheduler *scheduler, struct err *err)
{
	unsigned met, total;
	int rc = scratch_mark(scheduler->set->scratch, scheduler->plan->disk_bytes,
			      &scheduler->mark, err);

	if (!rc)
		rc = scheduler_probe(scheduler, err);
	if (!rc)
		rc = record(scheduler, err);
	if (!rc && scheduler->set->resumed) /* not the same orders and offsets again */
		gsl_rng_set(scheduler->rng,
			    (unsigned long)(scheduler->plan->seed +
					    scheduler->record.next_epoch));
	if (!rc)
		rc = scheduler_runners_init(scheduler, err);
	if (!rc)
		rc = run_passes(scheduler, err);
	if (!rc)
		rc = run_widest(scheduler, err);
	if (rc)
		return rc;
	arms_count(&scheduler->arms, &met, &total);
	if (!total)
		return err_fail(err, ENODEV, "nothing could run");
	return met < total;
}

static void release(struct scheduler *scheduler)
{
	scheduler_runners_release(scheduler);
	if (scheduler->rng)
		gsl_rng_free(scheduler->rng);
	if (scheduler->arms.plan)
		arms_release(&scheduler->arms);
	record_release(&scheduler->record);
	free(scheduler->cpus);
}

int schedule_run(struct schedule *schedule, struct err *err)
{
	struct scheduler scheduler = {
		.set = schedule,
		.plan = schedule->plan,
		.begin_ns = clock_now_ns(),
		.next_slice = 1,
		.steal_ns = environment_steal_ns(),
	};
	int rc = owner_self(scheduler.owner, err);

	if (!rc)
		rc = choose_cpus(&scheduler, err);
	if (!rc)
		rc = arms_init(&scheduler.arms, schedule->plan,
			       schedule->suite->native_epochs,
			       schedule->suite->disk_blocks, err);
	if (!rc) {
		scheduler.rng = gsl_rng_alloc(gsl_rng_taus2);
		gsl_rng_set(scheduler.rng, (unsigned long)schedule->plan->seed);
		rc = run_all(&scheduler, err);
		schedule->elapsed_ns = scheduler_elapsed_ns(&scheduler);
	}
	release(&scheduler);
	return rc;
}
