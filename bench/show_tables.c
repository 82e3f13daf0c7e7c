/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "cleanup.h"
#include "output.h"
#include "show.h"
#include "verdict.h"

static void name_platform(const struct result *result, char *to, size_t size)
{
	bool control = strcmp(result->role, arm_role_name(ROLE_PLATFORM)) != 0;
	bool disk = !strcmp(result->family, workload_family_name(FAMILY_DISK));

	(void)snprintf(to, size, "%s%s%s%s%s%s", result->platform, disk ? ":" : "",
		       disk ? result->path : "", control ? " " : "",
		       control ? result->role : "",
		       result->emulated ? " (emulated)" : "");
}

static void add_ratio(struct output_table *table, const struct result *result)
{
	char name[128], verdict[VERDICT_MAX];

	name_platform(result, name, sizeof(name));
	output_table_add(table, "%s", result->label);
	output_table_add(table, "%s", name);
	if (result->known) {
		output_table_add(table, "%.4f", result->stats.ratio);
		output_table_add(table, "%.4f", result->stats.low);
		output_table_add(table, "%.4f", result->stats.high);
	} else {
		for (int i = 0; i < 3; i++)
			output_table_add(table, "%s", "-");
	}
	output_table_add(table, "%zu/%zu", result->stats.blocks, result->stats.epochs);
	output_table_add(table, "%s", verdict_text(result, verdict));
}

static int print_ratios(const struct results *results, enum format format,
			struct err *err)
{
	static const struct output_column columns[] = {
		{"cell", false}, {"platform", false},	  {"ratio", true}, {"low", true},
		{"high", true},	 {"blocks/epochs", true}, {"says", false}};
	struct output_table table;
	int rc;

	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < results->nr; i++)
		if (strcmp(results->list[i].role, arm_role_name(ROLE_BASELINE)))
			add_ratio(&table, &results->list[i]);
	rc = output_table_write(&table, format, stdout, err);
	output_table_release(&table);
	return rc;
}

/* One query's rows as a table, every column a text. */
static int print_query(struct store *store, const char *sql, int64_t run,
		       const struct output_column *columns, size_t nr, enum format format,
		       const char *title, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	struct output_table table;
	int rc = 0;

	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	(void)sqlite3_bind_int64(query, 1, run);
	output_table_init(&table, columns, nr);
	while (sqlite3_step(query) == SQLITE_ROW)
		for (size_t i = 0; i < nr; i++) {
			const char *text =
				(const char *)sqlite3_column_text(query, (int)i);

			output_table_add(&table, "%s", text ? text : "");
		}
	if (table.cell_nr && title)
		printf("\n%s\n", title);
	if (table.cell_nr)
		rc = output_table_write(&table, format, stdout, err);
	output_table_release(&table);
	return rc;
}

static int print_unavailable(struct store *store, int64_t run, struct err *err)
{
	static const struct output_column columns[] = {
		{"platform", false}, {"path", false}, {"reason", false}};

	return print_query(store,
			   "SELECT name, path, reason FROM platform WHERE run = ?1 AND "
			   "state = 'unavailable' ORDER BY id",
			   run, columns, 3, FORMAT_TEXT, "Could not run here:", err);
}

static int print_outcomes(struct store *store, int64_t run, struct err *err)
{
	static const struct output_column columns[] = {{"cell", false},
						       {"platform", false},
						       {"outcome", false},
						       {"samples", true},
						       {"reason", false}};

	return print_query(
		store,
		"SELECT c.label, p.name || ':' || p.path, s.outcome, count(*), "
		"min(s.reason) FROM sample s JOIN arm a ON s.arm = a.id "
		"JOIN cell c ON a.cell = c.id JOIN platform p ON a.platform = p.id "
		"WHERE c.run = ?1 AND s.outcome <> 'ok' "
		"GROUP BY c.id, p.id, s.outcome ORDER BY c.id, p.id",
		run, columns, 5, FORMAT_TEXT, "Samples that count for nothing:", err);
}

static int print_starts(struct store *store, int64_t run, struct err *err)
{
	static const struct output_column columns[] = {
		{"platform", false}, {"starts", true}, {"median ms", true},
		{"min ms", true},    {"max ms", true}, {"", false}};

	/* The median by rank: SQLite has none of its own. */
	return print_query(
		store,
		"WITH t AS (SELECT platform, emulated, open_to_hello_ns / 1e6 AS ms, "
		"row_number() OVER (PARTITION BY platform ORDER BY open_to_hello_ns) AS "
		"k, "
		"count(*) OVER (PARTITION BY platform) AS n FROM instance WHERE run = ?1 "
		"AND "
		"open_to_hello_ns IS NOT NULL) SELECT platform, n, "
		"printf('%.1f', avg(CASE WHEN k IN ((n + 1) / 2, (n + 2) / 2) THEN ms "
		"END)), "
		"printf('%.1f', min(ms)), printf('%.1f', max(ms)), "
		"CASE WHEN emulated THEN 'emulated' ELSE '' END FROM t GROUP BY platform "
		"ORDER BY min(ms)",
		run, columns, 6, FORMAT_TEXT, "From open to the agent's hello:", err);
}

int show_tables(struct store *store, const struct results *results, enum format format,
		struct err *err)
{
	int rc = print_ratios(results, format, err);

	if (rc || format != FORMAT_TEXT)
		return rc;
	rc = print_starts(store, results->run, err);
	if (!rc)
		rc = show_cost(store, results->run, err);
	if (!rc)
		rc = print_unavailable(store, results->run, err);
	return rc ? rc : print_outcomes(store, results->run, err);
}

int show_runs(struct store *store, enum format format, struct err *err)
{
	static const struct output_column columns[] = {
		{"run", true},	   {"started", false}, {"suite", false},
		{"status", false}, {"seconds", true},  {"command", false}};

	return print_query(store,
			   "SELECT id, started_utc, suite, status, "
			   "printf('%.0f', elapsed_ns / 1e9), command FROM run "
			   "WHERE ?1 = ?1 ORDER BY id",
			   0, columns, 6, format, NULL, err);
}

static int print_sample_rows(sqlite3_stmt *query, struct err *err)
{
	int nr = sqlite3_column_count(query), rc;

	for (int i = 0; i < nr; i++) {
		printf("%s", i ? "," : "");
		output_csv_field(stdout, sqlite3_column_name(query, i));
	}
	printf("\n");
	while ((rc = sqlite3_step(query)) == SQLITE_ROW) {
		for (int i = 0; i < nr; i++) {
			const char *text = (const char *)sqlite3_column_text(query, i);

			printf("%s", i ? "," : "");
			output_csv_field(stdout, text ? text : "");
		}
		printf("\n");
	}
	return rc == SQLITE_DONE && !ferror(stdout)
		       ? 0
		       : err_fail(err, EIO, "cannot print the samples");
}

int show_samples(struct store *store, int64_t run, enum format format, struct err *err)
{
	static const char sql[] =
		"SELECT c.label, p.name AS platform, p.path, p.state = 'emulated' AS "
		"emulated, "
		"a.role, b.epoch, b.sequence, c.metric, c.unit, b.load1, "
		"b.psi_cpu, "
		"b.steal_ns AS block_steal_ns, s.* FROM sample s "
		"JOIN block b ON s.block = b.id JOIN arm a ON s.arm = a.id "
		"JOIN cell c ON b.cell = c.id JOIN platform p ON a.platform = p.id "
		"WHERE c.run = ?1 ORDER BY b.sequence, s.position";
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (format == FORMAT_JSON)
		return err_fail(err, EINVAL, "samples come as CSV: use --format csv");
	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	(void)sqlite3_bind_int64(query, 1, run);
	return print_sample_rows(query, err);
}
