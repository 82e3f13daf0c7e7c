/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/results.h"

#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/host/owner.h"
#include "bench/results/results_gather.h"
#include "bench/base/units.h"

CLEANUP_DEFINE(gather, struct gather *, gather_release)

static int prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
		   struct err *err)
{
	if (sqlite3_prepare_v2(store_db(store), sql, -1, ret, NULL) == SQLITE_OK)
		return 0;
	return err_fail(err, EIO, "cannot read the store: %s",
			sqlite3_errmsg(store_db(store)));
}

/* "last", "last~1", "7": how many before the last, or which. */
static int parse_run(const char *which, bool *ret_last, uint64_t *ret_number,
		     struct err *err)
{
	struct err ignored = {0};
	bool last = !strncmp(which, "last", 4);
	const char *number = last ? which + 4 : which;

	*ret_last = last;
	*ret_number = 0;
	if (last && !*number)
		return 0;
	if (last && *number++ != '~')
		number = "";
	if (units_parse_count(number, ret_number, &ignored) || *ret_number > INT64_MAX)
		return err_fail(err, EINVAL,
				"'%s' is no run: give its number, 'last' or 'last~1'",
				which);
	return 0;
}

int results_run_find(struct store *store, const char *which, int64_t *ret,
		     struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	uint64_t wanted = 0;
	bool last = false;
	int rc = parse_run(which, &last, &wanted, err);

	if (!rc)
		rc = prepare(
			store,
			last ? "SELECT id FROM run ORDER BY id DESC LIMIT 1 OFFSET ?1"
			     : "SELECT id FROM run WHERE id = ?1",
			&query, err);
	if (rc)
		return rc;
	(void)sqlite3_bind_int64(query, 1, (sqlite3_int64)wanted);
	if (sqlite3_step(query) != SQLITE_ROW)
		return err_fail(
			err, ENOENT,
			last && !wanted
				? "the store has no runs yet; 'tare run' makes one"
				: "there is no run %s; 'tare show all' lists them",
			which);
	*ret = sqlite3_column_int64(query, 0);
	return 0;
}

const char *results_status(const char *stored)
{
	static const char *const known[] = {"running", "done", "budget", "interrupted",
					    "failed"};

	if (!strcmp(stored, "running") && !owner_is_measuring())
		return "interrupted (killed)";
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i], stored))
			return known[i];
	return "unknown";
}

static char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return strdup(text ? text : "");
}

static void result_release(struct result *result)
{
	free(result->label);
	free(result->workload);
	free(result->family);
	free(result->platform);
	free(result->path);
	free(result->role);
	free(result->metric);
	free(result->unit);
	free(result->state);
	free(result->parameters);
}

void results_release(struct results *results)
{
	for (size_t i = 0; i < results->nr; i++)
		result_release(&results->list[i]);
	free(results->list);
	results->list = NULL;
	results->nr = 0;
}

const char *result_mark(const struct result *result, char buffer[static RESULT_MARK_MAX])
{
	buffer[0] = '\0';
	if (result->injected > 0 && !strcmp(result->role, arm_role_name(ROLE_PLATFORM)))
		(void)snprintf(buffer, RESULT_MARK_MAX, " (handicap %.3g %%)",
			       100 * result->injected);
	return buffer;
}

static bool is_complete(const struct result *r)
{
	return r->label && r->workload && r->family && r->platform && r->path &&
	       r->role && r->metric && r->unit && r->state && r->parameters;
}

static int read_row(sqlite3_stmt *row, struct results *results, struct err *err)
{
	struct result *grown =
		reallocarray(results->list, results->nr + 1, sizeof(*grown));
	struct result *result;

	if (!grown)
		return err_fail(err, ENOMEM, "no memory for results");
	results->list = grown;
	result = &results->list[results->nr++];
	*result = (struct result){
		.arm = sqlite3_column_int64(row, 0),
		.cell = sqlite3_column_int64(row, 1),
		.label = text_of(row, 2),
		.workload = text_of(row, 3),
		.family = text_of(row, 4),
		.platform = text_of(row, 5),
		.path = text_of(row, 6),
		.role = text_of(row, 7),
		.metric = text_of(row, 8),
		.unit = text_of(row, 9),
		.state = text_of(row, 10),
		.parameters = text_of(row, 11),
		.precision = sqlite3_column_double(row, 12),
		.injected = sqlite3_column_double(row, 13),
		.floor = NAN,
		.value = NAN,
		.base_value = NAN,
		.cached_value = NAN,
	};
	if (!is_complete(result))
		return err_fail(err, ENOMEM, "no memory for results");
	result->emulated = !strcmp(result->state, readiness_name(EMULATED));
	return 0;
}

static int read_arms(struct store *store, int64_t run, struct results *results,
		     struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = prepare(
		store,
		"SELECT a.id, c.id, c.label, c.workload, c.family, p.name, p.path, "
		"a.role, c.metric, c.unit, p.state, c.parameters, c.precision, "
		"a.injected "
		"FROM arm a JOIN cell c ON a.cell = c.id "
		"JOIN platform p ON a.platform = p.id WHERE c.run = ?1 "
		"ORDER BY c.id, a.id",
		&query, err);
	int state = SQLITE_DONE;

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(query, 1, run);
	while (!rc && (state = sqlite3_step(query)) == SQLITE_ROW)
		rc = read_row(query, results, err);
	if (!rc && state != SQLITE_DONE)
		rc = err_fail(err, EBADMSG, "cannot read the store: %s",
			      sqlite3_errmsg(store_db(store)));
	return rc;
}

static int read_seed(struct store *store, int64_t run, uint64_t *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = prepare(store, "SELECT seed FROM run WHERE id = ?1", &query, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(query, 1, run);
	if (sqlite3_step(query) != SQLITE_ROW)
		return err_fail(err, ENOENT, "there is no run %lld", (long long)run);
	*ret = (uint64_t)sqlite3_column_int64(query, 0);
	return 0;
}

static double median(struct numbers *numbers)
{
	if (!numbers->nr)
		return NAN;
	gsl_sort(numbers->list, 1, numbers->nr);
	return stats_quantile(numbers->list, numbers->nr, 0.5);
}

static size_t count_epochs(const struct series *series)
{
	size_t epochs = 0;

	for (size_t i = 0; i < series->nr; i++)
		epochs += !i || series->blocks[i].epoch != series->blocks[i - 1].epoch;
	return epochs;
}

/* Why there is no ratio, in the reader's words. */
static void explain(struct result *result, const struct err *err)
{
	if (!strcmp(result->state, readiness_name(UNAVAILABLE)))
		(void)snprintf(result->why, sizeof(result->why), "unavailable");
	else if (!result->samples && result->outcomes[OUTCOME_CACHED])
		(void)snprintf(result->why, sizeof(result->why),
			       "served from a cache, not by the disk");
	else if (!result->samples)
		(void)snprintf(result->why, sizeof(result->why), "no sample is ok");
	else
		(void)snprintf(result->why, sizeof(result->why), "%.150s", err->text);
}

static void derive(struct result *result, struct gathered *arm, uint64_t seed)
{
	struct err why = {0}, ignored = {0};

	memcpy(result->outcomes, arm->outcomes, sizeof(result->outcomes));
	result->samples = arm->outcomes[OUTCOME_OK];
	result->left_out = arm->left_out;
	result->value = median(&arm->values);
	result->base_value = arm->baseline ? result->value : median(&arm->bases);
	if (arm->baseline)
		return;
	result->stats = (struct stats_ratio){.blocks = arm->ratio.nr,
					     .epochs = count_epochs(&arm->ratio)};
	result->known = !stats_ratio(arm->ratio.blocks, arm->ratio.nr, seed,
				     &result->stats, &why);
	if (!result->known)
		explain(result, &why);
	result->cached_known = !stats_ratio(arm->cached.blocks, arm->cached.nr, seed,
					    &result->cached, &ignored);
	result->cached_value = median(&arm->cached_values);
	result->disturbed = arm->disturbed;
	result->wall_known = !stats_ratio(arm->wall.blocks, arm->wall.nr, seed,
					  &result->wall, &ignored);
}

/* The A/A arm's reach is the floor of its whole cell. */
static void set_floors(struct results *results)
{
	for (size_t i = 0; i < results->nr; i++) {
		const struct result *control = &results->list[i];

		if (strcmp(control->role, arm_role_name(ROLE_AA)) || !control->known)
			continue;
		for (size_t j = 0; j < results->nr; j++)
			if (results->list[j].cell == control->cell)
				results->list[j].floor =
					fmax(fabs(log(control->stats.low)),
					     fabs(log(control->stats.high)));
	}
}

int results_load(struct store *store, int64_t run, struct results *ret, struct err *err)
{
	struct results results = {.run = run};
	struct gather gather = {0};
	cleanup(gather) struct gather *guard = &gather;
	uint64_t seed = 0;
	int rc = read_seed(store, run, &seed, err);

	if (!rc)
		rc = read_arms(store, run, &results, err);
	if (!rc)
		rc = gather_read(store, run, 0, guard, err);
	for (size_t i = 0; !rc && i < results.nr; i++) {
		struct gathered *arm = gather_find(&gather, results.list[i].arm);

		if (arm)
			derive(&results.list[i], arm, seed);
	}
	set_floors(&results);
	if (rc)
		results_release(&results);
	else
		*ret = results;
	return rc;
}

static int cell_of(struct store *store, int64_t arm, int64_t *ret_run, int64_t *ret_cell,
		   struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = prepare(store,
			 "SELECT c.run, c.id FROM arm a JOIN cell c ON a.cell = c.id "
			 "WHERE a.id = ?1",
			 &query, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(query, 1, arm);
	if (sqlite3_step(query) != SQLITE_ROW)
		return err_fail(err, ENOENT, "the store has no arm %lld", (long long)arm);
	*ret_run = sqlite3_column_int64(query, 0);
	*ret_cell = sqlite3_column_int64(query, 1);
	return 0;
}

int results_blocks(struct store *store, int64_t arm, struct stats_block **ret, size_t *nr,
		   struct err *err)
{
	struct gather gather = {0};
	cleanup(gather) struct gather *guard = &gather;
	struct gathered *found;
	int64_t run = 0, cell = 0;
	int rc = cell_of(store, arm, &run, &cell, err);

	if (!rc)
		rc = gather_read(store, run, cell, guard, err);
	if (rc)
		return rc;
	found = gather_find(&gather, arm);
	if (!found)
		return err_fail(err, ENOENT, "the store has no arm %lld", (long long)arm);
	*ret = take_ptr(found->ratio.blocks);
	*nr = found->ratio.nr;
	return 0;
}
