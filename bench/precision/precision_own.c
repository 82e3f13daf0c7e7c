/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/precision/precision_run.h"
#include "bench/results/results_gather.h"
#include "bench/schedule/schedule.h"
#include "bench/base/version.h"

CLEANUP_DEFINE(gather, struct gather *, gather_release)

/* The name of what all platforms are compared with; a set without it makes no plan. */
static const char *baseline_name(const struct platform_set *set)
{
	for (size_t i = 0; i < set->nr; i++)
		if (set->list[i].driver == drivers[0])
			return set->list[i].name;
	return "";
}

/* With the defaults of every suite, and a target that no trial meets. */
static int write_suite(const struct precision_setup *setup, char **ret, struct err *err)
{
	double effect = setup->effect;

	if (asprintf(ret,
		     "description: a trial of the schedule\n"
		     "budget: %llums\nprecision: 0.01%%\non: %s\n"
		     "controls: {aa: %s, injected: %.1f%%}\n"
		     "workloads: [{name: %s, threads: %u}]\n",
		     (unsigned long long)(setup->trial_ns / NS_PER_MS),
		     baseline_name(&setup->session->platforms), effect > 0 ? "no" : "yes",
		     100 * effect, setup->cell->workload, setup->cell->threads) >= 0)
		return 0;
	*ret = NULL;
	return err_fail(err, ENOMEM, "no memory for a trial");
}

int precision_setup_init(struct precision_setup *setup, struct err *err)
{
	const struct session *session = setup->session;
	cleanup(free) char *text = NULL;
	int rc = write_suite(setup, &text, err);

	if (!rc)
		rc = suite_parse("precision", text, &setup->suite, err);
	if (!rc)
		rc = plan_make(&setup->suite, &session->platforms, NULL,
			       session->topology, &setup->plan, err);
	setup->plan.seed = setup->seed;
	return rc;
}

void precision_setup_release(struct precision_setup *setup)
{
	plan_release(&setup->plan);
	suite_release(&setup->suite);
}

static int begin_run(const struct precision_setup *setup, int64_t *ret, struct err *err)
{
	struct store_run run = {
		.suite = setup->suite.name,
		.suite_text = setup->suite.text,
		.command = "a trial",
		.version = TARE_VERSION,
		.options = "{}",
		.seed = setup->seed,
		.budget_ns = setup->plan.budget_ns,
	};

	return store_run_begin(setup->store, &run, ret, err);
}

/* When each epoch had ended: when the next one began. */
struct ends {
	uint64_t epoch, begin_ns;
};

static int read_begins(struct store *store, int64_t run, struct ends **ret, size_t *nr,
		       struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	cleanup(free) struct ends *list = NULL;
	size_t used = 0;

	if (sqlite3_prepare_v2(store_db(store),
			       "SELECT b.epoch, min(b.begin_ns) FROM block b "
			       "JOIN cell c ON b.cell = c.id WHERE c.run = ?1 "
			       "GROUP BY b.epoch ORDER BY b.epoch",
			       -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read a trial");
	(void)sqlite3_bind_int64(query, 1, run);
	while (sqlite3_step(query) == SQLITE_ROW) {
		struct ends *grown = reallocarray(list, used + 1, sizeof(*grown));

		if (!grown)
			return err_fail(err, ENOMEM, "no memory for a trial");
		list = grown;
		list[used++] = (struct ends){
			.epoch = (uint64_t)sqlite3_column_int64(query, 0),
			.begin_ns = (uint64_t)sqlite3_column_int64(query, 1)};
	}
	*ret = take_ptr(list);
	*nr = used;
	return 0;
}

/* Epochs below this one had ended by then. */
static uint64_t epochs_until(const struct ends *ends, size_t nr, uint64_t until_ns)
{
	uint64_t epoch = 0;

	for (size_t i = 0; i < nr && ends[i].begin_ns <= until_ns; i++)
		epoch = ends[i].epoch;
	return epoch;
}

/* The interval of the first blocks, those of epochs below `epoch`. */
static void set_point(const struct series *series, uint64_t epoch, uint64_t seed,
		      struct precision_point *ret)
{
	struct stats_ratio ratio;
	struct err ignored = {0};
	size_t nr = 0;

	while (nr < series->nr && series->blocks[nr].epoch < epoch)
		nr++;
	ret->known = !stats_ratio(series->blocks, nr, seed, &ratio, &ignored);
	if (!ret->known)
		return;
	ret->estimate = log(ratio.ratio);
	ret->low = log(ratio.low);
	ret->high = log(ratio.high);
}

static void set_points(const struct gathered *arm, const struct ends *ends, size_t nr,
		       const struct precision_setup *setup, uint64_t begin_ns,
		       uint64_t end_ns, struct precision_trial *ret)
{
	const struct series *series[PRECISION_CLOCKS] = {
		[PRECISION_CPU] = &arm->ratio, [PRECISION_WALL] = &arm->wall};

	for (int step = 0; step < PRECISION_STEPS; step++) {
		bool last = step == PRECISION_STEPS - 1;
		uint64_t time_ns = (end_ns - begin_ns) >> (PRECISION_STEPS - 1 - step);
		uint64_t epoch =
			last ? UINT64_MAX : epochs_until(ends, nr, begin_ns + time_ns);

		for (int clock = 0; clock < PRECISION_CLOCKS; clock++) {
			ret->points[clock][step].seconds = (double)time_ns / NS_PER_S;
			set_point(series[clock], epoch, setup->seed,
				  &ret->points[clock][step]);
		}
	}
}

static int read_trial(struct precision_setup *setup, int64_t run, uint64_t begin_ns,
		      uint64_t end_ns, struct precision_trial *ret, struct err *err)
{
	struct gather gather = {0};
	cleanup(gather) struct gather *guard = &gather;
	cleanup(free) struct ends *ends = NULL;
	size_t nr = 0;
	int rc = gather_read(setup->store, run, 0, guard, err);

	if (!rc)
		rc = read_begins(setup->store, run, &ends, &nr, err);
	for (size_t i = 0; !rc && i < gather.nr; i++)
		if (!gather.list[i].baseline)
			set_points(&gather.list[i], ends, nr, setup, begin_ns, end_ns,
				   ret);
	return rc;
}

int precision_own(struct precision_setup *setup, struct precision_trial *ret,
		  struct err *err)
{
	const struct session *session = setup->session;
	struct progress quiet = {.quiet = true};
	struct schedule schedule = {
		.suite = &setup->suite,
		.plan = &setup->plan,
		.image = session->image,
		.topology = session->topology,
		.store = setup->store,
		.scratch = session->scratch,
		.run_dir = session->run_dir,
		.progress = &quiet,
		.stop = session->options->stop,
	};
	uint64_t begin_ns = clock_now_ns(), end_ns;
	int rc = begin_run(setup, &schedule.run, err);

	if (!rc)
		rc = schedule_run(&schedule, err);
	end_ns = clock_now_ns();
	return rc < 0 ? rc : read_trial(setup, schedule.run, begin_ns, end_ns, ret, err);
}
