/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/compare/equivalence.h"
#include "bench/schedule/scheduler.h"

static void fill_spec(const struct scheduler *scheduler,
		      const struct plan_platform *planned, struct spec *ret)
{
	const struct schedule *set = scheduler->set;

	*ret = (struct spec){
		.id = scheduler->owner,
		.platform = planned->platform,
		.image = set->image,
		.cpus = scheduler->cpus,
		.cpu_nr = scheduler->cpu_nr,
		.service_cpu = scheduler->service_cpu,
		.memory_bytes = scheduler->plan->memory_bytes,
		.scratch = scheduler->plan->disk_bytes ? set->scratch : NULL,
		.disk_bytes = scheduler->plan->disk_bytes,
		.paths = planned->used_paths,
		.emulation_allowed = set->suite->emulation_allowed,
		.run_dir = set->run_dir,
		.stop = set->stop,
	};
}

static int probe_one(struct scheduler *scheduler, size_t i, struct err *err)
{
	const struct platform *platform = scheduler->plan->platforms[i].platform;
	struct probe *probe = &scheduler->probes[i];
	struct spec spec;
	int rc;

	fill_spec(scheduler, &scheduler->plan->platforms[i], &spec);
	progress_show(scheduler->set->progress, 0, 0, platform->name, "probing", 0);
	rc = scratch_verify(scheduler->set->scratch, &scheduler->mark, err);
	if (!rc)
		rc = platform->driver->probe(&spec, probe, err);
	if (rc == -EINTR || rc == -EUCLEAN)
		return rc;
	if (rc) {
		probe->state = UNAVAILABLE;
		(void)snprintf(probe->reason, sizeof(probe->reason), "%.380s", err->text);
		err_clear(err);
	}
	if (probe->state == UNAVAILABLE)
		progress_note(scheduler->set->progress, "%s is unavailable: %s",
			      platform->name, probe->reason);
	return 0;
}

int scheduler_probe(struct scheduler *scheduler, struct err *err)
{
	int rc = 0;

	scheduler->probes =
		calloc(scheduler->plan->platform_nr + 1, sizeof(*scheduler->probes));
	if (!scheduler->probes)
		return err_fail(err, ENOMEM, "no memory for the schedule");
	for (size_t i = 0; !rc && i < scheduler->plan->platform_nr; i++) {
		rc = probe_one(scheduler, i, err);
		if (!rc && *scheduler->set->stop)
			rc = err_fail(err, EINTR, "interrupted");
	}
	return rc;
}

/* An arm whose platform or path cannot run here never gets time. */
static void bury_unavailable(struct scheduler *scheduler)
{
	for (size_t i = 0; i < scheduler->plan->arm_nr; i++) {
		const struct arm *arm = &scheduler->plan->arms[i];
		const struct probe *probe = &scheduler->probes[arm->platform];
		const struct cell *cell = &scheduler->plan->cells[arm->cell];

		if (probe->state == UNAVAILABLE ||
		    (cell->workload->fio && probe->paths[arm->path].state == UNAVAILABLE))
			scheduler->arms.list[i].dead = true;
	}
}

int scheduler_runners_init(struct scheduler *scheduler, struct err *err)
{
	const struct plan *plan = scheduler->plan;
	size_t baseline = 0;
	struct spec spec;

	scheduler->runners = calloc(plan->platform_nr + 1, sizeof(*scheduler->runners));
	if (!scheduler->runners)
		return err_fail(err, ENOMEM, "no memory for the schedule");
	for (size_t i = 0; i < plan->platform_nr; i++) {
		fill_spec(scheduler, &plan->platforms[i], &spec);
		runner_init(&scheduler->runners[i], &spec, scheduler->set->stop);
		if (plan->platforms[i].baseline)
			baseline = i;
	}
	if (scheduler->probes[baseline].state == UNAVAILABLE)
		return err_fail(err, ENODEV, "the baseline cannot run here: %s",
				scheduler->probes[baseline].reason);
	fill_spec(scheduler, &plan->platforms[baseline], &spec);
	runner_init(&scheduler->runners[plan->platform_nr], &spec, scheduler->set->stop);
	scheduler->runner_nr = plan->platform_nr + 1;
	bury_unavailable(scheduler);
	return 0;
}

void scheduler_runners_release(struct scheduler *scheduler)
{
	for (size_t i = 0; i < scheduler->runner_nr; i++)
		runner_release(&scheduler->runners[i]);
	free(scheduler->runners);
	free(scheduler->probes);
}

/* Every start is recorded; what it gave, once a platform and whenever it was wrong. */
static int record_start(struct scheduler *scheduler, const struct runner *runner,
			struct err *err)
{
	struct record *record = &scheduler->record;
	cleanup(free) char *phases = runner_phases(runner);
	int64_t row;
	int rc;

	if (!phases)
		return err_fail(err, ENOMEM, "no memory for a start's phases");
	rc = store_instance_add(record->store, record->run, runner->spec.platform->name,
				runner->emulated, runner->open_to_hello_ns, phases, &row,
				err);
	if (!rc && (runner->starts == 1 || runner->mismatch[0]))
		rc = store_facts_add(record->store, row, &runner->facts, err);
	return rc;
}

/* Start-up is a source of variance: a run restarts each platform as often as its driver
 * wants, spread over the run, but once an epoch at most: arms of several paths share an
 * instance. */
static bool restart_is_due(const struct scheduler *scheduler, const struct runner *runner)
{
	unsigned wanted = runner->driver->min_instances;

	if (!runner_is_running(runner) || runner->spoiled)
		return true;
	if (runner->epoch == scheduler->record.next_epoch)
		return false;
	if (wanted == UINT_MAX)
		return true;
	return runner->starts < wanted &&
	       runner->starts < 1 + (unsigned)(scheduler->progress * wanted);
}

static int restart(struct scheduler *scheduler, struct runner *runner, struct err *err)
{
	int rc;

	if (runner_is_running(runner)) {
		rc = runner_stop(runner, err);
		if (rc)
			return rc;
	}
	runner->epoch = scheduler->record.next_epoch;
	rc = scratch_verify(scheduler->set->scratch, &scheduler->mark, err);
	if (!rc)
		rc = runner_start(runner, scheduler->owner, scheduler->next_instance++,
				  err);
	if (!rc && runner->starts == 1)
		rc = equivalence_gather(runner, err);
	/* A guest that runs could change the file while the next one is started on it. */
	if (!rc && runner->driver->own_kernel)
		rc = runner_pause(runner, err);
	return rc ? rc : record_start(scheduler, runner, err);
}

static size_t runner_index(const struct scheduler *scheduler, const struct arm *arm)
{
	bool control = arm->role == ROLE_AA || arm->role == ROLE_INJECTED;

	return control ? scheduler->plan->platform_nr : arm->platform;
}

uint64_t scheduler_start_ns(const struct scheduler *scheduler, const struct cell *cell)
{
	const struct runner *counted = NULL;
	uint64_t sum_ns = 0;

	for (uint32_t i = 0; i < cell->arm_nr; i++) {
		const struct arm *arm = &scheduler->plan->arms[cell->first_arm + i];
		const struct runner *runner =
			&scheduler->runners[runner_index(scheduler, arm)];

		/* a platform's paths follow each other */
		if (runner == counted || scheduler->arms.list[arm->index].dead)
			continue;
		counted = runner;
		if (restart_is_due(scheduler, runner))
			sum_ns += runner->open_to_hello_ns;
	}
	return sum_ns;
}

int scheduler_runner(struct scheduler *scheduler, const struct arm *arm,
		     struct runner **ret, struct err *err)
{
	struct runner *runner = &scheduler->runners[runner_index(scheduler, arm)];
	int rc = 0;

	if (restart_is_due(scheduler, runner))
		rc = restart(scheduler, runner, err);
	if (!rc)
		*ret = runner;
	return rc;
}

static bool contains(struct runner *const *list, size_t nr, const struct runner *runner)
{
	for (size_t i = 0; i < nr; i++)
		if (list[i] == runner)
			return true;
	return false;
}

int scheduler_focus(struct scheduler *scheduler, struct runner *const *in_use, size_t nr,
		    struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < scheduler->runner_nr; i++)
		if (!contains(in_use, nr, &scheduler->runners[i]))
			rc = runner_pause(&scheduler->runners[i], err);
	return rc;
}
