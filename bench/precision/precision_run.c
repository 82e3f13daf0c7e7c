/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/precision/precision_run.h"

#include <errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/environment.h"

const struct precision_cell precision_cells[PRECISION_CELLS] = {
	{"int", "int", 1},
	{"fault-4k", "fault-4k", 1},
	{"fault-4k ×2", "fault-4k", 2},
};

#define TRIALS_A_ROUND ((size_t)PRECISION_CELLS * PRECISION_ORDERS)

CLEANUP_DEFINE(rng, gsl_rng *, gsl_rng_free)

struct rounds {
	const struct session *session;
	uint64_t trial_ns, begin_ns;
	struct store *store;
	gsl_rng *rng;
	uint64_t ops[PRECISION_CELLS];
	size_t effects[PRECISION_EFFECTS]; /* of four rounds, in a drawn order */
	struct precision_trials *trials;
};

void precision_trials_release(struct precision_trials *trials)
{
	free(trials->list);
	*trials = (struct precision_trials){0};
}

/* A store of its own: samples of trials are nobody's results. */
static int open_store(struct rounds *rounds, struct err *err)
{
	cleanup(free) char *file = NULL;

	if (asprintf(&file, "%s/trials.sqlite", rounds->session->run_dir) < 0) {
		file = NULL;
		return err_fail(err, ENOMEM, "no memory for a path");
	}
	return store_open(file, STORE_CREATE, &rounds->store, err);
}

static int run_trial(struct rounds *rounds, struct precision_trial *trial,
		     struct err *err)
{
	struct precision_setup setup = {
		.session = rounds->session,
		.cell = &precision_cells[trial->cell],
		.effect = precision_effects[trial->effect],
		.trial_ns = rounds->trial_ns,
		.seed = gsl_rng_get(rounds->rng) & 0x7fffffff,
		.ops = &rounds->ops[trial->cell],
		.store = rounds->store,
	};
	int rc = precision_setup_init(&setup, err);

	if (!rc)
		rc = trial->order == PRECISION_MIRRORED
			     ? precision_own(&setup, trial, err)
			     : precision_plain(&setup, trial, err);
	precision_setup_release(&setup);
	trial->load1 = environment_load1();
	return rc;
}

static int keep(struct rounds *rounds, const struct precision_trial *trial,
		struct err *err)
{
	struct precision_trials *trials = rounds->trials;
	struct precision_trial *grown =
		reallocarray(trials->list, trials->nr + 1, sizeof(*grown));

	if (!grown)
		return err_fail(err, ENOMEM, "no memory for trials");
	trials->list = grown;
	trials->list[trials->nr++] = *trial;
	return 0;
}

static bool has_time(const struct rounds *rounds, size_t trials)
{
	return clock_now_ns() - rounds->begin_ns + trials * rounds->trial_ns <=
	       rounds->session->plan.budget_ns;
}

static void show(const struct rounds *rounds, const struct precision_trial *trial,
		 size_t i)
{
	uint64_t spent_ns = clock_now_ns() - rounds->begin_ns;
	uint64_t budget_ns = rounds->session->plan.budget_ns;
	struct progress progress = rounds->session->progress;
	char what[96];

	(void)snprintf(what, sizeof(what), "round %u: %s, %s", rounds->trials->rounds + 1,
		       precision_cells[trial->cell].label,
		       precision_order_name(trial->order));
	progress_show(&progress, (unsigned)i, (unsigned)TRIALS_A_ROUND, what, "",
		      spent_ns < budget_ns ? budget_ns - spent_ns : 0);
}

/* All orders of all cells, in a drawn order, with the same effect. */
static int run_round(struct rounds *rounds, struct err *err)
{
	unsigned round = rounds->trials->rounds;
	size_t places[TRIALS_A_ROUND];
	int rc = 0;

	if (round % PRECISION_EFFECTS == 0)
		gsl_ran_shuffle(rounds->rng, rounds->effects, PRECISION_EFFECTS,
				sizeof(rounds->effects[0]));
	for (size_t i = 0; i < TRIALS_A_ROUND; i++)
		places[i] = i;
	gsl_ran_shuffle(rounds->rng, places, TRIALS_A_ROUND, sizeof(places[0]));
	for (size_t i = 0; !rc && i < TRIALS_A_ROUND; i++) {
		struct precision_trial trial = {
			.order = (enum precision_order)(places[i] % PRECISION_ORDERS),
			.cell = places[i] / PRECISION_ORDERS,
			.effect = rounds->effects[round % PRECISION_EFFECTS],
		};

		if (*rounds->session->options->stop)
			return err_fail(err, EINTR, "interrupted");
		show(rounds, &trial, i);
		rc = run_trial(rounds, &trial, err);
		if (!rc)
			rc = keep(rounds, &trial, err);
	}
	rounds->trials->rounds += !rc;
	return rc;
}

int precision_check(uint64_t budget_ns, uint64_t trial_ns, struct err *err)
{
	if (TRIALS_A_ROUND * trial_ns <= budget_ns)
		return 0;
	return err_fail(err, EINVAL,
			"a round of %zu trials does not fit into the budget: give a "
			"longer --budget or a shorter --trial",
			TRIALS_A_ROUND);
}

int precision_run(const struct session *session, uint64_t trial_ns,
		  struct precision_trials *ret, struct err *err)
{
	cleanup(rng) gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	struct rounds rounds = {
		.session = session,
		.trial_ns = trial_ns,
		.begin_ns = clock_now_ns(),
		.rng = rng,
		.effects = {0, 1, 2, 3},
		.trials = ret,
	};
	int rc;

	if (!rng)
		return err_fail(err, ENOMEM, "no memory for trials");
	gsl_rng_set(rng, (unsigned long)session->plan.seed);
	rc = open_store(&rounds, err);
	if (!rc)
		rc = run_round(&rounds, err);
	while (!rc && has_time(&rounds, TRIALS_A_ROUND))
		rc = run_round(&rounds, err);
	store_close(rounds.store);
	return rc;
}
