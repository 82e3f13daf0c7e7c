/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs of a store, and what is said about one above its ratios. */
#include <errno.h>
#include <string.h>

#include "bench/base/output.h"
#include "bench/show/show.h"
#include "bench/base/units.h"

/* Columns of both queries. */
enum { ID, STARTED, SUITE, STATUS, ELAPSED, COMMAND, SEED, BUDGET };
#define COLUMNS                                                                        \
	"SELECT id, started_utc, suite, status, elapsed_ns, command, seed, budget_ns " \
	"FROM run "

static int fail(struct store *store, struct err *err)
{
	return err_fail(err, EBADMSG, "cannot read the store: %s",
			sqlite3_errmsg(store_db(store)));
}

static void add_run(struct output_table *table, sqlite3_stmt *row)
{
	output_table_add(table, "%lld", (long long)sqlite3_column_int64(row, ID));
	output_table_add(table, "%s", show_column(row, STARTED));
	output_table_add(table, "%s", show_column(row, SUITE));
	output_table_add(table, "%s", results_status(show_column(row, STATUS)));
	output_table_add(table, "%.0f", sqlite3_column_double(row, ELAPSED) / 1e9);
	output_table_add(table, "%s", show_column(row, COMMAND));
}

int show_runs(struct store *store, enum format format, struct err *err)
{
	static const struct output_column columns[] = {
		{"run", true},	   {"started", false}, {"suite", false},
		{"status", false}, {"seconds", true},  {"command", false}};
	cleanup(statement) sqlite3_stmt *query = NULL;
	struct output_table table;
	int rc = 0, state;

	if (sqlite3_prepare_v2(store_db(store), COLUMNS "ORDER BY id", -1, &query, NULL))
		return fail(store, err);
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	while ((state = sqlite3_step(query)) == SQLITE_ROW)
		add_run(&table, query);
	if (state != SQLITE_DONE)
		rc = fail(store, err);
	if (!rc)
		rc = output_table_write(&table, format, stdout, err);
	output_table_release(&table);
	return rc;
}

static int read_run(struct store *store, int64_t run, sqlite3_stmt **ret, struct err *err)
{
	if (sqlite3_prepare_v2(store_db(store), COLUMNS "WHERE id = ?1", -1, ret, NULL))
		return fail(store, err);
	(void)sqlite3_bind_int64(*ret, 1, run);
	return sqlite3_step(*ret) == SQLITE_ROW ? 0 : fail(store, err);
}

static const char *status_words(sqlite3_stmt *row)
{
	const char *status = results_status(show_column(row, STATUS));

	return strcmp(status, "budget") != 0 ? status : "budget spent";
}

int show_run_line(struct store *store, int64_t run, struct err *err)
{
	cleanup(statement) sqlite3_stmt *row = NULL;
	char took[UNITS_TEXT_MAX], suite[64];
	int rc = read_run(store, run, &row, err);

	if (rc)
		return rc;
	show_safe(show_column(row, SUITE), suite, sizeof(suite));
	printf("Run %lld, suite %s, begun %s, seed %lld: %s after %s.\n", (long long)run,
	       suite, show_column(row, STARTED),
	       (long long)sqlite3_column_int64(row, SEED), status_words(row),
	       units_duration((uint64_t)sqlite3_column_int64(row, ELAPSED), took));
	return 0;
}

int show_run_json(struct store *store, int64_t run, json_t *into, struct err *err)
{
	cleanup(statement) sqlite3_stmt *row = NULL;
	int rc = read_run(store, run, &row, err);

	if (rc)
		return rc;
	json_object_set_new(into, "run", json_integer(run));
	json_object_set_new(into, "suite", json_string(show_column(row, SUITE)));
	json_object_set_new(into, "status",
			    json_string(results_status(show_column(row, STATUS))));
	json_object_set_new(into, "started_utc", json_string(show_column(row, STARTED)));
	json_object_set_new(into, "elapsed_ns",
			    json_integer(sqlite3_column_int64(row, ELAPSED)));
	json_object_set_new(into, "budget_ns",
			    json_integer(sqlite3_column_int64(row, BUDGET)));
	json_object_set_new(into, "seed", json_integer(sqlite3_column_int64(row, SEED)));
	return 0;
}
