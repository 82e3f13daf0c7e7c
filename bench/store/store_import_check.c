/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database file from elsewhere: what is refused before anything in it is believed. */
#include <errno.h>
#include <string.h>

#include "bench/store/store_import.h"
#include "bench/store/store_private.h"

#define VALUE_MAX_BYTES (8 << 20) /* hwloc's XML of a large machine is far below */
#define SQL_MAX_BYTES (64 << 10)
#define STEPS 10000 /* of SQLite's machine between two looks at *stop */

/* SQLite's advice for files that are not trusted ("Defense Against The Dark Arts",
 * https://www.sqlite.org/security.html): the schema may call nothing, triggers and views
 * do not run, pages are checked as they are read. */
int store_harden(struct store *store, struct err *err)
{
	static const struct {
		int what, on;
	} configs[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	};

	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
		if (sqlite3_db_config(store->db, configs[i].what, configs[i].on, NULL) !=
		    SQLITE_OK)
			return store_fail(store, "open", err);
	(void)sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, VALUE_MAX_BYTES);
	(void)sqlite3_limit(store->db, SQLITE_LIMIT_SQL_LENGTH, SQL_MAX_BYTES);
	return store_run_sql(store, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0",
			     "open", err);
}

static int look(void *stop)
{
	return *(const volatile int *)stop;
}

void store_stop_on(struct store *store, const volatile int *stop)
{
	union {
		const volatile int *in;
		void *out;
	} pointer = {.in = stop};

	sqlite3_progress_handler(store->db, STEPS, look, pointer.out);
}

/* --- what is in it --- */

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

/* Every object is a table or an index that a store has; a virtual table has no page. */
static int check_schema(struct store *from, struct err *err)
{
	static const char sql[] =
		"SELECT type, name FROM sqlite_master WHERE NOT (type = 'table' AND "
		"rootpage > 0 AND name IN ('run', 'environment', 'platform', 'instance', "
		"'fact', 'cell', 'arm', 'block', 'sample', 'experiment', 'series') OR "
		"type = 'index' AND (sql IS NULL OR name IN ('sample_of_arm', "
		"'block_of_cell'))) LIMIT 1";
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = store_prepare(from, sql, &query, err);

	if (rc)
		return rc;
	switch (sqlite3_step(query)) {
	case SQLITE_DONE:
		return 0;
	case SQLITE_ROW:
		return err_fail(err, EINVAL,
				"'%s' is not a store that tare made: it has the %.20s "
				"'%.60s'",
				from->path, text_of(query, 0), text_of(query, 1));
	default:
		return store_fail(from, "read", err);
	}
}

/* The query finds what must not be; a row of it says what. */
static int refuse_rows(struct store *from, const char *sql, const char *what,
		       struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	char found[120];
	int rc = store_prepare(from, sql, &query, err);

	if (rc)
		return rc;
	switch (sqlite3_step(query)) {
	case SQLITE_DONE:
		return 0;
	case SQLITE_ROW:
		(void)snprintf(found, sizeof(found), "%s", text_of(query, 0));
		for (char *at = found; *at; at++)
			*at = (unsigned char)*at < ' ' ? ' ' : *at;
		return err_fail(err, EBADMSG, "'%s' is damaged: %s '%s'", from->path,
				what, found);
	default:
		return store_fail(from, "read", err);
	}
}

static const struct {
	const char *sql, *what;
} checks[] = {
	{"SELECT m.name || '.' || x.name FROM sqlite_master m, "
	 "pragma_table_xinfo(m.name) "
	 "x WHERE m.type = 'table' AND x.hidden != 0 LIMIT 1",
	 "no store has the hidden column"},
	{"SELECT integrity_check FROM pragma_integrity_check(1) WHERE integrity_check != "
	 "'ok'",
	 "SQLite's check says"},
	{"SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1",
	 "a row belongs to nothing in table"},
	{"SELECT a.id FROM arm a JOIN cell c ON c.id = a.cell JOIN platform p ON p.id = "
	 "a.platform WHERE c.run != p.run LIMIT 1",
	 "cell and platform are of two runs in arm"},
	{"SELECT s.id FROM sample s JOIN block b ON b.id = s.block JOIN arm a ON a.id = "
	 "s.arm WHERE b.cell != a.cell LIMIT 1",
	 "block and arm are of two cells in sample"},
};

int store_import_check(struct store *from, const volatile int *stop, struct err *err)
{
	int rc;

	store_stop_on(from, stop);
	rc = check_schema(from, err);
	for (size_t i = 0; !rc && i < sizeof(checks) / sizeof(checks[0]); i++)
		rc = refuse_rows(from, checks[i].sql, checks[i].what, err);
	if (!rc || !*stop)
		return rc;
	err_clear(err);
	return err_fail(err, EINTR, "interrupted: nothing was imported");
}
