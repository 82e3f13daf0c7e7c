/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one input or output costs the host, as a table and as JSON. */
#include <errno.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/results/cost.h"
#include "bench/base/json.h"
#include "bench/base/output.h"
#include "bench/show/show.h"

#define LABEL 0
#define NAME 2
#define SAMPLES 6
#define FIRST 7 /* column of cost_sql where the medians begin */
#define COUNT 7

static int prepare(struct store *store, int64_t run, sqlite3_stmt **ret, struct err *err)
{
	if (sqlite3_prepare_v2(store_db(store), cost_sql, -1, ret, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	(void)sqlite3_bind_int64(*ret, 1, run);
	return 0;
}

static bool is_known(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) != SQLITE_NULL;
}

static void add_value(struct output_table *table, sqlite3_stmt *row, int column)
{
	double value = sqlite3_column_double(row, column);

	if (!is_known(row, column))
		output_table_add(table, "%s", "-");
	else
		output_table_add(table, "%.*f", value < 100 ? 2 : 0, value);
}

/* The cell in a row of its own above its platforms: beside them it costs the width. */
static void add_heading(struct output_table *table, const char *label)
{
	output_table_add(table, "%s", label);
	for (int i = 0; i < COUNT + 1; i++)
		output_table_add(table, "%s", "");
}

static void add_row(struct output_table *table, sqlite3_stmt *row)
{
	output_table_add(table, "  %s", (const char *)sqlite3_column_text(row, NAME));
	output_table_add(table, "%d", sqlite3_column_int(row, SAMPLES));
	for (int i = FIRST; i < FIRST + COUNT; i++)
		add_value(table, row, i);
}

static void add_rows(struct output_table *table, sqlite3_stmt *query)
{
	char last[80] = "";

	while (sqlite3_step(query) == SQLITE_ROW) {
		const char *label = (const char *)sqlite3_column_text(query, LABEL);

		if (strncmp(last, label, sizeof(last) - 1) != 0)
			add_heading(table, label);
		(void)snprintf(last, sizeof(last), "%s", label);
		add_row(table, query);
	}
}

int show_cost(struct store *store, int64_t run, struct err *err)
{
	static const struct output_column columns[] = {
		{"platform", false}, {"samples", true}, {"CPU µs", true},
		{"switches", true},  {"exits", true},	{"ports", true},
		{"mmio", true},	     {"halts", true},	{"interrupts", true}};
	cleanup(statement) sqlite3_stmt *query = NULL;
	struct output_table table;
	int rc = prepare(store, run, &query, err);

	if (rc)
		return rc;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	add_rows(&table, query);
	if (table.cell_nr) {
		printf("\nWhat one I/O costs the host, medians:\n");
		rc = output_table_write(&table, FORMAT_TEXT, stdout, err);
	}
	output_table_release(&table);
	return rc;
}

static json_t *row_json(sqlite3_stmt *row)
{
	json_t *object = json_object();

	for (int i = 0; i < FIRST + COUNT; i++) {
		const char *name = sqlite3_column_name(row, i);

		if (sqlite3_column_type(row, i) == SQLITE_TEXT)
			json_object_set_new(
				object, name,
				json_string((const char *)sqlite3_column_text(row, i)));
		else if (sqlite3_column_type(row, i) == SQLITE_INTEGER)
			json_object_set_new(object, name,
					    json_integer(sqlite3_column_int64(row, i)));
		else
			json_object_set_new(
				object, name,
				is_known(row, i)
					? json_real(sqlite3_column_double(row, i))
					: json_null());
	}
	return object;
}

int show_cost_json(struct store *store, int64_t run, json_t *into, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = prepare(store, run, &query, err);

	while (!rc && sqlite3_step(query) == SQLITE_ROW)
		json_array_append_new(into, row_json(query));
	return rc;
}
