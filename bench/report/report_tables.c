/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's tables, each from one query or the results. */
#include "bench/report/report_tables.h"

#include <math.h>
#include <string.h>

#include "bench/base/json.h"
#include "bench/report/report_words.h"
#include "bench/base/units.h"
#include "bench/results/verdict.h"

/* --- ratios --- */

static void put_outcomes(FILE *to, const struct result *result)
{
	for (int i = OUTCOME_OK + 1; i < OUTCOME_NR; i++)
		if (result->outcomes[i])
			fprintf(to, ", %llu %s", (unsigned long long)result->outcomes[i],
				outcome_name((enum outcome)i));
}

/* The verdict without the floor, which has a column of its own; bold where it is a
 * difference that decides something. */
static void put_verdict(const struct result *result, FILE *to)
{
	bool bold = verdict_stands_out(result) && !result->emulated;
	char text[VERDICT_MAX], *floor;

	(void)verdict_text(result, text);
	floor = verdict_below_noise(result) ? strstr(text, " (floor") : NULL;
	if (floor)
		*floor = '\0';
	fprintf(to, " | %s%s", result->emulated && result->known ? "emulated: " : "",
		bold ? "**" : "");
	report_escape(to, text);
	fprintf(to, "%s", bold ? "**" : "");
}

static void put_ratio(FILE *to, const struct result *result)
{
	char name[96], text[WORDS_MAX];

	report_platform_name(result, name, sizeof(name));
	fprintf(to, "| ");
	report_escape(to, result->label);
	fprintf(to, " | ");
	report_escape(to, name);
	fprintf(to, " | %s", result->known ? words_ratio(&result->stats, text) : "–");
	fprintf(to, " | %s", words_floor(result->floor, text));
	put_verdict(result, to);
	fprintf(to, " | %s", words_value(result->base_value, result->unit, text));
	fprintf(to, " | %s", words_value(result->value, result->unit, text));
	fprintf(to, " | %zu/%zu", result->stats.blocks, result->stats.epochs);
	put_outcomes(to, result);
	fprintf(to, " |");
}

static bool has_role(const struct result *result, enum arm_role role)
{
	return !strcmp(result->role, arm_role_name(role));
}

static bool is_row(const struct result *result, enum workload_family family)
{
	return !strcmp(result->family, workload_family_name(family)) &&
	       has_role(result, ROLE_PLATFORM);
}

bool report_has_family(const struct report *report, enum workload_family family)
{
	for (size_t i = 0; i < report->results.nr; i++)
		if (is_row(&report->results.list[i], family))
			return true;
	return false;
}

void report_ratio_table(const struct report *report, enum workload_family family,
			FILE *to)
{
	bool wall = family != FAMILY_DISK;
	char text[WORDS_MAX];

	fprintf(to,
		"| cell | platform | ratio [95 %% interval] | A/A floor | in words | "
		"bare "
		"metal, median | here, median | blocks / epochs |%s\n"
		"|---|---|---|---|---|--:|--:|--:|%s\n",
		wall ? " ratio by wall time |" : "", wall ? "---|" : "");
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!is_row(result, family))
			continue;
		put_ratio(to, result);
		if (wall)
			fprintf(to, " %s |",
				result->wall_known ? words_ratio(&result->wall, text)
						   : "–");
		fprintf(to, "\n");
	}
	fprintf(to, "\n");
}

/* --- how a table was taken --- */

struct span {
	size_t low, high;
};

static void widen(struct span *span, size_t value)
{
	span->low = span->high && span->low < value ? span->low : value;
	span->high = span->high > value ? span->high : value;
}

static const char *span_text(const struct span *span, char buffer[static 48])
{
	if (span->low == span->high)
		(void)snprintf(buffer, 48, "%zu", span->low);
	else
		(void)snprintf(buffer, 48, "%zu–%zu", span->low, span->high);
	return buffer;
}

void report_taken(const struct report *report, enum workload_family family, FILE *to)
{
	struct span blocks = {0}, epochs = {0};
	char text[REPORT_TEXT_MAX], b[48], e[48];
	unsigned long long samples = 0;
	size_t ratios = 0;

	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (!is_row(result, family) || !result->known)
			continue;
		widen(&blocks, result->stats.blocks);
		widen(&epochs, result->stats.epochs);
		samples += result->samples;
		ratios++;
	}
	if (!ratios) {
		fprintf(to, "*No cell has a ratio.*\n\n");
		return;
	}
	fprintf(to,
		"*%zu ratios, each of %s paired blocks in %s epochs; %llu good samples "
		"on the platforms' side; seed ",
		ratios, span_text(&blocks, b), span_text(&epochs, e), samples);
	report_escape(to, report_get(report, "SELECT seed FROM run WHERE id = ?1", text));
	fprintf(to, "; medians are of single samples, the ratio is of pairs.*\n\n");
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

#define BYTES "_bytes" /* how keys that are sizes end */

static bool is_bytes(const char *key)
{
	size_t length = strlen(key), end = strlen(BYTES);

	return length > end && !strcmp(key + length - end, BYTES);
}

/* "queue_depth" → "queue depth", "block_bytes" → "block" */
static void put_key(FILE *to, const char *key)
{
	char words[64];

	(void)snprintf(words, sizeof(words), "%s", key);
	if (is_bytes(key) && strlen(key) < sizeof(words))
		words[strlen(key) - strlen(BYTES)] = '\0';
	for (char *c = words; *c; c++)
		if (*c == '_')
			*c = ' ';
	report_escape(to, words);
}

static void put_parameter(FILE *to, const char *key, const json_t *value)
{
	char bytes[UNITS_TEXT_MAX];

	put_key(to, key);
	fprintf(to, ": ");
	if (is_bytes(key) && json_is_integer(value))
		fprintf(to, "%s",
			units_bytes((uint64_t)json_integer_value(value), bytes));
	else
		put_json_value(to, value);
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
	if (report_is_start(result)) /* as many as the time allows */
		fprintf(to, "– | ");
	else
		fprintf(to, "±%.2g %% | ", 100 * result->precision);
	json_object_foreach (parameters, key, value) {
		if (json_is_string(value) &&
		    !strcmp(json_string_value(value), result->label))
			continue;
		fprintf(to, "%s", first ? "" : "; ");
		put_parameter(to, key, value);
		first = false;
	}
	fprintf(to, " |\n");
}

void report_cell_table(const struct report *report, FILE *to)
{
	int64_t last = -1;

	fprintf(to, "| cell | decided by | precision asked | parameters |\n"
		    "|---|---|---|---|\n");
	for (size_t i = 0; i < report->results.nr; i++) {
		const struct result *result = &report->results.list[i];

		if (result->cell != last)
			put_cell(result, to);
		last = result->cell;
	}
	fprintf(to, "\n");
}

/* --- tables that are a query --- */

#define TEXT_MAX 480 /* of a cell of a table; what is cut ends in … */

struct rows {
	FILE *to;
	const char *head;
	size_t nr;
};

static void put_text(FILE *to, const char *text)
{
	char shortened[TEXT_MAX];
	size_t length = strlen(text);

	(void)snprintf(shortened, sizeof(shortened), "%s", text);
	/* Not inside a character. */
	for (size_t end = strlen(shortened);
	     length >= sizeof(shortened) && end && (shortened[end - 1] & 0x80);)
		shortened[--end] = '\0';
	report_escape(to, shortened);
	if (length >= sizeof(shortened))
		fprintf(to, "…");
}

static void put_head(struct rows *rows)
{
	fprintf(rows->to, "%s\n", rows->head);
	for (const char *c = rows->head + 1; *c; c++)
		if (*c == '|')
			fprintf(rows->to, "|---");
	fprintf(rows->to, "|\n");
}

static void put_row(sqlite3_stmt *row, void *data)
{
	struct rows *rows = data;

	if (!rows->nr++)
		put_head(rows);
	for (int i = 0; i < sqlite3_column_count(row); i++) {
		const char *text = (const char *)sqlite3_column_text(row, i);

		fprintf(rows->to, "| ");
		put_text(rows->to, text ? text : "");
		fprintf(rows->to, " ");
	}
	fprintf(rows->to, "|\n");
}

int report_query_table(const struct report *report, const char *head, const char *sql,
		       const char *none, FILE *to, struct err *err)
{
	struct rows rows = {.to = to, .head = head};
	int rc = report_each(report, sql, put_row, &rows, err);

	fprintf(to, "%s\n", rc || rows.nr ? "" : none);
	if (!rc && !rows.nr)
		fprintf(to, "\n");
	return rc;
}
