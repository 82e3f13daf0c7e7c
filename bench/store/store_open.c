/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/store/store_import.h"
#include "bench/store/store_private.h"
#include "bench/store/store_schema.h"

#define BUSY_MS 5000

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

static int read_number(struct store *store, const char *sql, int *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = store_prepare(store, sql, &query, err);

	if (rc)
		return rc;
	if (sqlite3_step(query) != SQLITE_ROW)
		return store_fail(store, "read", err);
	*ret = sqlite3_column_int(query, 0);
	return 0;
}

static int count_tables(struct store *store, int *ret, struct err *err)
{
	return read_number(store, "SELECT count(*) FROM sqlite_master", ret, err);
}

/* Whoever comes first makes the tables; the others find them. */
static int create_tables(struct store *store, struct err *err)
{
	int tables = 0, rc = store_run_sql(store, "BEGIN IMMEDIATE", "create", err);

	if (rc)
		return rc;
	rc = count_tables(store, &tables, err);
	if (!rc && !tables)
		rc = store_run_sql(store, store_schema, "create", err);
	return store_end_transaction(store, rc, err);
}

static int check_version(struct store *store, enum store_mode mode, struct err *err)
{
	int application = 0, version = 0, tables = 0;
	int rc = count_tables(store, &tables, err);

	if (!rc && !tables && mode == STORE_CREATE)
		rc = create_tables(store, err);
	if (!rc)
		rc = read_number(store, "PRAGMA application_id", &application, err);
	if (!rc)
		rc = read_number(store, "PRAGMA user_version", &version, err);
	if (rc)
		return rc;
	if (application != STORE_APPLICATION_ID)
		return err_fail(
			err, EINVAL,
			"'%s' is not a store of tare; name another file with --store",
			store->path);
	if (mode == STORE_IMPORT && version >= STORE_VERSION_OLDEST &&
	    version < STORE_VERSION)
		return 0;
	if (version >= STORE_VERSION_OLDEST && version < STORE_VERSION)
		return err_fail(
			err, EINVAL,
			"'%s' has schema version %d, this tare reads %d; bring it up to "
			"date with 'tare import %s --store NEW'",
			store->path, version, STORE_VERSION, store->path);
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

/* A store in WAL mode without its log: nobody has it open, it is whole as it is.  Read in
 * the usual way, SQLite would make a log and an index beside it. */
static bool is_at_rest(const char *path)
{
	cleanup(file) FILE *file = fopen(path, "re");
	char log[STORE_PATH_MAX + 8], header[20] = "";

	(void)snprintf(log, sizeof(log), "%s-wal", path);
	/* bytes 18 and 19: 2 is WAL (SQLite file format, section 1.3.3) */
	return file && fread(header, sizeof(header), 1, file) == 1 && header[18] == 2 &&
	       header[19] == 2 && access(log, F_OK);
}

/* file:PATH?immutable=1, whatever is in the path; malloc'ed, NULL: no memory. */
static char *immutable_uri(const char *path)
{
	cleanup(free) char *uri = NULL;
	size_t size;
	FILE *to = open_memstream(&uri, &size);

	if (!to)
		return NULL;
	fprintf(to, "file:");
	for (; *path; path++)
		fprintf(to, strchr("%?#", *path) ? "%%%02x" : "%c",
			(unsigned)(unsigned char)*path);
	fprintf(to, "?immutable=1");
	return fclose(to) ? NULL : take_ptr(uri);
}

static int open_to_read(struct store *store, struct err *err)
{
	cleanup(free) char *uri = NULL;

	if (access(store->path, R_OK))
		return err_fail(err, errno,
				"cannot open the store '%s': %m; 'tare run' makes "
				"one, --store names another",
				store->path);
	if (is_at_rest(store->path)) {
		uri = immutable_uri(store->path);
		if (!uri)
			return err_fail(err, ENOMEM, "no memory for the store");
	}
	return sqlite3_open_v2(uri ? uri : store->path, &store->db,
			       SQLITE_OPEN_READONLY | (uri ? SQLITE_OPEN_URI : 0),
			       NULL) == SQLITE_OK
		       ? 0
		       : store_fail(store, "open", err);
}

static int open_to_write(struct store *store, struct err *err)
{
	int rc = make_parent(store->path, err);

	if (rc)
		return rc;
	if (sqlite3_open_v2(store->path, &store->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			    NULL) != SQLITE_OK)
		return store_fail(store, "open", err);
	/* SQLite opens what may not be written for reading, without a word. */
	if (sqlite3_db_readonly(store->db, "main"))
		return err_fail(err, EACCES,
				"cannot write to the store '%s'; name another with "
				"--store",
				store->path);
	return 0;
}

static int prepare_to_write(struct store *store, struct err *err)
{
	return store_run_sql(store,
			     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
			     "PRAGMA foreign_keys = ON",
			     "prepare", err);
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
	rc = mode == STORE_CREATE ? open_to_write(store, err) : open_to_read(store, err);
	if (!rc)
		(void)sqlite3_busy_timeout(store->db, BUSY_MS);
	if (!rc && mode == STORE_IMPORT)
		rc = store_harden(store, err);
	if (!rc)
		rc = check_version(store, mode, err);
	if (!rc && mode == STORE_CREATE)
		rc = prepare_to_write(store, err);
	if (!rc)
		*ret = take_ptr(store);
	return rc;
}
