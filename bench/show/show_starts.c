/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long instances took to start, platform by platform. */
#include "bench/base/output.h"
#include "bench/show/show.h"

enum { NAME, EMULATION, NUMBER, MEDIAN, LEAST, MOST };

/* The median by rank: SQLite has none of its own. */
static const char starts[] =
	"WITH t AS (SELECT platform, emulated, open_to_hello_ns AS ns, "
	"row_number() OVER (PARTITION BY platform ORDER BY open_to_hello_ns) AS k, "
	"count(*) OVER (PARTITION BY platform) AS n FROM instance WHERE run = ?1 "
	"AND open_to_hello_ns IS NOT NULL) SELECT platform, max(emulated), n, "
	"avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) / 2) THEN ns END) AS median, "
	"min(ns), max(ns) FROM t GROUP BY platform ORDER BY median";

static void add_start(sqlite3_stmt *row, void *data)
{
	struct output_table *table = data;

	output_table_add(table, "%s%s", show_column(row, NAME),
			 sqlite3_column_int(row, EMULATION) ? " (emulated)" : "");
	output_table_add(table, "%d", sqlite3_column_int(row, NUMBER));
	for (int i = MEDIAN; i <= MOST; i++)
		output_table_add(table, "%.1f", sqlite3_column_double(row, i) / 1e6);
}

int show_starts(struct store *store, int64_t run, struct err *err)
{
	static const struct output_column columns[] = {{"platform", false},
						       {"starts", true},
						       {"median ms", true},
						       {"least", true},
						       {"most", true}};
	struct output_table table;
	int rc;

	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	rc = show_each_row(store, starts, run, add_start, &table, err);
	if (!rc && table.cell_nr) {
		printf("\nFrom open to the agent's hello:\n");
		rc = output_table_write(&table, FORMAT_TEXT, stdout, err);
	}
	output_table_release(&table);
	return rc;
}

static void append_start(sqlite3_stmt *row, void *data)
{
	json_t *object = json_object();

	json_object_set_new(object, "platform", json_string(show_column(row, NAME)));
	json_object_set_new(object, "emulated",
			    json_boolean(sqlite3_column_int(row, EMULATION)));
	json_object_set_new(object, "starts",
			    json_integer(sqlite3_column_int64(row, NUMBER)));
	json_object_set_new(object, "median_ns",
			    json_real(sqlite3_column_double(row, MEDIAN)));
	json_object_set_new(object, "min_ns",
			    json_integer(sqlite3_column_int64(row, LEAST)));
	json_object_set_new(object, "max_ns",
			    json_integer(sqlite3_column_int64(row, MOST)));
	json_array_append_new(data, object);
}

int show_starts_json(struct store *store, int64_t run, json_t *into, struct err *err)
{
	json_t *list = json_array();

	json_object_set_new(into, "starts", list);
	return show_each_row(store, starts, run, append_start, list, err);
}
