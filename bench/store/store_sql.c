/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the store speaks to SQLite: statements, values, errors. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/store/store_private.h"

static int fail_space(const struct store *store, struct err *err)
{
	return err_fail(err, ENOSPC,
			"no space left for the store '%s'; free some, then do it again, "
			"a run with 'tare run --resume last'",
			store->path);
}

/* Why the system refused, where it was the system: SQLite says "disk I/O error" only. */
static int fail_system(const struct store *store, const char *doing, struct err *err)
{
	int cause = sqlite3_system_errno(store->db);

	if (cause == ENOSPC || cause == EDQUOT || cause == EFBIG)
		return fail_space(store, err);
	if ((sqlite3_errcode(store->db) & 0xff) == SQLITE_IOERR)
		return err_fail(err, cause ? cause : EIO,
				"cannot %s the store '%s': %s%s%s; see to its disk, then "
				"go on with 'tare run --resume last': what was stored is "
				"kept",
				doing, store->path, sqlite3_errmsg(store->db),
				cause ? ": " : "", cause ? strerror(cause) : "");
	return err_fail(err, cause ? cause : EIO, "cannot %s the store '%s': %s%s%s",
			doing, store->path, sqlite3_errmsg(store->db), cause ? ": " : "",
			cause ? strerror(cause) : "");
}

/* SQLite's last failure in our words. */
int store_fail(const struct store *store, const char *doing, struct err *err)
{
	switch (sqlite3_errcode(store->db) & 0xff) {
	case SQLITE_FULL:
		return fail_space(store, err);
	case SQLITE_NOTADB:
		return err_fail(
			err, EINVAL,
			"'%s' is not a store of tare; name another file with --store",
			store->path);
	case SQLITE_CORRUPT:
		return err_fail(err, EBADMSG,
				"the store '%s' is damaged; save what is left with "
				"'sqlite3 FILE .recover' and name another with --store",
				store->path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_fail(err, EBUSY,
				"another program is writing to the store '%s'; wait for "
				"it, or name another with --store",
				store->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_fail(err, EACCES,
				"cannot %s the store '%s': it may not be written; name "
				"another with --store",
				doing, store->path);
	default:
		return fail_system(store, doing, err);
	}
}

int store_run_sql(struct store *store, const char *sql, const char *doing,
		  struct err *err)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : store_fail(store, doing, err);
}

int store_prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
		  struct err *err)
{
	return sqlite3_prepare_v2(store->db, sql, -1, ret, NULL) == SQLITE_OK
		       ? 0
		       : store_fail(store, "use", err);
}

/* All or nothing: what failed is taken back, and so is what cannot be committed. */
int store_end_transaction(struct store *store, int rc, struct err *err)
{
	if (!rc)
		rc = store_run_sql(store, "COMMIT", "write", err);
	if (rc)
		(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

void store_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	(void)sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

/* SAMPLE_NONE is NULL; larger than SQLite's integers keeps its bits. */
void store_bind_count(sqlite3_stmt *statement, int at, uint64_t value)
{
	if (value == SAMPLE_NONE)
		(void)sqlite3_bind_null(statement, at);
	else
		(void)sqlite3_bind_int64(statement, at, (sqlite3_int64)value);
}

void store_bind_number(sqlite3_stmt *statement, int at, double value)
{
	if (isfinite(value))
		(void)sqlite3_bind_double(statement, at, value);
	else
		(void)sqlite3_bind_null(statement, at);
}

/* Runs a bound statement once; *ret (may be NULL) is the new row's id. */
int store_step(struct store *store, sqlite3_stmt *statement, int64_t *ret,
	       struct err *err)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		return store_fail(store, "write", err);
	if (ret)
		*ret = sqlite3_last_insert_rowid(store->db);
	return 0;
}
