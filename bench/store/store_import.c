/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy itself: table by table, parents first, with new ids. */
#include "bench/store/store_import.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/store/store_import_table.h"
#include "bench/store/store_private.h"

void import_release(struct import *import)
{
	if (!import)
		return;
	free(import->list);
	*import = (struct import){0};
}
CLEANUP_DEFINE(import, struct import *, import_release)

/* The row of ours that is the same run; 0: none. */
static int find_same(struct store *from, struct store *to, int64_t run, int64_t *ret,
		     struct err *err)
{
	static const char theirs_sql[] =
		"SELECT started_utc, seed, command, coalesce((SELECT value FROM "
		"environment WHERE run = id AND name = 'host.name'), '') FROM run WHERE "
		"id = ?1";
	static const char ours_sql[] =
		"SELECT id FROM run WHERE started_utc = ?1 AND seed = ?2 AND command = "
		"?3 AND coalesce((SELECT value FROM environment WHERE run = id AND name "
		"= 'host.name'), '') = ?4";
	cleanup(statement) sqlite3_stmt *theirs = NULL, *ours = NULL;
	int rc = store_prepare(from, theirs_sql, &theirs, err);

	if (!rc)
		rc = store_prepare(to, ours_sql, &ours, err);
	if (rc)
		return rc;
	(void)sqlite3_bind_int64(theirs, 1, run);
	if (sqlite3_step(theirs) != SQLITE_ROW)
		return store_fail(from, "read", err);
	for (int i = 0; i < 4; i++)
		(void)sqlite3_bind_value(ours, i + 1, sqlite3_column_value(theirs, i));
	switch (sqlite3_step(ours)) {
	case SQLITE_ROW:
		*ret = sqlite3_column_int64(ours, 0);
		return 0;
	case SQLITE_DONE:
		*ret = 0;
		return 0;
	default:
		return store_fail(to, "read", err);
	}
}

static int note(struct import *import, const struct imported *one, struct err *err)
{
	struct imported *grown =
		reallocarray(import->list, import->nr + 1, sizeof(*grown));

	if (!grown)
		return err_fail(err, ENOMEM, "no memory to import");
	import->list = grown;
	import->list[import->nr++] = *one;
	return 0;
}

static void copy_text(sqlite3_stmt *row, int column, char *to, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	(void)snprintf(to, size, "%s", text ? text : "");
}

/* What is here already, before anything is copied: twins within the other store would be
 * the same run, too, but for the id, and are both taken. */
static int list_runs(struct store *from, struct store *to, struct import *import,
		     struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int state = SQLITE_DONE,
	    rc = store_prepare(from, "SELECT id, started_utc, suite FROM run ORDER BY id",
			       &query, err);

	while (!rc && (state = sqlite3_step(query)) == SQLITE_ROW) {
		struct imported one = {.from = sqlite3_column_int64(query, 0)};

		copy_text(query, 1, one.started_utc, sizeof(one.started_utc));
		copy_text(query, 2, one.suite, sizeof(one.suite));
		rc = find_same(from, to, one.from, &one.to, err);
		one.there = one.to != 0;
		if (!rc)
			rc = note(import, &one, err);
	}
	return rc || state == SQLITE_DONE ? rc : store_fail(from, "read", err);
}

/* A run that was going on there goes on nowhere here. */
static int copy_all(struct store *from, struct store *to, struct import *import,
		    struct err *err)
{
	struct import_maps maps = {0};
	int rc = list_runs(from, to, import, err);

	for (size_t i = 0; !rc && i < import->nr; i++)
		if (import->list[i].there)
			rc = import_maps_skip(&maps, import->list[i].from, err);
	if (!rc)
		rc = import_tables(from, to, &maps, err);
	for (size_t i = 0; !rc && i < import->nr; i++)
		if (!import->list[i].there)
			import->list[i].to = import_maps_run(&maps, import->list[i].from);
	import_maps_release(&maps);
	return rc;
}

int store_import(struct store *from, struct store *to, const volatile int *stop,
		 struct import *ret, struct err *err)
{
	struct import import = {0};
	cleanup(import) struct import *guard = &import;
	int rc;

	store_stop_on(from, stop);
	store_stop_on(to, stop);
	rc = store_run_sql(from, "BEGIN", "read", err); /* one state of it */
	if (!rc)
		rc = store_run_sql(to, "BEGIN IMMEDIATE", "write", err);
	if (!rc)
		rc = store_end_transaction(to, copy_all(from, to, guard, err), err);
	sqlite3_progress_handler(to->db, 0, NULL, NULL);
	(void)sqlite3_exec(from->db, "ROLLBACK", NULL, NULL, NULL);
	if (rc && *stop) {
		err_clear(err);
		return err_fail(err, EINTR, "interrupted: nothing was imported");
	}
	if (rc)
		return rc;
	*ret = import;
	guard = NULL;
	return 0;
}
