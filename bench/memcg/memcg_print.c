/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tare memcg` at its end: costs by charge, then findings. */
#include <errno.h>
#include <math.h>

#include "bench/base/json.h"
#include "bench/memcg/memcg_study.h"
#include "bench/base/output.h"
#include "bench/show/show.h"
#include "bench/results/verdict.h"

CLEANUP_DEFINE(table, struct output_table *, output_table_release)
CLEANUP_DEFINE(results, struct results *, results_release)
CLEANUP_DEFINE(memcg_costs, struct memcg_costs *, memcg_costs_release)

#define FINDINGS                                                                       \
	"SELECT name, condition, verdict, answer, numbers, procedure FROM experiment " \
	"WHERE run = ?1 AND chapter = '" MEMCG_CHAPTER "' ORDER BY id"
enum { NAME, CONDITION, VERDICT, ANSWER, NUMBERS, PROCEDURE };

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

static int open_findings(struct store *store, int64_t run, sqlite3_stmt **ret,
			 struct err *err)
{
	if (sqlite3_prepare_v2(store_db(store), FINDINGS, -1, ret, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the findings: %s",
				sqlite3_errmsg(store_db(store)));
	sqlite3_bind_int64(*ret, 1, run);
	return 0;
}

static void add_percent(struct output_table *table, double share)
{
	if (isfinite(share))
		output_table_add(table, "%+.1f", 100 * share);
	else
		output_table_add(table, "%s", "");
}

/* What decides is the words; the number stands beside them. */
static void add_cost(struct output_table *table, const struct memcg_cost *cost)
{
	const struct result *result = cost->result;
	char words[VERDICT_MAX], label[96];

	show_safe(result->label, label, sizeof(label));
	output_table_add(table, "%s", workload_charge_name(cost->charges));
	output_table_add(table, "%s", label);
	output_table_add(table, "%s%s", result->platform, cost->control ? " again" : "");
	add_percent(table, cost->share);
	add_percent(table, cost->low);
	add_percent(table, cost->high);
	add_percent(table, result->floor);
	output_table_add(table, "%s", verdict_text(result, words));
}

static const struct output_column columns[] = {
	{"charges", false}, {"workload", false}, {"group", false}, {"costs %", true},
	{"low", true},	    {"high", true},	 {"floor", true},  {"says", false}};
#define COLUMN_NR (sizeof(columns) / sizeof(columns[0]))

static int print_costs(const struct memcg_costs *costs, enum format format,
		       struct err *err)
{
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, COLUMN_NR);
	for (size_t i = 0; i < costs->nr; i++)
		add_cost(&table, &costs->list[i]);
	return costs->nr ? output_table_write(&table, format, stdout, err) : 0;
}

static int print_findings(struct store *store, int64_t run, struct err *err)
{
	cleanup(statement) sqlite3_stmt *row = NULL;
	int rc = open_findings(store, run, &row, err);
	char answer[1024];

	while (!rc && sqlite3_step(row) == SQLITE_ROW) {
		show_safe(text_of(row, ANSWER), answer, sizeof(answer));
		printf("\n%s, %s: %s\n    %s\n", text_of(row, NAME),
		       text_of(row, CONDITION), text_of(row, VERDICT), answer);
	}
	return rc;
}

static int print_findings_csv(struct store *store, int64_t run, struct err *err)
{
	static const int shown[] = {NAME, CONDITION, VERDICT, ANSWER};
	cleanup(statement) sqlite3_stmt *row = NULL;
	int rc = open_findings(store, run, &row, err);

	printf("\nname,condition,verdict,answer\n");
	while (!rc && sqlite3_step(row) == SQLITE_ROW)
		for (size_t i = 0; i < 4; i++) {
			output_csv_field(stdout, text_of(row, shown[i]));
			printf("%s", i < 3 ? "," : "\n");
		}
	return rc;
}

static json_t *cost_json(const struct memcg_cost *cost)
{
	const struct result *result = cost->result;
	char words[VERDICT_MAX];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
			 "charges", workload_charge_name(cost->charges), "label",
			 result->label, "workload", result->workload, "platform",
			 result->platform, "role", result->role, "share",
			 json_finite(cost->share), "low", json_finite(cost->low), "high",
			 json_finite(cost->high), "floor", json_finite(result->floor),
			 "root_ns", json_finite(result->base_value), "ns",
			 json_finite(result->value), "says", verdict_text(result, words));
}

static json_t *costs_json(const struct memcg_costs *costs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < costs->nr; i++)
		json_array_append_new(list, cost_json(&costs->list[i]));
	return list;
}

static int findings_json(struct store *store, int64_t run, json_t *into, struct err *err)
{
	cleanup(statement) sqlite3_stmt *row = NULL;
	int rc = open_findings(store, run, &row, err);

	while (!rc && sqlite3_step(row) == SQLITE_ROW) {
		json_t *numbers = json_loads(text_of(row, NUMBERS), 0, NULL);

		json_array_append_new(into,
				      json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "name",
						text_of(row, NAME), "condition",
						text_of(row, CONDITION), "verdict",
						text_of(row, VERDICT), "answer",
						text_of(row, ANSWER), "procedure",
						text_of(row, PROCEDURE), "numbers",
						numbers ? numbers : json_object()));
	}
	return rc;
}

static int print_json(struct store *store, int64_t run, const struct memcg_costs *costs,
		      struct err *err)
{
	cleanup(json) json_t *root = json_object(), *findings = json_array();
	int rc = findings_json(store, run, findings, err);

	json_object_set_new(root, "run", json_integer(run));
	json_object_set_new(root, "overhead", costs_json(costs));
	json_object_set(root, "experiments", findings);
	return rc ? rc : output_json(root, stdout, err);
}

int memcg_print(struct store *store, int64_t run, enum format format, struct err *err)
{
	struct results results = {0};
	cleanup(results) struct results *results_guard = &results;
	struct memcg_costs costs = {0};
	cleanup(memcg_costs) struct memcg_costs *costs_guard = &costs;
	int rc = results_load(store, run, &results, err);

	(void)results_guard;
	(void)costs_guard;
	if (!rc)
		rc = memcg_costs_make(&results, &costs, err);
	if (rc)
		return rc;
	if (format == FORMAT_JSON)
		return print_json(store, run, &costs, err);
	rc = print_costs(&costs, format, err);
	if (rc)
		return rc;
	return format == FORMAT_CSV ? print_findings_csv(store, run, err)
				    : print_findings(store, run, err);
}
