/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's tables, each from one query or the results. */
#include "report_tables.h"

#include <math.h>
#include <string.h>

#include "json.h"
#include "units.h"
#include "verdict.h"

/* --- ratios --- */

static void put_floor(FILE *to, double floor)
{
	if (isfinite(floor))
		fprintf(to, "±%.2f %%", 100 * floor);
	else
		fprintf(to, "–");
}

static void put_outcomes(FILE *to, const struct result *result)
{
	for (int i = OUTCOME_OK + 1; i < OUTCOME_NR; i++)
		if (result->outcomes[i])
			fprintf(to, ", %llu %s", (unsigned long long)result->outcomes[i],
				outcome_name((enum outcome)i));
}

/* Values in the unit of the metric, short: "12.3 ns", "48.1 k IOPS", "1.9 GB/s". */
static void put_value(FILE *to, const struct result *result)
{
	double value = result->value;
	const char *scale = "";

	if (!isfinite(value)) {
		fprintf(to, "–");
		return;
	}
	if (strcmp(result->unit, "ns/op")) {
		const char *const scales[] = {"", " k", " M", " G"};
		size_t i = 0;

		for (; value >= 1000 && i < 3; i++)
			value /= 1000;
		scale = scales[i];
	}
	fprintf(to, "%.4g%s %s", value, scale, result->unit);
}

static void put_ratio(FILE *to, const struct result *result)
{
	char name[96], verdict[VERDICT_MAX];

	report_platform_name(result, name, sizeof(name));
	fprintf(to, "| ");
	report_escape(to, result->label);
	fprintf(to, " | ");
	report_escape(to, name);
	fprintf(to, " | ");
	if (result->known)
		fprintf(to, "%.4g [%.4g, %.4g]", result->stats.ratio, result->stats.low,
			result->stats.high);
	else
		fprintf(to, "–");
	fprintf(to, " | ");
	put_floor(to, result->floor);
	fprintf(to, " | %s%s | ", result->emulated && result->known ? "emulated: " : "",
		verdict_text(result, verdict));
	put_value(to, result);
	fprintf(to, " | %zu/%zu", result->stats.blocks, result->stats.epochs);
	put_outcomes(to, result);
	fprintf(to, " |");
}

static bool has_role(const struct result *result, enum arm_role role)
{
	return !strcmp(result->role, arm_role_name(role));
}

void report_ratio_table(const struct report *report, enum workload_family family,
			FILE *to)
{
	fprintf(to,
		"| cell | platform | ratio [95 %% interval] | A/A floor | says | "
		"measured "
		"(median) | blocks/epochs |%s\n|---|---|---|---|---|---|---|%s\n",
		family == FAMILY_DISK ? "" : " by wall time |",
		family == FAMILY_DISK ? "" : "---|");
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (strcmp(result->family, workload_family_name(family)) ||
		    !has_role(result, ROLE_PLATFORM))
			continue;
		put_ratio(to, result);
		if (family != FAMILY_DISK && result->wall_known)
			fprintf(to, " %.4g [%.4g, %.4g] |", result->wall.ratio,
				result->wall.low, result->wall.high);
		else if (family != FAMILY_DISK)
			fprintf(to, " – |");
		fprintf(to, "\n");
	}
	fprintf(to, "\n");
}

void report_control_table(const struct report *report, FILE *to)
{
	fprintf(to,
		"| cell | control | ratio [95 %% interval] | expected | contains it |\n"
		"|---|---|---|---|---|\n");
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];
		bool injected = has_role(result, ROLE_INJECTED);
		double truth = injected ? 1 / 1.01 : 1;

		if (!injected && !has_role(result, ROLE_AA))
			continue;
		fprintf(to, "| ");
		report_escape(to, result->label);
		fprintf(to, " | %s | ", injected ? "1 % more work injected" : "A/A");
		if (!result->known)
			fprintf(to, "– | %.4f | no interval |\n", truth);
		else
			fprintf(to, "%.4f [%.4f, %.4f] | %.4f | %s |\n",
				result->stats.ratio, result->stats.low,
				result->stats.high, truth,
				result->stats.low <= truth && result->stats.high >= truth
					? "yes"
					: "**no**");
	}
	fprintf(to, "\n");
}

/* --- cells --- */

static void put_json_value(FILE *to, const json_t *value)
{
	if (json_is_string(value))
		report_escape(to, json_string_value(value));
	else if (json_is_boolean(value))
		fprintf(to, "%s", json_is_true(value) ? "yes" : "no");
	else if (json_is_integer(value))
		fprintf(to, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		fprintf(to, "%g", json_real_value(value));
}

static void put_cell(const struct result *result, FILE *to)
{
	cleanup(json) json_t *parameters = json_loads(result->parameters, 0, NULL);
	const char *key;
	json_t *value;
	bool first = true;

	fprintf(to, "| ");
	report_escape(to, result->label);
	fprintf(to, " | %s | ", result->metric);
	json_object_foreach (parameters, key, value) {
		char bytes[UNITS_TEXT_MAX];
		size_t length = strlen(key);

		fprintf(to, "%s", first ? "" : "; ");
		first = false;
		if (length > 6 && !strcmp(key + length - 6, "_bytes") &&
		    json_is_integer(value)) {
			report_escape(to, key);
			fprintf(to, " %s",
				units_bytes((uint64_t)json_integer_value(value), bytes));
			continue;
		}
		report_escape(to, key);
		fprintf(to, " ");
		put_json_value(to, value);
	}
	fprintf(to, " |\n");
}

void report_cell_table(const struct report *report, FILE *to)
{
	int64_t last = -1;

	fprintf(to, "| cell | metric | parameters |\n|---|---|---|\n");
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (result->cell != last)
			put_cell(result, to);
		last = result->cell;
	}
	fprintf(to, "\n");
}

/* --- tables that are a query --- */

static void put_row(sqlite3_stmt *row, void *data)
{
	FILE *to = data;

	for (int i = 0; i < sqlite3_column_count(row); i++) {
		const char *text = (const char *)sqlite3_column_text(row, i);
		char shortened[321];

		(void)snprintf(shortened, sizeof(shortened), "%.320s", text ? text : "");
		fprintf(to, "| ");
		report_escape(to, shortened);
		fprintf(to, " ");
	}
	fprintf(to, "|\n");
}

int report_query_table(const struct report *report, const char *head, const char *sql,
		       FILE *to, struct err *err)
{
	int columns = 0, rc;

	fprintf(to, "%s\n", head);
	for (const char *c = head + 1; *c; c++)
		columns += *c == '|';
	for (int i = 0; i < columns; i++)
		fprintf(to, "|---");
	fprintf(to, "|\n");
	rc = report_each(report, sql, put_row, to, err);
	fprintf(to, "\n");
	return rc;
}
