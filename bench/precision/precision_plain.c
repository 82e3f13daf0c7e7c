/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schedules of other tools, with this program's workers: each side is measured in one
 * go, and their difference is taken afterwards. */
#include <errno.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>

#include "bench/schedule/arms.h"
#include "bench/schedule/calibrate.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/precision/precision_run.h"
#include "bench/schedule/runner.h"

#define FRESH_NS (100 * NS_PER_MS) /* of work, as in a benchmark of a command */
#define SLICE_NS (1500 * NS_PER_US)
#define PHASES 64 /* as the schedule draws */
#define VALUES_MAX 200000

/* ln of one slice's cost, by both clocks, in order of time. */
struct values {
	double *list[PRECISION_CLOCKS];
	size_t nr;
};
struct plain {
	struct precision_setup *setup;
	const struct cell *cell;
	enum precision_order order;
	struct runner runners[2];
	unsigned cpus[8], service_cpu; /* a cell here has two threads at most */
	struct values values[2];
	gsl_rng *rng;
};

static void plain_release(struct plain *plain)
{
	for (int side = 0; side < 2; side++) {
		if (plain->runners[side].driver)
			runner_release(&plain->runners[side]);
		for (int clock = 0; clock < PRECISION_CLOCKS; clock++)
			free(plain->values[side].list[clock]);
	}
	if (plain->rng)
		gsl_rng_free(plain->rng);
	free(plain);
}
CLEANUP_DEFINE(plain, struct plain *, plain_release)

static struct slice slice_of(struct plain *plain, int side)
{
	const struct plan *plan = &plain->setup->plan;

	return (struct slice){.runner = &plain->runners[side],
			      .cell = plain->cell,
			      .arm = &plan->arms[plain->cell->first_arm + side]};
}

/* As the schedule does: a single thread works on the last CPU, the harness elsewhere. */
static int choose_cpus(struct plain *plain, size_t *ret, struct err *err)
{
	const struct topology *topology = plain->setup->session->topology;
	size_t have = topology_cpu_nr(topology);
	size_t nr = plain->cell->threads < have ? plain->cell->threads : have;
	cpu_set_t set;
	int rc = topology_choose(topology, nr, plain->cpus, &plain->service_cpu, err);

	if (rc)
		return rc;
	CPU_ZERO(&set);
	CPU_SET(plain->service_cpu, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
	*ret = nr;
	return 0;
}

static int start(struct plain *plain, struct err *err)
{
	static unsigned number = 1000000; /* beyond what a schedule counts to */
	const struct session *session = plain->setup->session;
	struct err why = {0};
	size_t cpu_nr = 0;
	int rc = choose_cpus(plain, &cpu_nr, &why);
	struct spec spec = {
		.id = session->owner,
		.platform = plain->setup->plan.platforms[0].platform,
		.image = session->image,
		.cpus = plain->cpus,
		.cpu_nr = cpu_nr,
		.service_cpu = plain->service_cpu,
		.memory_bytes = plain->setup->plan.memory_bytes,
		.paths = plain->setup->plan.platforms[0].used_paths,
		.run_dir = session->run_dir,
		.stop = session->options->stop,
	};

	for (int side = 0; side < 2; side++)
		runner_init(&plain->runners[side], &spec, spec.stop);
	for (int side = 0; !rc && side < 2; side++)
		rc = runner_start(&plain->runners[side], session->owner, number++, &why);
	if (!rc)
		return 0;
	/* as the schedule says it of a baseline that does not start */
	return err_fail(err, rc == -EINTR ? EINTR : ENODEV,
			"the baseline cannot run here: %s", why.text);
}

static int open_worker(struct plain *plain, int side, struct err *err)
{
	struct slice slice = slice_of(plain, side);
	uint32_t phase = (uint32_t)gsl_rng_uniform_int(plain->rng, PHASES);
	struct proto_ready ready;
	int rc = slice_open_worker(&slice, plain->setup->seed, phase, &ready, err);

	if (!rc && ready.status != PROTO_OK)
		rc = err_fail(err, EOPNOTSUPP, "%s", ready.error);
	return rc;
}

static int close_worker(struct plain *plain, int side, struct err *err)
{
	struct slice slice = slice_of(plain, side);

	return slice_close_worker(&slice, err);
}

static int take_slice(struct plain *plain, int side, uint64_t ops, struct err *err)
{
	struct values *values = &plain->values[side];
	struct slice slice = slice_of(plain, side);
	struct sample sample;
	int rc = slice_native(&slice, ops, values->nr + 1, &sample, err);

	if (rc)
		return rc;
	if (sample.outcome != OUTCOME_OK || !sample.cpu_ns || !sample.wall_ns)
		return 0; /* as the schedule leaves it out */
	values->list[PRECISION_CPU][values->nr] = log((double)sample.cpu_ns);
	values->list[PRECISION_WALL][values->nr++] = log((double)sample.wall_ns);
	return 0;
}

/* One side's turn: half of the trial's time. */
static int take_side(struct plain *plain, int side, uint64_t until_ns, struct err *err)
{
	bool fresh = plain->order == PRECISION_FRESH;
	const struct arm *arm = slice_of(plain, 1).arm;
	uint64_t ops =
		arm_ops(arm, *plain->setup->ops * (fresh ? FRESH_NS / SLICE_NS : 1));
	int rc = fresh ? 0 : open_worker(plain, side, err);

	while (!rc && plain->values[side].nr < VALUES_MAX && clock_now_ns() < until_ns) {
		if (fresh)
			rc = open_worker(plain, side, err);
		if (!rc)
			rc = take_slice(plain, side, ops, err);
		if (!rc && fresh)
			rc = close_worker(plain, side, err);
	}
	return rc || fresh ? rc : close_worker(plain, side, err);
}

/* A shorter trial is the middle of a longer one: the last slices of the first side, the
 * first ones of the second. */
static void set_point(const struct plain *plain, enum precision_clock clock, size_t share,
		      double *copy, struct precision_point *ret)
{
	const struct values *a = &plain->values[0], *b = &plain->values[1];
	size_t a_nr = a->nr / share, b_nr = b->nr / share;

	for (size_t i = 0; i < a_nr; i++)
		copy[i] = -a->list[clock][a->nr - a_nr + i];
	for (size_t i = 0; i < b_nr; i++)
		copy[a_nr + i] = -b->list[clock][i];
	precision_yuen(copy, a_nr, copy + a_nr, b_nr, ret);
}

static int set_points(const struct plain *plain, uint64_t took_ns,
		      struct precision_trial *ret, struct err *err)
{
	cleanup(free) double *copy =
		calloc(plain->values[0].nr + plain->values[1].nr + 1, sizeof(*copy));

	if (!copy)
		return err_fail(err, ENOMEM, "no memory for a trial");
	for (int step = 0; step < PRECISION_STEPS; step++) {
		size_t share = 1u << (PRECISION_STEPS - 1 - step);

		for (int clock = 0; clock < PRECISION_CLOCKS; clock++) {
			struct precision_point *point = &ret->points[clock][step];

			point->seconds = (double)took_ns / (double)share / NS_PER_S;
			set_point(plain, (enum precision_clock)clock, share, copy, point);
		}
	}
	return 0;
}

static int make_room(struct plain *plain, struct err *err)
{
	for (int side = 0; side < 2; side++)
		for (int clock = 0; clock < PRECISION_CLOCKS; clock++) {
			double *list = calloc(VALUES_MAX, sizeof(*list));

			if (!list)
				return err_fail(err, ENOMEM, "no memory for a trial");
			plain->values[side].list[clock] = list;
		}
	return 0;
}

static int calibrate(struct plain *plain, struct err *err)
{
	struct slice slice = slice_of(plain, 0);

	return *plain->setup->ops ? 0 : calibrate_ops(&slice, plain->setup->ops, err);
}

int precision_plain(struct precision_setup *setup, struct precision_trial *ret,
		    struct err *err)
{
	cleanup(plain) struct plain *plain = calloc(1, sizeof(*plain));
	uint64_t begin_ns;
	int rc;

	if (!plain)
		return err_fail(err, ENOMEM, "no memory for a trial");
	plain->setup = setup;
	plain->cell = &setup->plan.cells[0];
	plain->order = ret->order;
	plain->rng = gsl_rng_alloc(gsl_rng_taus2);
	if (!plain->rng)
		return err_fail(err, ENOMEM, "no memory for a trial");
	gsl_rng_set(plain->rng, (unsigned long)setup->seed);
	rc = start(plain, err);
	if (!rc)
		rc = make_room(plain, err);
	if (!rc)
		rc = calibrate(plain, err);
	begin_ns = clock_now_ns();
	if (!rc)
		rc = take_side(plain, 0, begin_ns + setup->trial_ns / 2, err);
	if (!rc)
		rc = take_side(plain, 1, begin_ns + setup->trial_ns, err);
	return rc ? rc : set_points(plain, clock_now_ns() - begin_ns, ret, err);
}
