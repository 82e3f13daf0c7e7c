/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_study.h"

#include <errno.h>
#include <string.h>

#include "bench/results/cost.h"
#include "bench/config/nearest.h"

CLEANUP_DEFINE(memcg_context, struct memcg_context *, memcg_context_close)

/* The tables of experiments with the half that each belongs to. */
static const struct {
	enum memcg_half half;
	const struct memcg_experiment *list;
	const size_t *nr;
} tables[] = {
	{MEMCG_OVERHEAD, memcg_cost_experiments, &memcg_cost_experiment_nr},
	{MEMCG_BEHAVIOUR, memcg_experiments, &memcg_experiment_nr},
};
#define TABLE_NR (sizeof(tables) / sizeof(tables[0]))

static bool is_there(const char *name, struct nearest *nearest)
{
	for (size_t t = 0; t < TABLE_NR; t++)
		for (size_t i = 0; i < *tables[t].nr; i++) {
			if (!strcmp(name, tables[t].list[i].name))
				return true;
			nearest_feed(nearest, tables[t].list[i].name);
		}
	return false;
}

int memcg_study_check(const struct memcg_study *study, struct err *err)
{
	for (size_t i = 0; i < study->name_nr; i++) {
		struct nearest nearest;
		char hint[400];

		nearest_init(&nearest, study->names[i]);
		if (!is_there(study->names[i], &nearest))
			return err_fail(err, EINVAL, "there is no experiment '%.40s'%s",
					study->names[i],
					nearest_hint(&nearest, hint, sizeof(hint)));
	}
	return 0;
}

static bool is_wanted(const struct memcg_study *study, const char *name)
{
	for (size_t i = 0; i < study->name_nr; i++)
		if (!strcmp(study->names[i], name))
			return true;
	return !study->name_nr;
}

static int run_one(struct memcg_study *study, const struct memcg_experiment *experiment,
		   struct memcg_context *context, struct err *err)
{
	struct session *session = study->session;
	struct memcg_result result = {0};
	int rc = memcg_experiment_run(experiment, context, &result, err);

	if (!rc)
		rc = memcg_experiment_store(experiment, context, &result, session->store,
					    session->run, err);
	memcg_result_release(&result);
	return rc;
}

static int run_table(struct memcg_study *study, size_t t, struct memcg_context *context,
		     struct err *err)
{
	const volatile int *stop = study->session->options->stop;
	int rc = 0;

	for (size_t i = 0; !rc && i < *tables[t].nr; i++) {
		const struct memcg_experiment *experiment = &tables[t].list[i];

		if (!is_wanted(study, experiment->name))
			continue;
		if (*stop)
			return err_fail(err, EINTR, "interrupted");
		progress_show(&study->session->progress, (unsigned)i,
			      (unsigned)*tables[t].nr, experiment->name, "", 0);
		rc = run_one(study, experiment, context, err);
	}
	return rc;
}

static int run_experiments(struct memcg_study *study, enum memcg_half half,
			   struct memcg_context *context, struct err *err)
{
	int rc = 0;

	for (size_t t = 0; !rc && t < TABLE_NR; t++)
		if (tables[t].half == half)
			rc = run_table(study, t, context, err);
	return rc;
}

/* Is the host itself emulated? Times mean nothing there. */
static bool is_emulated(const struct session *session)
{
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (sqlite3_prepare_v2(store_db(session->store), "SELECT " COST_EMULATED_HOST, -1,
			       &query, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_int64(query, 1, session->run);
	return sqlite3_step(query) == SQLITE_ROW && sqlite3_column_int(query, 0);
}

int memcg_study_run(struct memcg_study *study, struct err *err)
{
	struct session *session = study->session;
	struct memcg_context context = {.owner = session->owner,
					.scratch = session->scratch,
					.stop = session->options->stop,
					.seed = session->plan.seed,
					.quick = study->quick,
					.emulated = is_emulated(session)};
	cleanup(memcg_context) struct memcg_context *guard = &context;
	int rc = memcg_context_open(&context, err), spent = 0;

	(void)guard;
	if (rc)
		return rc == -ENOTSUP ? -ENODEV : rc;
	if (study->halves & MEMCG_OVERHEAD && !study->name_nr)
		rc = session_measure_suite(session, err);
	spent = rc > 0;
	if (rc >= 0 && study->halves & MEMCG_OVERHEAD)
		rc = run_experiments(study, MEMCG_OVERHEAD, &context, err);
	if (rc >= 0 && study->halves & MEMCG_BEHAVIOUR)
		rc = run_experiments(study, MEMCG_BEHAVIOUR, &context, err);
	return rc ? rc : spent;
}
