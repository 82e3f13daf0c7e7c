/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "last", "last~1", "7" or "other.sqlite:last": one of the runs to compare. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/compare.h"
#include "bench/store/store_import.h"

void compare_run_release(struct compare_run *run)
{
	results_release(&run->results);
	gather_release(&run->gather);
	store_close(run->store);
	free(run->file);
	free(run->suite);
	free(run->started_utc);
	free(run->host);
	*run = (struct compare_run){0};
}
CLEANUP_DEFINE(compare_run, struct compare_run *, compare_run_release)
CLEANUP_DEFINE(import, struct import *, import_release)

static char *column_copy(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return strdup(text ? text : "");
}

static int read_about(struct compare_run *run, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (sqlite3_prepare_v2(store_db(run->store),
			       "SELECT suite, started_utc, (SELECT value FROM "
			       "environment WHERE run = ?1 AND name = 'host.name') "
			       "FROM run WHERE id = ?1",
			       -1, &query, NULL) != SQLITE_OK ||
	    sqlite3_bind_int64(query, 1, run->run) || sqlite3_step(query) != SQLITE_ROW)
		return err_fail(err, EBADMSG, "cannot read the store: %s",
				sqlite3_errmsg(store_db(run->store)));
	run->suite = column_copy(query, 0);
	run->started_utc = column_copy(query, 1);
	run->host = column_copy(query, 2);
	if (!run->suite || !run->started_utc || !run->host)
		return err_fail(err, ENOMEM, "no memory to compare runs");
	return 0;
}

/* The file's part of FILE:RUN, malloc'ed; a RUN has no colon. */
static char *file_of(const char *word, const char *store, const char **ret_which)
{
	const char *colon = strrchr(word, ':');

	*ret_which = colon ? colon + 1 : word;
	return colon && colon > word ? strndup(word, (size_t)(colon - word))
				     : strdup(store);
}

/* From elsewhere: into a store that SQLite keeps in a file without a name. */
static int open_copy(struct compare_run *run, const char *which, const volatile int *stop,
		     struct err *err)
{
	cleanup(store) struct store *theirs = NULL;
	struct import import = {0};
	cleanup(import) struct import *guard = &import;
	int64_t there = 0;
	int rc = store_open(run->file, STORE_IMPORT, &theirs, err);

	if (!rc)
		rc = store_import_check(theirs, stop, err);
	if (!rc)
		rc = results_run_find(theirs, which, &there, err);
	if (!rc)
		rc = store_open(STORE_UNNAMED, STORE_CREATE, &run->store, err);
	if (!rc)
		rc = store_import(theirs, run->store, stop, guard, err);
	for (size_t i = 0; !rc && i < import.nr; i++)
		if (import.list[i].from == there)
			run->run = import.list[i].to;
	return rc;
}

static int open_own(struct compare_run *run, const char *which, struct err *err)
{
	int rc = store_open(run->file, STORE_READ, &run->store, err);

	return rc ? rc : results_run_find(run->store, which, &run->run, err);
}

static int read_all(struct compare_run *run, struct err *err)
{
	int rc = results_load(run->store, run->run, &run->results, err);

	if (!rc)
		rc = gather_read(run->store, run->run, 0, &run->gather, err);
	return rc ? rc : read_about(run, err);
}

int compare_run_open(const char *word, const char *store, const volatile int *stop,
		     struct compare_run *ret, struct err *err)
{
	struct compare_run run = {0};
	cleanup(compare_run) struct compare_run *guard = &run;
	const char *which;
	int rc;

	run.file = file_of(word, store, &which);
	if (!run.file)
		return err_fail(err, ENOMEM, "no memory to compare runs");
	rc = which == word ? open_own(&run, which, err)
			   : open_copy(&run, which, stop, err);
	if (!rc)
		rc = read_all(&run, err);
	if (rc)
		return err_because(err, "%.100s", word);
	*ret = run;
	guard = NULL;
	return 0;
}
