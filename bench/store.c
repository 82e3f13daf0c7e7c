/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "store_schema.h"

#define BUSY_MS 5000

struct store {
	sqlite3 *db;
	sqlite3_stmt *add_block, *add_sample,
		*set_elapsed; /* the ones that are run often */
	char path[512];
};

sqlite3 *store_db(struct store *store)
{
	return store->db;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	(void)sqlite3_finalize(store->add_block);
	(void)sqlite3_finalize(store->add_sample);
	(void)sqlite3_finalize(store->set_elapsed);
	/* one file again, which whoever may not write here can read; no-op for readers */
	if (store->db && !sqlite3_db_readonly(store->db, "main")) {
		(void)sqlite3_busy_timeout(store->db, 0);
		(void)sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL,
				   NULL);
	}
	(void)sqlite3_close(store->db);
	free(store);
}

/* SQLite's last failure in our words. */
static int fail(const struct store *store, const char *doing, struct err *err)
{
	switch (sqlite3_errcode(store->db)) {
	case SQLITE_FULL:
		return err_fail(
			err, ENOSPC,
			"no space left for the store '%s'; free some, then go on with "
			"'tare run --resume last'",
			store->path);
	case SQLITE_NOTADB:
		return err_fail(err, EINVAL, "'%s' is not a store of tare", store->path);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return err_fail(err, EACCES, "cannot %s '%s': %s", doing, store->path,
				sqlite3_errmsg(store->db));
	default:
		return err_fail(err, EIO, "cannot %s '%s': %s", doing, store->path,
				sqlite3_errmsg(store->db));
	}
}

static int run_sql(struct store *store, const char *sql, const char *doing,
		   struct err *err)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : fail(store, doing, err);
}

static int prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
		   struct err *err)
{
	return sqlite3_prepare_v2(store->db, sql, -1, ret, NULL) == SQLITE_OK
		       ? 0
		       : fail(store, "use", err);
}

static int read_pragma(struct store *store, const char *sql, int *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = prepare(store, sql, &query, err);

	if (rc)
		return rc;
	if (sqlite3_step(query) != SQLITE_ROW)
		return fail(store, "read", err);
	*ret = sqlite3_column_int(query, 0);
	return 0;
}

static int check_version(struct store *store, bool may_create, struct err *err)
{
	int application, version, tables, rc;

	rc = read_pragma(store, "PRAGMA application_id", &application, err);
	if (!rc)
		rc = read_pragma(store, "PRAGMA user_version", &version, err);
	if (!rc)
		rc = read_pragma(store, "SELECT count(*) FROM sqlite_master", &tables,
				 err);
	if (rc)
		return rc;
	if (!tables && may_create)
		return run_sql(store, store_schema, "create", err);
	if (application != STORE_APPLICATION_ID)
		return err_fail(
			err, EINVAL,
			"'%s' is not a store of tare; name another file with --store",
			store->path);
	if (version != STORE_VERSION)
		return err_fail(
			err, EINVAL,
			"'%s' has schema version %d, this tare reads %d; name another "
			"file with --store, or use the tare that wrote it",
			store->path, version, STORE_VERSION);
	return 0;
}

static int make_parent(const char *path, struct err *err)
{
	cleanup(free) char *dir = strdup(path);
	char *slash = dir ? strrchr(dir, '/') : NULL;

	if (!slash || slash == dir)
		return 0;
	*slash = '\0';
	if (mkdir(dir, 0755) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s' for the store: %m", dir);
	return 0;
}

static int open_database(struct store *store, enum store_mode mode, struct err *err)
{
	int flags = mode == STORE_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
					 : SQLITE_OPEN_READONLY;

	if (mode == STORE_READ && access(store->path, R_OK))
		return err_fail(err, errno,
				"cannot open the store '%s': %m; 'tare run' makes "
				"one, --store names another",
				store->path);
	if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK)
		return fail(store, "open", err);
	(void)sqlite3_busy_timeout(store->db, BUSY_MS);
	return 0;
}

int store_open(const char *path, enum store_mode mode, struct store **ret,
	       struct err *err)
{
	cleanup(store) struct store *store = calloc(1, sizeof(*store));
	int rc;

	if (!store)
		return err_fail(err, ENOMEM, "no memory for the store");
	if (strlen(path) >= sizeof(store->path))
		return err_fail(err, ENAMETOOLONG, "the store's path is too long");
	memcpy(store->path, path, strlen(path) + 1);
	rc = mode == STORE_CREATE ? make_parent(path, err) : 0;
	if (!rc)
		rc = open_database(store, mode, err);
	if (!rc)
		rc = check_version(store, mode == STORE_CREATE, err);
	if (!rc && mode == STORE_CREATE)
		rc = run_sql(store,
			     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
			     "PRAGMA foreign_keys = ON",
			     "prepare", err);
	if (!rc)
		*ret = take_ptr(store);
	return rc;
}

/* --- rows --- */

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	(void)sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

/* SAMPLE_NONE is NULL; larger than SQLite's integers keeps its bits. */
static void bind_count(sqlite3_stmt *statement, int at, uint64_t value)
{
	if (value == SAMPLE_NONE)
		(void)sqlite3_bind_null(statement, at);
	else
		(void)sqlite3_bind_int64(statement, at, (sqlite3_int64)value);
}

static void bind_number(sqlite3_stmt *statement, int at, double value)
{
	if (isfinite(value))
		(void)sqlite3_bind_double(statement, at, value);
	else
		(void)sqlite3_bind_null(statement, at);
}

/* Runs a bound statement once; *ret (may be NULL) is the new row's id. */
static int step(struct store *store, sqlite3_stmt *statement, int64_t *ret,
		struct err *err)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		return fail(store, "write", err);
	if (ret)
		*ret = sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_run_begin(struct store *store, const struct store_run *run, int64_t *ret,
		    struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = prepare(
		store,
		"INSERT INTO run (started_utc, status, suite, suite_text, command, "
		"version, seed, budget_ns, options) VALUES "
		"(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'running', ?1, ?2, ?3, ?4, "
		"?5, ?6, ?7)",
		&add, err);

	if (rc)
		return rc;
	bind_text(add, 1, run->suite);
	bind_text(add, 2, run->suite_text);
	bind_text(add, 3, run->command);
	bind_text(add, 4, run->version);
	bind_count(add, 5, run->seed);
	bind_count(add, 6, run->budget_ns);
	bind_text(add, 7, run->options);
	return step(store, add, ret, err);
}

int store_run_end(struct store *store, int64_t run, const char *status,
		  uint64_t elapsed_ns, struct err *err)
{
	cleanup(statement) sqlite3_stmt *set = NULL;
	int rc = prepare(store,
			 "UPDATE run SET status = ?2, elapsed_ns = ?3, ended_utc = "
			 "strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = ?1",
			 &set, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(set, 1, run);
	bind_text(set, 2, status);
	bind_count(set, 3, elapsed_ns);
	return step(store, set, NULL, err);
}

int store_run_resume(struct store *store, int64_t run, struct err *err)
{
	cleanup(statement) sqlite3_stmt *set = NULL;
	int rc = prepare(store,
			 "UPDATE run SET status = 'running', ended_utc = NULL "
			 "WHERE id = ?1",
			 &set, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(set, 1, run);
	return step(store, set, NULL, err);
}

int store_environment_add(struct store *store, int64_t run, const char *name,
			  const char *value, const char *source, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = prepare(store,
			 "INSERT OR REPLACE INTO environment VALUES (?1, ?2, ?3, ?4)",
			 &add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	bind_text(add, 2, name);
	bind_text(add, 3, value);
	bind_text(add, 4, source);
	return step(store, add, NULL, err);
}

int store_platform_add(struct store *store, int64_t run, const struct platform *platform,
		       size_t path, enum readiness state, const char *reason,
		       int64_t *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = prepare(store,
			 "INSERT INTO platform (run, name, path, driver, state, reason) "
			 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			 &add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	bind_text(add, 2, platform->name);
	bind_text(add, 3, platform->driver->paths[path].name);
	bind_text(add, 4, platform->driver->name);
	bind_text(add, 5, readiness_name(state));
	bind_text(add, 6, reason);
	return step(store, add, ret, err);
}

int store_instance_add(struct store *store, int64_t run, const char *platform,
		       bool emulated, uint64_t open_to_hello_ns, const char *phases_json,
		       int64_t *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = prepare(
		store,
		"INSERT INTO instance (run, platform, emulated, open_to_hello_ns, "
		"phases) VALUES (?1, ?2, ?3, ?4, ?5)",
		&add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	bind_text(add, 2, platform);
	(void)sqlite3_bind_int(add, 3, emulated);
	bind_count(add, 4, open_to_hello_ns);
	bind_text(add, 5, phases_json);
	return step(store, add, ret, err);
}

static int add_facts(struct store *store, int64_t instance, const struct facts *facts,
		     struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = prepare(store, "INSERT OR IGNORE INTO fact VALUES (?1, ?2, ?3, ?4, ?5)",
			 &add, err);

	for (size_t i = 0; !rc && i < facts->nr; i++) {
		const struct fact *fact = &facts->list[i];

		(void)sqlite3_reset(add);
		(void)sqlite3_bind_int64(add, 1, instance);
		bind_text(add, 2, fact->name);
		bind_text(add, 3, fact->asked);
		bind_text(add, 4, fact->got);
		bind_text(add, 5, fact->source);
		rc = step(store, add, NULL, err);
	}
	return rc;
}

/* All or nothing: what failed is taken back, and so is what cannot be committed. */
static int end_transaction(struct store *store, int rc, struct err *err)
{
	if (!rc)
		rc = run_sql(store, "COMMIT", "write", err);
	if (rc)
		(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int store_facts_add(struct store *store, int64_t instance, const struct facts *facts,
		    struct err *err)
{
	int rc = run_sql(store, "BEGIN", "write", err);

	return rc ? rc
		  : end_transaction(store, add_facts(store, instance, facts, err), err);
}

int store_cell_add(struct store *store, int64_t run, const struct cell *cell,
		   const char *parameters, int64_t *ret, struct err *err)
{
	const struct workload *workload = cell->workload;
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = prepare(
		store,
		"INSERT INTO cell (run, label, workload, family, metric, unit, "
		"size_bytes, parameters, ops, precision) VALUES (?1, ?2, ?3, ?4, ?5, "
		"?6, nullif(?7, 0), ?8, nullif(?9, 0), ?10)",
		&add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, run);
	bind_text(add, 2, cell->label);
	bind_text(add, 3, workload->name);
	bind_text(add, 4, workload_family_name(workload->family));
	bind_text(add, 5, workload_metric_name(workload->metric));
	bind_text(add, 6, workload_metric_unit(workload->metric));
	bind_count(add, 7, cell->size_bytes);
	bind_text(add, 8, parameters);
	bind_count(add, 9, cell->ops);
	bind_number(add, 10, cell->precision);
	return step(store, add, ret, err);
}

int store_cell_ops(struct store *store, int64_t cell, uint64_t ops, struct err *err)
{
	cleanup(statement) sqlite3_stmt *set = NULL;
	int rc = prepare(store, "UPDATE cell SET ops = ?2 WHERE id = ?1", &set, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(set, 1, cell);
	bind_count(set, 2, ops);
	return step(store, set, NULL, err);
}

int store_arm_add(struct store *store, int64_t cell, int64_t platform,
		  const struct arm *arm, int64_t *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *add = NULL;
	int rc = prepare(store,
			 "INSERT INTO arm (cell, platform, role, injected) "
			 "VALUES (?1, ?2, ?3, ?4)",
			 &add, err);

	if (rc)
		return rc;
	(void)sqlite3_bind_int64(add, 1, cell);
	(void)sqlite3_bind_int64(add, 2, platform);
	bind_text(add, 3, arm_role_name(arm->role));
	bind_number(add, 4, arm->injected);
	return step(store, add, ret, err);
}

/* --- blocks --- */

static int add_block(struct store *store, const struct store_block *block, int64_t *ret,
		     struct err *err)
{
	sqlite3_stmt *add = store->add_block;
	int rc = add ? 0
		     : prepare(store,
			       "INSERT INTO block (cell, epoch, sequence, begin_ns, "
			       "load1, "
			       "psi_cpu, steal_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			       &store->add_block, err);

	if (rc)
		return rc;
	add = store->add_block;
	(void)sqlite3_reset(add);
	(void)sqlite3_bind_int64(add, 1, block->cell);
	bind_count(add, 2, block->epoch);
	bind_count(add, 3, block->sequence);
	bind_count(add, 4, block->begin_ns);
	bind_number(add, 5, block->load1 >= 0 ? block->load1 : NAN);
	bind_number(add, 6, block->psi_cpu >= 0 ? block->psi_cpu : NAN);
	bind_count(add, 7, block->steal_ns);
	return step(store, add, ret, err);
}

static void bind_sample(sqlite3_stmt *add, int64_t block, int64_t arm,
			const struct sample *s)
{
	const uint64_t counts[] = {s->ops,
				   s->wall_ns,
				   s->cpu_ns,
				   s->checksum,
				   s->host_begin_ns,
				   s->host_wall_ns,
				   s->voluntary,
				   s->involuntary,
				   s->minor_faults,
				   s->major_faults,
				   s->steal_ns,
				   s->host_read_bytes,
				   s->host_write_bytes,
				   s->account_cpu_ns,
				   s->account_voluntary,
				   s->account_involuntary,
				   s->account_exits,
				   s->account_io_exits,
				   s->account_mmio_exits,
				   s->account_halt_exits,
				   s->account_injections,
				   s->fio.read_ios,
				   s->fio.write_ios,
				   s->fio.read_bytes,
				   s->fio.write_bytes,
				   s->fio.runtime_ns,
				   s->fio.lat_mean_ns,
				   s->fio.lat_p50_ns,
				   s->fio.lat_p90_ns,
				   s->fio.lat_p99_ns,
				   s->fio.lat_p999_ns,
				   s->fio.lat_max_ns};

	(void)sqlite3_bind_int64(add, 1, block);
	(void)sqlite3_bind_int64(add, 2, arm);
	bind_count(add, 3, s->position);
	bind_text(add, 4, outcome_name(s->outcome));
	bind_text(add, 5, s->reason);
	bind_number(add, 6, s->value);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		bind_count(add, 7 + (int)i, counts[i]);
}

static int add_samples(struct store *store, int64_t block, const struct sample *samples,
		       size_t nr, const int64_t *arm_rows, struct err *err)
{
	int rc = store->add_sample ? 0
				   : prepare(store,
					     "INSERT INTO sample VALUES (NULL, ?1, ?2, "
					     "?3, ?4, ?5, ?6, "
					     "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
					     "?16, ?17, ?18, "
					     "?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, "
					     "?27, ?28, ?29, "
					     "?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, "
					     "?38)",
					     &store->add_sample, err);

	for (size_t i = 0; !rc && i < nr; i++) {
		(void)sqlite3_reset(store->add_sample);
		bind_sample(store->add_sample, block, arm_rows[samples[i].arm],
			    &samples[i]);
		rc = step(store, store->add_sample, NULL, err);
	}
	return rc;
}

static int set_elapsed(struct store *store, int64_t run, uint64_t elapsed_ns,
		       struct err *err)
{
	int rc = store->set_elapsed
			 ? 0
			 : prepare(store, "UPDATE run SET elapsed_ns = ?2 WHERE id = ?1",
				   &store->set_elapsed, err);

	if (rc)
		return rc;
	(void)sqlite3_reset(store->set_elapsed);
	(void)sqlite3_bind_int64(store->set_elapsed, 1, run);
	bind_count(store->set_elapsed, 2, elapsed_ns);
	return step(store, store->set_elapsed, NULL, err);
}

int store_block_add(struct store *store, const struct store_block *block,
		    const struct sample *samples, size_t nr, const int64_t *arm_rows,
		    uint64_t elapsed_ns, int64_t run, struct err *err)
{
	int64_t row = 0;
	int rc = run_sql(store, "BEGIN", "write", err);

	if (rc)
		return rc;
	rc = add_block(store, block, &row, err);
	if (!rc)
		rc = add_samples(store, row, samples, nr, arm_rows, err);
	if (!rc)
		rc = set_elapsed(store, run, elapsed_ns, err);
	return end_transaction(store, rc, err);
}
