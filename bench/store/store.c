/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/store/store_private.h"
#include "bench/base/cleanup.h"

int store_begin(struct store *store, struct err *err)
{
	return store_run_sql(store, "BEGIN", "write", err);
}

int store_end(struct store *store, int rc, struct err *err)
{
	return store_end_transaction(store, rc, err);
}

int store_run_begin(struct store *store, const struct store_run *run, int64_t *ret,
		    struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(
		store,
		"INSERT INTO run (started_utc, status, suite, suite_text, command, "
		"version, seed, budget_ns, options) VALUES "
		"(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'running', ?1, ?2, ?3, ?4, "
		"?5, ?6, ?7)",
		&add, err);

	if (rc)
		return rc;
	store_bind_text(add, 1, run->suite);
	store_bind_text(add, 2, run->suite_text);
	store_bind_text(add, 3, run->command);
	store_bind_text(add, 4, run->version);
	(void)sqlite3_bind_int64(add, 5, (sqlite3_int64)run->seed);
	(void)sqlite3_bind_int64(add, 6, (sqlite3_int64)run->budget_ns);
	store_bind_text(add, 7, run->options);
	return store_step(store, add, ret, err);
}

int store_run_end(struct store *store, int64_t run, const char *status,
		  uint64_t elapsed_ns, struct err *err)
{
	cleanup(statement) sqlite3_stmt *set = NULL;
	int rc = store_prepare(store,
			       "UPDATE run SET status = ?2, elapsed_ns = ?3, ended_utc = "
			       "strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = ?1",
			       &set, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(set, 1, run);
	store_bind_text(set, 2, status);
	store_bind_count(set, 3, elapsed_ns);
	return store_step(store, set, NULL, err);
}

int store_run_resume(struct store *store, int64_t run, struct err *err)
{
	cleanup(statement) sqlite3_stmt *set = NULL;
	int rc = store_prepare(store,
			       "UPDATE run SET status = 'running', ended_utc = NULL "
			       "WHERE id = ?1",
			       &set, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(set, 1, run);
	return store_step(store, set, NULL, err);
}

int store_environment_add(struct store *store, int64_t run, const char *name,
			  const char *value, const char *source, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(
		store, "INSERT OR REPLACE INTO environment VALUES (?1, ?2, ?3, ?4)", &add,
		err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	store_bind_text(add, 2, name);
	store_bind_text(add, 3, value);
	store_bind_text(add, 4, source);
	return store_step(store, add, NULL, err);
}

int store_platform_add(struct store *store, int64_t run, const struct platform *platform,
		       size_t path, enum readiness state, const char *reason,
		       int64_t *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(
		store,
		"INSERT INTO platform (run, name, path, driver, state, reason) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		&add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	store_bind_text(add, 2, platform->name);
	store_bind_text(add, 3, platform->driver->paths[path].name);
	store_bind_text(add, 4, platform->driver->name);
	store_bind_text(add, 5, readiness_name(state));
	store_bind_text(add, 6, reason);
	return store_step(store, add, ret, err);
}

int store_instance_add(struct store *store, int64_t run, const char *platform,
		       bool emulated, uint64_t open_to_hello_ns, const char *phases_json,
		       int64_t *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(
		store,
		"INSERT INTO instance (run, platform, emulated, open_to_hello_ns, "
		"phases) VALUES (?1, ?2, ?3, ?4, ?5)",
		&add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	store_bind_text(add, 2, platform);
	(void)sqlite3_bind_int(add, 3, emulated);
	store_bind_count(add, 4, open_to_hello_ns);
	store_bind_text(add, 5, phases_json);
	return store_step(store, add, ret, err);
}

static int add_facts(struct store *store, int64_t instance, const struct facts *facts,
		     struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(store,
			       "INSERT OR IGNORE INTO fact VALUES (?1, ?2, ?3, ?4, ?5)",
			       &add, err);

	for (size_t i = 0; !rc && i < facts->nr; i++) {
		const struct fact *fact = &facts->list[i];

		(void)sqlite3_reset(add);
		(void)sqlite3_bind_int64(add, 1, instance);
		store_bind_text(add, 2, fact->name);
		store_bind_text(add, 3, fact->asked);
		store_bind_text(add, 4, fact->got);
		store_bind_text(add, 5, fact->source);
		rc = store_step(store, add, NULL, err);
	}
	return rc;
}

int store_facts_add(struct store *store, int64_t instance, const struct facts *facts,
		    struct err *err)
{
	int rc = store_run_sql(store, "BEGIN", "write", err);

	return rc ? rc
		  : store_end_transaction(store, add_facts(store, instance, facts, err),
					  err);
}

int store_cell_add(struct store *store, int64_t run, const struct cell *cell,
		   const char *parameters, int64_t *ret, struct err *err)
{
	const struct workload *workload = cell->workload;
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(
		store,
		"INSERT INTO cell (run, label, workload, family, metric, unit, "
		"size_bytes, parameters, ops, precision) VALUES (?1, ?2, ?3, ?4, ?5, "
		"?6, nullif(?7, 0), ?8, nullif(?9, 0), ?10)",
		&add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	store_bind_text(add, 2, cell->label);
	store_bind_text(add, 3, workload->name);
	store_bind_text(add, 4,
			cell->family ? cell->family
				     : workload_family_name(workload->family));
	store_bind_text(add, 5, workload_metric_name(workload->metric));
	store_bind_text(add, 6, workload_metric_unit(workload->metric));
	store_bind_count(add, 7, cell->size_bytes);
	store_bind_text(add, 8, parameters);
	store_bind_count(add, 9, cell->ops);
	store_bind_number(add, 10, cell->precision);
	return store_step(store, add, ret, err);
}

int store_cell_ops(struct store *store, int64_t cell, uint64_t ops, struct err *err)
{
	cleanup(statement) sqlite3_stmt *set = NULL;
	int rc =
		store_prepare(store, "UPDATE cell SET ops = ?2 WHERE id = ?1", &set, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(set, 1, cell);
	store_bind_count(set, 2, ops);
	return store_step(store, set, NULL, err);
}

int store_arm_add(struct store *store, int64_t cell, int64_t platform,
		  const struct arm *arm, int64_t *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = store_prepare(store,
			       "INSERT INTO arm (cell, platform, role, injected) "
			       "VALUES (?1, ?2, ?3, ?4)",
			       &add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, cell);
	(void)sqlite3_bind_int64(add, 2, platform);
	store_bind_text(add, 3, arm_role_name(arm->role));
	store_bind_number(add, 4, arm->injected);
	return store_step(store, add, ret, err);
}
