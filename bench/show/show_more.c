/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands below the ratios: starts, platforms that could not run, samples that count
 * for nothing. */
#include <errno.h>
#include <string.h>

#include "bench/base/output.h"
#include "bench/show/show.h"

#define WIDTH 98

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

static int fail(struct store *store, struct err *err)
{
	return err_fail(err, EBADMSG, "cannot read the store: %s",
			sqlite3_errmsg(store_db(store)));
}

int show_each_row(struct store *store, const char *sql, int64_t run,
		  void (*each)(sqlite3_stmt *row, void *data), void *data,
		  struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int state;

	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) != SQLITE_OK)
		return fail(store, err);
	(void)sqlite3_bind_int64(query, 1, run);
	while ((state = sqlite3_step(query)) == SQLITE_ROW)
		each(query, data);
	return state == SQLITE_DONE ? 0 : fail(store, err);
}

/* --- text that fits --- */

void show_safe(const char *text, char *to, size_t size)
{
	(void)snprintf(to, size, "%s", text);
	for (; *to; to++)
		if ((unsigned char)*to < 0x20 || *to == 0x7f)
			*to = '?';
}

/* Bytes of the words of `text` that fit into `room` columns; at least one word. */
static size_t fitting(const char *text, size_t room)
{
	size_t fits = 0, at = 0, columns = 0;

	for (; text[at]; at++) {
		if (text[at] == ' ')
			fits = at;
		columns += ((unsigned char)text[at] & 0xc0) != 0x80;
		if (columns > room && fits)
			return fits;
	}
	return at;
}

void show_wrapped(const char *text)
{
	char safe[1024];
	const char *at = safe;
	size_t indent = 2;

	show_safe(text, safe, sizeof(safe));
	while (*at) {
		size_t fits = fitting(at, WIDTH - indent);

		printf("%*s%.*s\n", (int)indent, "", (int)fits, at);
		at += fits;
		at += *at == ' ';
		indent = 6;
	}
}

/* --- starts --- */

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

	output_table_add(table, "%s%s", text_of(row, NAME),
			 sqlite3_column_int(row, EMULATION) ? " (emulated)" : "");
	output_table_add(table, "%d", sqlite3_column_int(row, NUMBER));
	for (int i = MEDIAN; i <= MOST; i++)
		output_table_add(table, "%.1f", sqlite3_column_double(row, i) / 1e6);
}

static int print_starts(struct store *store, int64_t run, struct err *err)
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

	json_object_set_new(object, "platform", json_string(text_of(row, NAME)));
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

/* --- platforms --- */

static const char platforms[] = "SELECT name, path, state, reason FROM platform "
				"WHERE run = ?1 ORDER BY id";

/* *data: has the title been printed? */
static void print_once(const char *title, void *data)
{
	bool *titled = data;

	if (!*titled)
		printf("\n%s\n", title);
	*titled = true;
}

static void print_unavailable(sqlite3_stmt *row, void *data)
{
	char text[512];

	if (strcmp(text_of(row, 2), readiness_name(UNAVAILABLE)) != 0)
		return;
	print_once("Could not run here:", data);
	(void)snprintf(text, sizeof(text), "%s:%s: %s", text_of(row, 0), text_of(row, 1),
		       text_of(row, 3));
	show_wrapped(text);
}

static void append_platform(sqlite3_stmt *row, void *data)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", json_string(text_of(row, 0)));
	json_object_set_new(object, "path", json_string(text_of(row, 1)));
	json_object_set_new(object, "state", json_string(text_of(row, 2)));
	json_object_set_new(object, "reason", json_string(text_of(row, 3)));
	json_array_append_new(data, object);
}

/* --- outcomes --- */

static const char outcomes[] =
	"SELECT c.label, p.name || ':' || p.path, s.outcome, count(*), s.reason "
	"FROM sample s JOIN arm a ON s.arm = a.id JOIN cell c ON a.cell = c.id "
	"JOIN platform p ON a.platform = p.id WHERE c.run = ?1 AND s.outcome NOT IN "
	"('ok', 'cached') "
	"GROUP BY c.id, p.id, s.outcome, s.reason ORDER BY c.id, p.id, count(*) DESC";

/* At most three reasons for one cell, platform and outcome; the others are counted. */
#define REASONS_MAX 3
struct outcome_printer {
	bool titled;
	char key[160];
	unsigned reasons, more;
	long long more_samples;
};

static void end_key(struct outcome_printer *printer)
{
	if (printer->more)
		printf("      and %lld with %u other reasons\n", printer->more_samples,
		       printer->more);
	printer->reasons = printer->more = 0;
	printer->more_samples = 0;
}

static void print_outcome(sqlite3_stmt *row, void *data)
{
	struct outcome_printer *printer = data;
	long long samples = sqlite3_column_int64(row, 3);
	char key[160], text[512];

	(void)snprintf(key, sizeof(key), "%s on %s", text_of(row, 0), text_of(row, 1));
	if (strcmp(key, printer->key) != 0)
		end_key(printer);
	memcpy(printer->key, key, sizeof(key));
	print_once("Samples that count for nothing:", &printer->titled);
	if (printer->reasons++ >= REASONS_MAX) {
		printer->more++;
		printer->more_samples += samples;
		return;
	}
	(void)snprintf(text, sizeof(text), "%s: %lld %s: %s", key, samples,
		       text_of(row, 2), text_of(row, 4));
	show_wrapped(text);
}

/* --- all of it --- */

int show_more(struct store *store, int64_t run, struct err *err)
{
	struct outcome_printer printer = {0};
	bool titled = false;
	int rc = print_starts(store, run, err);

	if (!rc)
		rc = show_cost(store, run, err);
	if (!rc)
		rc = show_experiments(store, run, err);
	if (!rc)
		rc = show_curves(store, run, err);
	if (!rc)
		rc = show_each_row(store, platforms, run, print_unavailable, &titled,
				   err);
	if (!rc)
		rc = show_each_row(store, outcomes, run, print_outcome, &printer, err);
	end_key(&printer);
	return rc ? rc : show_truth(store, run, err);
}

int show_more_json(struct store *store, int64_t run, json_t *into, struct err *err)
{
	json_t *list = json_array();
	int rc;

	json_object_set_new(into, "platforms", list);
	rc = show_each_row(store, platforms, run, append_platform, list, err);
	if (rc)
		return rc;
	list = json_array();
	json_object_set_new(into, "starts", list);
	rc = show_each_row(store, starts, run, append_start, list, err);
	return rc ? rc : show_experiments_json(store, run, into, err);
}
