/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/store/store_import_table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/json.h"
#include "bench/store/store_private.h"

#define COLUMNS_MAX 64
#define SQL_MAX 4096

/* Parents first. `id`: rows are known to others by it. */
static const struct table {
	const char *name, *order;
	bool id;
} tables[] = {
	{"run", "id", true},
	{"environment", "run, name", false},
	{"platform", "id", true},
	{"instance", "id", true},
	{"fact", "instance, name", false},
	{"cell", "id", true},
	{"arm", "id", true},
	{"block", "id", true},
	{"sample", "id", true},
	{"experiment", "id", true},
	{"series", "experiment, name, position", false},
};
#define TABLE_NR (sizeof(tables) / sizeof(tables[0]))
_Static_assert(TABLE_NR <= IMPORT_TABLES_MAX, "a map for each table");

enum kind { KIND_INTEGER, KIND_REAL, KIND_TEXT, KIND_JSON };
struct column {
	char name[64];
	enum kind kind;
	int parent; /* in tables; −1: a plain value */
};
/* A table while it is copied. */
struct copy {
	struct store *from, *to;
	const struct table *table;
	struct import_maps *maps;
	struct column columns[COLUMNS_MAX];
	int nr;
	sqlite3_stmt *select, *insert;
};

/* --- ids --- */

void import_maps_release(struct import_maps *maps)
{
	for (size_t i = 0; i < IMPORT_TABLES_MAX; i++)
		free(maps->tables[i].list);
	free(maps->skipped);
	*maps = (struct import_maps){0};
}

int import_maps_skip(struct import_maps *maps, int64_t run, struct err *err)
{
	int64_t *grown =
		reallocarray(maps->skipped, maps->skipped_nr + 1, sizeof(*grown));

	if (!grown)
		return err_fail(err, ENOMEM, "no memory to import");
	maps->skipped = grown;
	maps->skipped[maps->skipped_nr++] = run;
	return 0;
}

static bool is_skipped(const struct import_maps *maps, int64_t run)
{
	for (size_t i = 0; i < maps->skipped_nr; i++)
		if (maps->skipped[i] == run)
			return true;
	return false;
}

static int add_id(struct import_map *map, int64_t from, int64_t to, struct err *err)
{
	if (map->nr == map->cap) {
		size_t cap = map->cap ? 2 * map->cap : 64;
		struct import_id *grown = reallocarray(map->list, cap, sizeof(*grown));

		if (!grown)
			return err_fail(err, ENOMEM, "no memory to import");
		map->list = grown;
		map->cap = cap;
	}
	map->list[map->nr++] = (struct import_id){from, to};
	return 0;
}

static int by_from(const void *key, const void *element)
{
	int64_t from = *(const int64_t *)key,
		other = ((const struct import_id *)element)->from;

	return (from > other) - (from < other);
}

static int64_t find_id(const struct import_map *map, int64_t from)
{
	const struct import_id *id =
		map->nr ? bsearch(&from, map->list, map->nr, sizeof(*id), by_from) : NULL;

	return id ? id->to : 0;
}

int64_t import_maps_run(const struct import_maps *maps, int64_t run)
{
	return find_id(&maps->tables[0], run);
}

/* --- columns --- */

static bool has_column(struct store *store, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(store->db, "main", table, column, NULL, NULL,
					     NULL, NULL, NULL) == SQLITE_OK;
}

static enum kind kind_of(const char *name, const char *type)
{
	static const char *const json[] = {"parameters", "phases", "options", "numbers"};

	for (size_t i = 0; i < sizeof(json) / sizeof(json[0]); i++)
		if (!strcmp(name, json[i]))
			return KIND_JSON;
	return !strcmp(type, "TEXT")   ? KIND_TEXT
	       : !strcmp(type, "REAL") ? KIND_REAL
				       : KIND_INTEGER;
}

static int parent_of(const char *table)
{
	for (size_t i = 0; table && i < TABLE_NR; i++)
		if (!strcmp(tables[i].name, table))
			return (int)i;
	return -1;
}

/* Columns that both stores have, as ours declares them. */
static int read_columns(struct copy *copy, struct err *err)
{
	static const char sql[] =
		"SELECT t.name, t.type, (SELECT f.\"table\" FROM "
		"pragma_foreign_key_list(?1) f WHERE f.\"from\" = t.name) FROM "
		"pragma_table_info(?1) t WHERE t.name != 'id'";
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = store_prepare(copy->to, sql, &query, err);

	if (rc)
		return rc;
	store_bind_text(query, 1, copy->table->name);
	while (sqlite3_step(query) == SQLITE_ROW && copy->nr < COLUMNS_MAX) {
		const char *name = (const char *)sqlite3_column_text(query, 0);
		struct column *column = &copy->columns[copy->nr];

		if (!has_column(copy->from, copy->table->name, name))
			continue;
		(void)snprintf(column->name, sizeof(column->name), "%s", name);
		column->kind = kind_of(name, (const char *)sqlite3_column_text(query, 1));
		column->parent = parent_of((const char *)sqlite3_column_text(query, 2));
		copy->nr++;
	}
	return 0;
}

/* "SELECT id, a, b FROM t ORDER BY id" and "INSERT INTO t (a, b) VALUES (?, ?)" */
static int prepare_copy(struct copy *copy, struct err *err)
{
	char names[SQL_MAX / 2] = "", marks[4 * COLUMNS_MAX] = "", sql[SQL_MAX];
	int rc;

	for (int i = 0; i < copy->nr; i++) {
		size_t used = strlen(names);

		(void)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
			       copy->columns[i].name);
		(void)snprintf(marks + 2 * i, sizeof(marks) - 2 * (size_t)i, "%s",
			       i + 1 < copy->nr ? "?," : "?");
	}
	(void)snprintf(sql, sizeof(sql), "SELECT %s, %s FROM %s ORDER BY %s",
		       copy->table->id ? "id" : "0", names, copy->table->name,
		       copy->table->order);
	rc = store_prepare(copy->from, sql, &copy->select, err);
	if (rc)
		return rc;
	(void)snprintf(sql, sizeof(sql), "INSERT INTO %s (%s) VALUES (%s)",
		       copy->table->name, names, marks);
	return store_prepare(copy->to, sql, &copy->insert, err);
}

/* --- values --- */

/* Jansson takes well-formed UTF-8 only. */
static bool is_utf8(const unsigned char *text, size_t length)
{
	cleanup(json) json_t *string = json_stringn((const char *)text, length);

	return string && !memchr(text, '\0', length);
}

static bool is_json(const char *text)
{
	cleanup(json) json_t *root = json_loads(text, 0, NULL);

	return root != NULL;
}

/* What ours declares is what must be there; NULL is ours to allow or not. */
static bool is_good(const struct column *column, sqlite3_stmt *row, int at)
{
	int type = sqlite3_column_type(row, at);
	const unsigned char *text;

	if (type == SQLITE_NULL)
		return true;
	switch (column->kind) {
	case KIND_INTEGER:
		return type == SQLITE_INTEGER;
	case KIND_REAL:
		return (type == SQLITE_FLOAT || type == SQLITE_INTEGER) &&
		       isfinite(sqlite3_column_double(row, at));
	case KIND_TEXT:
	case KIND_JSON:
		break;
	}
	text = type == SQLITE_TEXT ? sqlite3_column_text(row, at) : NULL;
	return text && is_utf8(text, (size_t)sqlite3_column_bytes(row, at)) &&
	       (column->kind != KIND_JSON || is_json((const char *)text));
}

static int fail_value(const struct copy *copy, const char *what, struct err *err)
{
	return err_fail(err, EINVAL,
			"'%s' holds what tare does not write: table %s, row %lld: %s",
			copy->from->path, copy->table->name,
			(long long)sqlite3_column_int64(copy->select, 0), what);
}

/* 1: bound; 0: the row belongs to a run that is left out. */
static int bind_column(struct copy *copy, int i, struct err *err)
{
	const struct column *column = &copy->columns[i];
	int64_t id;

	if (!is_good(column, copy->select, i + 1))
		return fail_value(copy, column->name, err);
	if (column->parent < 0) {
		(void)sqlite3_bind_value(copy->insert, i + 1,
					 sqlite3_column_value(copy->select, i + 1));
		return 1;
	}
	id = find_id(&copy->maps->tables[column->parent],
		     sqlite3_column_int64(copy->select, i + 1));
	(void)sqlite3_bind_int64(copy->insert, i + 1, id);
	return id != 0;
}

/* A run that was going on there goes on nowhere here. */
static void end_run(struct copy *copy)
{
	for (int i = 0; i < copy->nr; i++) {
		const char *text = (const char *)sqlite3_column_text(copy->select, i + 1);

		if (!strcmp(copy->columns[i].name, "status") && text &&
		    !strcmp(text, "running"))
			store_bind_text(copy->insert, i + 1, "interrupted");
	}
}

static int copy_row(struct copy *copy, struct err *err)
{
	size_t table = (size_t)(copy->table - tables);
	int64_t from = sqlite3_column_int64(copy->select, 0);
	int rc = 1;

	if (!table && is_skipped(copy->maps, from))
		return 0;
	(void)sqlite3_reset(copy->insert);
	for (int i = 0; rc > 0 && i < copy->nr; i++)
		rc = bind_column(copy, i, err);
	if (rc <= 0)
		return rc;
	if (!table)
		end_run(copy);
	if (sqlite3_step(copy->insert) != SQLITE_DONE)
		return (sqlite3_errcode(copy->to->db) & 0xff) == SQLITE_CONSTRAINT
			       ? fail_value(copy, "breaks a rule of the schema", err)
			       : store_fail(copy->to, "write", err);
	return copy->table->id ? add_id(&copy->maps->tables[table], from,
					sqlite3_last_insert_rowid(copy->to->db), err)
			       : 0;
}

static int copy_table(struct copy *copy, struct err *err)
{
	int state = SQLITE_DONE, rc = read_columns(copy, err);

	if (!rc && !copy->nr) /* an older version has no such table */
		return 0;
	if (!rc)
		rc = prepare_copy(copy, err);
	while (!rc && (state = sqlite3_step(copy->select)) == SQLITE_ROW)
		rc = copy_row(copy, err);
	if (!rc && state != SQLITE_DONE)
		rc = store_fail(copy->from, "read", err);
	(void)sqlite3_finalize(copy->select);
	(void)sqlite3_finalize(copy->insert);
	return rc;
}

int import_tables(struct store *from, struct store *to, struct import_maps *maps,
		  struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < TABLE_NR; i++) {
		struct copy copy = {
			.from = from, .to = to, .table = &tables[i], .maps = maps};

		rc = copy_table(&copy, err);
	}
	return rc;
}
