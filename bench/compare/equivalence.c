/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/compare/equivalence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/store/store.h"

const char *equivalence_name(enum equivalence equivalence)
{
	static const char *const names[EQUIVALENCE_NR] = {
		[EQUIVALENCE_SAME] = "same",
		[EQUIVALENCE_DIFFERENT] = "different",
		[EQUIVALENCE_MISSING] = "missing"};

	return names[equivalence];
}

/* Does the text say that it works? Groups in which nothing works or fails: always. */
static bool works(const char *group, const char *text)
{
	if (!strcmp(group, "syscall"))
		return !strcmp(text, "reached");
	if (!strcmp(group, "file"))
		return !strncmp(text, "read", 4) || strstr(text, "write");
	if (!strcmp(group, "disk"))
		return text[0] != 'E'; /* an errno's name */
	return true;
}

enum equivalence equivalence_judge(const char *group, const char *base, const char *here)
{
	if (base && here && !strcmp(base, here))
		return EQUIVALENCE_SAME;
	if (!base || !works(group, base))
		/* refused in both, each in its way, is no difference for a program */
		return here && base && !works(group, here) ? EQUIVALENCE_SAME
							   : EQUIVALENCE_DIFFERENT;
	return here && works(group, here) ? EQUIVALENCE_DIFFERENT : EQUIVALENCE_MISSING;
}

/* --- reading --- */

/*
 * Traits of the first instance of each platform that told any: platform, path ("" for
 * its own), key, value, emulated, of the baseline. What the agent tells at every start is
 * told to programs, too.
 */
/* clang-format off: SQL reads by its clauses */
static const char traits_sql[] =
	"WITH first AS (SELECT platform, max(emulated) AS emulated, min(i.id) AS id"
	" FROM instance i WHERE i.run = ?1 AND EXISTS (SELECT 1 FROM fact f"
	" WHERE f.instance = i.id AND f.name LIKE 'trait.%') GROUP BY platform),"
	" raw AS (SELECT platform, emulated, id, got, iif(name LIKE 'trait.%',"
	" substr(name, 7), replace(name, 'agent.', 'sees.')) AS name FROM fact"
	" JOIN first ON instance = id WHERE name LIKE 'trait.%' OR name IN"
	" ('agent.kernel', 'agent.machine', 'agent.cpus_allowed', 'agent.page_bytes',"
	" 'agent.memory_total_bytes', 'agent.clocksource', 'agent.thp', 'agent.aslr',"
	" 'agent.cpu_model', 'agent.cpu_flags', 'agent.capabilities', 'agent.seccomp',"
	" 'agent.uid_map')),"
	" split AS (SELECT *, iif(name LIKE 'path.%', substr(name, 6), '') AS rest FROM "
	"raw),"
	" keyed AS (SELECT *, iif(rest = '', '', substr(rest, 1, instr(rest, '.') - 1))"
	" AS path, iif(rest = '', name, substr(rest, instr(rest, '.') + 1)) AS key"
	" FROM split)"
	" SELECT platform, path, substr(key, 1, instr(key, '.') - 1),"
	" substr(key, instr(key, '.') + 1), got, emulated,"
	" platform = (SELECT p.name FROM arm a JOIN platform p ON a.platform = p.id"
	" WHERE p.run = ?1 AND a.role = 'baseline' LIMIT 1)"
	" FROM keyed WHERE instr(key, '.') > 1 ORDER BY id, path, key";
/* clang-format on */

static void row_release(struct equivalence_row *row)
{
	char *const texts[] = {row->platform, row->path, row->group,
			       row->name,     row->base, row->here};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
}

void equivalence_release(struct equivalence_table *table)
{
	for (size_t i = 0; i < table->nr; i++)
		row_release(&table->list[i]);
	free(table->list);
	free(table->baseline);
	*table = (struct equivalence_table){0};
}
CLEANUP_DEFINE(table, struct equivalence_table *, equivalence_release)

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* Copies all texts. */
static int add_row(struct equivalence_table *table, const struct equivalence_row *row)
{
	struct equivalence_row *grown =
		reallocarray(table->list, table->nr + 1, sizeof(*grown));
	struct equivalence_row made;

	if (!grown)
		return -ENOMEM;
	table->list = grown;
	made = (struct equivalence_row){.platform = copy(row->platform),
					.path = copy(row->path),
					.group = copy(row->group),
					.name = copy(row->name),
					.base = copy(row->base),
					.here = copy(row->here),
					.emulated = row->emulated};
	grown[table->nr++] = made;
	return made.platform && made.path && made.group && made.name &&
			       (made.base || !row->base) && (made.here || !row->here)
		       ? 0
		       : -ENOMEM;
}

static char *column(sqlite3_stmt *row, int i)
{
	const char *text = (const char *)sqlite3_column_text(row, i);

	return (char *)(uintptr_t)(text ? text : "");
}

static int read_rows(struct store *store, int64_t run, struct equivalence_table *base,
		     struct equivalence_table *others, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	sqlite3 *db = store_db(store);
	int rc = 0, state = SQLITE_DONE;

	if (sqlite3_prepare_v2(db, traits_sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(db));
	(void)sqlite3_bind_int64(query, 1, run);
	while (!rc && (state = sqlite3_step(query)) == SQLITE_ROW) {
		struct equivalence_row row = {.platform = column(query, 0),
					      .path = column(query, 1),
					      .group = column(query, 2),
					      .name = column(query, 3),
					      .here = column(query, 4),
					      .emulated = sqlite3_column_int(query, 5)};

		rc = add_row(sqlite3_column_int(query, 6) ? base : others, &row);
	}
	if (rc)
		return err_fail(err, ENOMEM, "no memory for traits");
	return state == SQLITE_DONE ? 0
				    : err_fail(err, EIO, "cannot read the store: %s",
					       sqlite3_errmsg(db));
}

/* --- comparing --- */

/* Every path is held against the baseline's one. */
static bool is_same_trait(const struct equivalence_row *a,
			  const struct equivalence_row *b)
{
	return !a->path[0] == !b->path[0] && !strcmp(a->group, b->group) &&
	       !strcmp(a->name, b->name);
}

static bool is_same_place(const struct equivalence_row *a,
			  const struct equivalence_row *b)
{
	return !strcmp(a->platform, b->platform) && !strcmp(a->path, b->path);
}

/* The rows [from, to) of one place against the baseline, and what it has not at all. */
static int compare_place(const struct equivalence_table *base,
			 const struct equivalence_table *others, size_t from, size_t to,
			 struct equivalence_table *into)
{
	int rc = 0;

	for (size_t i = from; !rc && i < to; i++) {
		struct equivalence_row row = others->list[i];

		row.base = NULL;
		for (size_t k = 0; k < base->nr && !row.base; k++)
			if (is_same_trait(&base->list[k], &row))
				row.base = base->list[k].here;
		rc = add_row(into, &row);
	}
	for (size_t k = 0; !rc && k < base->nr; k++) {
		struct equivalence_row row = base->list[k];
		bool found = !row.path[0] != !others->list[from].path[0];

		for (size_t i = from; i < to && !found; i++)
			found = is_same_trait(&row, &others->list[i]);
		row.base = row.here;
		row.here = NULL;
		row.platform = others->list[from].platform;
		row.path = others->list[from].path;
		row.emulated = others->list[from].emulated;
		if (!found)
			rc = add_row(into, &row);
	}
	return rc;
}

/* Where a path is no folder, its kind tells that, not each feature of files. */
static bool is_beyond_kind(const struct equivalence_table *table,
			   const struct equivalence_row *row)
{
	if (row->here || strcmp(row->group, "disk") != 0)
		return false;
	for (size_t i = 0; i < table->nr; i++)
		if (is_same_place(&table->list[i], row) &&
		    !strcmp(table->list[i].name, "kind") && table->list[i].here)
			return strcmp(table->list[i].here, "file system") != 0;
	return false;
}

static int compare(const struct equivalence_table *base,
		   const struct equivalence_table *others, struct equivalence_table *into)
{
	int rc = 0;

	for (size_t from = 0, to; !rc && from < others->nr; from = to) {
		for (to = from + 1; to < others->nr &&
				    is_same_place(&others->list[from], &others->list[to]);
		     to++)
			;
		rc = compare_place(base, others, from, to, into);
	}
	for (size_t i = 0; !rc && i < into->nr; i++) {
		struct equivalence_row *row = &into->list[i];

		row->verdict = equivalence_judge(row->group, row->base, row->here);
		if (is_beyond_kind(into, row))
			row->verdict = EQUIVALENCE_NR; /* marked, and dropped below */
	}
	return rc;
}

static void drop_marked(struct equivalence_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->nr; i++) {
		if (table->list[i].verdict == EQUIVALENCE_NR)
			row_release(&table->list[i]);
		else
			table->list[kept++] = table->list[i];
	}
	table->nr = kept;
}

int equivalence_load(struct store *store, int64_t run, struct equivalence_table *ret,
		     struct err *err)
{
	struct equivalence_table base = {0}, others = {0}, made = {0};
	cleanup(table) struct equivalence_table *base_guard = &base;
	cleanup(table) struct equivalence_table *others_guard = &others;
	cleanup(table) struct equivalence_table *guard = &made;
	int rc = read_rows(store, run, base_guard, others_guard, err);

	if (rc)
		return rc;
	if (!base.nr || !others.nr)
		return err_fail(err, ENODATA,
				"run %lld has no traits of its platforms to compare; "
				"'tare run smoke' gathers them",
				(long long)run);
	rc = compare(&base, &others, &made);
	made.baseline = strdup(base.list[0].platform);
	if (rc || !made.baseline)
		return err_fail(err, ENOMEM, "no memory for traits");
	drop_marked(&made);
	*ret = made;
	guard = NULL;
	return 0;
}
