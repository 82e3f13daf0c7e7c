/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/store/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/schedule/fio.h"
#include "bench/base/json.h"
#include "bench/results/results.h"

static int alloc_rows(struct record *record, const struct plan *plan, struct err *err)
{
	record->cell_rows = calloc(plan->cell_nr + 1, sizeof(*record->cell_rows));
	record->arm_rows = calloc(plan->arm_nr + 1, sizeof(*record->arm_rows));
	if (!record->cell_rows || !record->arm_rows)
		return err_fail(err, ENOMEM, "no memory for the run's record");
	return 0;
}

void record_release(struct record *record)
{
	free(record->cell_rows);
	free(record->arm_rows);
	record->cell_rows = record->arm_rows = NULL;
}

static void add_disk_parameters(json_t *into, const struct cell *cell,
				const struct plan *plan)
{
	const struct workload_fio *job = cell->workload->fio;

	json_object_set_new(into, "rw", json_string(job->rw));
	json_object_set_new(into, "block_bytes", json_integer(job->block_bytes));
	json_object_set_new(into, "queue_depth", json_integer(job->depth));
	json_object_set_new(into, "jobs", json_integer(1));
	json_object_set_new(into, "direct", json_boolean(job->direct));
	json_object_set_new(into, "engine", json_string(fio_engine(job)));
	if (!strcmp(job->rw, "randrw"))
		json_object_set_new(into, "read_percent",
				    json_integer(job->read_percent));
	json_object_set_new(into, "cache",
			    json_string(job->direct
						? "host cache dropped before each slice"
						: "warmed before each block"));
	json_object_set_new(
		into, "data_bytes",
		json_integer((json_int_t)fio_data_bytes(cell, plan->disk_bytes)));
	json_object_set_new(into, "slice_ms", json_integer(cell->slice_ms));
}

char *record_parameters(const struct cell *cell, const struct plan *plan)
{
	cleanup(json) json_t *root = json_object();

	json_object_set_new(root, "workload", json_string(cell->workload->name));
	json_object_set_new(root, "operation", json_string(cell->workload->operation));
	json_object_set_new(root, "charges",
			    json_string(workload_charge_name(cell->workload->charges)));
	json_object_set_new(root, "threads", json_integer(cell->threads));
	json_object_set_new(root, "instance_memory_bytes",
			    json_integer((json_int_t)plan->memory_bytes));
	if (cell->size_bytes) {
		json_object_set_new(root, "size", json_string(cell->size_name));
		json_object_set_new(root, "size_bytes",
				    json_integer((json_int_t)cell->size_bytes));
	}
	if (cell->workload->fio)
		add_disk_parameters(root, cell, plan);
	return json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
}

/* Rows of one platform's paths; those that are not used keep 0. */
typedef int64_t path_rows[DRIVER_PATHS_MAX];

static int add_platform(struct record *record, const struct plan_platform *platform,
			const struct probe *probe, path_rows rows, struct err *err)
{
	const struct path_def *paths = platform->platform->driver->paths;
	int rc = 0;

	for (size_t i = 0; !rc && i < DRIVER_PATHS_MAX && paths[i].name; i++) {
		enum readiness state = probe->state;
		const char *reason = probe->reason;

		if (i && !platform->used_paths[i])
			continue;
		if (state != UNAVAILABLE && probe->paths[i].state == UNAVAILABLE) {
			state = UNAVAILABLE;
			reason = probe->paths[i].reason;
		}
		rc = store_platform_add(record->store, record->run, platform->platform, i,
					state, reason, &rows[i], err);
	}
	return rc;
}

static int add_cell(struct record *record, const struct plan *plan,
		    const struct cell *cell, const path_rows *platforms, struct err *err)
{
	cleanup(free) char *parameters = record_parameters(cell, plan);
	int64_t *row = &record->cell_rows[cell->index];
	int rc;

	if (!parameters)
		return err_fail(err, ENOMEM, "no memory for a cell's parameters");
	rc = store_cell_add(record->store, record->run, cell, parameters, row, err);
	for (uint32_t i = 0; !rc && i < cell->arm_nr; i++) {
		const struct arm *arm = &plan->arms[cell->first_arm + i];

		rc = store_arm_add(record->store, *row,
				   platforms[arm->platform][arm->path], arm,
				   &record->arm_rows[arm->index], err);
	}
	return rc;
}

static int add_all(struct record *record, const struct plan *plan,
		   const struct probe *probes, path_rows *platforms, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < plan->platform_nr; i++)
		rc = add_platform(record, &plan->platforms[i], &probes[i], platforms[i],
				  err);
	for (size_t i = 0; !rc && i < plan->cell_nr; i++)
		rc = add_cell(record, plan, &plan->cells[i], platforms, err);
	return rc;
}

int record_begin(struct record *record, struct store *store, int64_t run,
		 const struct plan *plan, const struct probe *probes, struct err *err)
{
	cleanup(free) path_rows *platforms =
		calloc(plan->platform_nr + 1, sizeof(*platforms));
	int rc;

	*record = (struct record){
		.store = store, .run = run, .next_epoch = 1, .next_sequence = 1};
	if (!platforms)
		return err_fail(err, ENOMEM, "no memory for the run's record");
	rc = alloc_rows(record, plan, err);
	if (!rc)
		rc = store_begin(store, err);
	if (rc)
		return rc;
	return store_end(store, add_all(record, plan, probes, platforms, err), err);
}

/* --- resuming --- */

bool record_is_there(struct store *store, int64_t run)
{
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (sqlite3_prepare_v2(store_db(store), "SELECT 1 FROM cell WHERE run = ?1", -1,
			       &query, NULL) != SQLITE_OK)
		return true;
	sqlite3_bind_int64(query, 1, run);
	return sqlite3_step(query) != SQLITE_DONE;
}

static int find_rows(struct record *record, struct plan *plan, struct err *err)
{
	static const char sql[] =
		"SELECT c.id, a.id, c.ops FROM arm a JOIN cell c ON a.cell = c.id "
		"JOIN platform p ON a.platform = p.id WHERE c.run = ?1 AND c.label = ?2 "
		"AND p.name = ?3 AND p.path = ?4 AND a.role = ?5 AND a.injected = ?6";
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = 0;

	if (sqlite3_prepare_v2(store_db(record->store), sql, -1, &query, NULL) !=
	    SQLITE_OK)
		return err_fail(err, EIO, "cannot read the run: %s",
				sqlite3_errmsg(store_db(record->store)));
	for (size_t i = 0; !rc && i < plan->arm_nr; i++) {
		const struct arm *arm = &plan->arms[i];
		struct cell *cell = &plan->cells[arm->cell];
		const struct platform *platform = plan->platforms[arm->platform].platform;

		sqlite3_reset(query);
		sqlite3_bind_int64(query, 1, record->run);
		sqlite3_bind_text(query, 2, cell->label, -1, SQLITE_STATIC);
		sqlite3_bind_text(query, 3, platform->name, -1, SQLITE_STATIC);
		sqlite3_bind_text(query, 4, platform->driver->paths[arm->path].name, -1,
				  SQLITE_STATIC);
		sqlite3_bind_text(query, 5, arm_role_name(arm->role), -1, SQLITE_STATIC);
		sqlite3_bind_double(query, 6, arm->injected);
		if (sqlite3_step(query) != SQLITE_ROW) {
			rc = err_fail(
				err, ENOENT,
				"the run has no '%s' on %s: configuration or machine "
				"changed; start a new run",
				cell->label, platform->name);
			break;
		}
		record->cell_rows[arm->cell] = sqlite3_column_int64(query, 0);
		record->arm_rows[i] = sqlite3_column_int64(query, 1);
		cell->ops = (uint64_t)sqlite3_column_int64(query, 2);
	}
	return rc;
}

static int find_next(struct record *record, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (sqlite3_prepare_v2(store_db(record->store),
			       "SELECT coalesce(max(b.epoch), 0) + 1, "
			       "coalesce(max(b.sequence), 0) + 1 FROM block b "
			       "JOIN cell c ON b.cell = c.id WHERE c.run = ?1",
			       -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the run: %s",
				sqlite3_errmsg(store_db(record->store)));
	sqlite3_bind_int64(query, 1, record->run);
	if (sqlite3_step(query) == SQLITE_ROW) {
		record->next_epoch = (uint64_t)sqlite3_column_int64(query, 0);
		record->next_sequence = (uint64_t)sqlite3_column_int64(query, 1);
	}
	return 0;
}

int record_resume(struct record *record, struct store *store, int64_t run,
		  struct plan *plan, struct arms *arms, struct err *err)
{
	int rc;

	*record = (struct record){.store = store, .run = run};
	rc = alloc_rows(record, plan, err);
	if (!rc)
		rc = find_rows(record, plan, err);
	if (!rc)
		rc = find_next(record, err);
	for (size_t i = 0; !rc && i < plan->arm_nr; i++) {
		cleanup(free) struct stats_block *blocks = NULL;
		size_t nr = 0;

		if (plan->arms[i].role == ROLE_BASELINE)
			continue;
		rc = results_blocks(store, record->arm_rows[i], &blocks, &nr, err);
		if (!rc)
			rc = arms_restore(arms, (uint32_t)i, blocks, nr, err);
	}
	return rc;
}
