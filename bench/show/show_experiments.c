/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bench/show/show.h"

static const char sql[] =
	"SELECT id, chapter, name, platform, condition, emulated, verdict, answer, "
	"procedure, numbers FROM experiment WHERE run = ?1 ORDER BY id";
static const char series_sql[] = "SELECT s.name, s.x, s.y, s.low, s.high FROM series s "
				 "JOIN experiment e ON s.experiment = e.id WHERE e.run = "
				 "?1 AND s.experiment = %lld "
				 "ORDER BY s.name, s.position";

/* "holds: "; what was only measured states nothing that could hold: a footprint, a
 * neighbour without a limit. */
static const char *verdict_of(sqlite3_stmt *row, char to[static 32])
{
	bool measured = (!strcmp(show_column(row, 1), "footprint") ||
			 !strcmp(show_column(row, 4), "limit: none")) &&
			!strcmp(show_column(row, 6), "inconclusive");

	(void)snprintf(to, 32, measured ? "" : "%.28s: ", show_column(row, 6));
	return to;
}

static void print(sqlite3_stmt *row, void *data)
{
	bool *titled = data;
	char text[1024], verdict[32];

	if (!*titled)
		printf("\nFindings:\n");
	*titled = true;
	(void)snprintf(text, sizeof(text), "%s %s%s%s%s%s%s: %s%s", show_column(row, 1),
		       show_column(row, 2), *show_column(row, 3) ? " on " : "",
		       show_column(row, 3),
		       sqlite3_column_int(row, 5) ? " (emulated)" : "",
		       *show_column(row, 4) ? ", " : "", show_column(row, 4),
		       verdict_of(row, verdict), show_column(row, 7));
	show_wrapped(text);
}

int show_experiments(struct store *store, int64_t run, struct err *err)
{
	bool titled = false;

	return show_each_row(store, sql, run, print, &titled, err);
}

static json_t *number(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL
		       ? json_null()
		       : json_real(sqlite3_column_double(row, column));
}

static void add_point(sqlite3_stmt *row, void *data)
{
	json_t *all = data, *curve = json_object_get(all, show_column(row, 0));

	if (!curve) {
		curve = json_array();
		json_object_set_new(all, show_column(row, 0), curve);
	}
	json_array_append_new(curve, json_pack("{s:o, s:o, s:o, s:o}", "x",
					       number(row, 1), "y", number(row, 2), "low",
					       number(row, 3), "high", number(row, 4)));
}

struct list {
	struct store *store;
	int64_t run;
	json_t *into;
	int rc;
	struct err *err;
};

static void add_experiment(sqlite3_stmt *row, void *data)
{
	static const char *const keys[] = {"chapter",	"name",	    "platform",
					   "condition", "emulated", "verdict",
					   "answer",	"procedure"};
	struct list *list = data;
	json_t *object = json_object(), *curves = json_object();
	char query[sizeof(series_sql) + 24];

	for (int i = 0; i < (int)(sizeof(keys) / sizeof(keys[0])); i++)
		json_object_set_new(
			object, keys[i],
			strcmp(keys[i], "emulated") != 0
				? json_string(show_column(row, i + 1))
				: json_boolean(sqlite3_column_int(row, i + 1)));
	json_object_set_new(object, "numbers", json_loads(show_column(row, 9), 0, NULL));
	(void)snprintf(query, sizeof(query), series_sql,
		       (long long)sqlite3_column_int64(row, 0));
	if (!list->rc)
		list->rc = show_each_row(list->store, query, list->run, add_point, curves,
					 list->err);
	json_object_set_new(object, "series", curves);
	json_array_append_new(list->into, object);
}

int show_experiments_json(struct store *store, int64_t run, json_t *into, struct err *err)
{
	struct list list = {.store = store, .run = run, .into = json_array(), .err = err};
	int rc;

	json_object_set_new(into, "experiments", list.into);
	rc = show_each_row(store, sql, run, add_experiment, &list, err);
	return rc ? rc : list.rc;
}
