/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How `tare claims` prints what it found. */
#include "bench/claims/claims_show.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/json.h"
#include "bench/base/output.h"

CLEANUP_DEFINE(table, struct output_table *, output_table_release)

/* --- text --- */

/* Several readings are shown where some of them decides. */
static bool has_rows(const struct claim_finding *finding)
{
	return finding->nr > 1 && finding->verdict != CLAIM_UNTESTABLE;
}

static void add_claim(struct output_table *table, const struct claim_finding *finding)
{
	char text[CLAIM_TEXT_MAX];
	bool one = finding->nr == 1;

	output_table_add(table, "%s", finding->claim->id);
	output_table_add(table, "%s", claim_verdict_name(finding->verdict));
	output_table_add(table, "%s", claim_claimed_text(finding->claim, text));
	output_table_add(table, "%s",
			 one ? claim_measured_text(&finding->readings[0], text) : "");
	if (one)
		output_table_add(table, "%" PRIu64, finding->readings[0].samples);
	else
		output_table_add(table, "%s", "");
	output_table_add(table, "%s", one ? finding->readings[0].cell : "");
	output_table_add(table, "%s",
			 one ? claim_platform_text(&finding->readings[0], text) : "");
	output_table_add(table, "%s", finding->reason);
}

static void add_reading(struct output_table *table, const struct claim_reading *reading)
{
	char text[CLAIM_TEXT_MAX];

	output_table_add(table, "%s", "  ·");
	output_table_add(table, "%s", claim_verdict_name(reading->verdict));
	output_table_add(table, "%s", "");
	output_table_add(table, "%s", claim_measured_text(reading, text));
	output_table_add(table, "%" PRIu64, reading->samples);
	output_table_add(table, "%s", reading->cell);
	output_table_add(table, "%s", claim_platform_text(reading, text));
	output_table_add(table, "%s", reading->reason);
}

int claims_show_text(const struct claim_findings *findings, struct err *err)
{
	static const struct output_column columns[] = {
		{"claim", false},    {"verdict", false}, {"claimed", false},
		{"measured", false}, {"samples", true},	 {"cell", false},
		{"platform", false}, {"why", false},
	};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;
	char text[CLAIM_TEXT_MAX];
	int rc;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < findings->nr; i++) {
		const struct claim_finding *finding = &findings->list[i];

		add_claim(&table, finding);
		for (size_t k = 0; has_rows(finding) && k < finding->nr; k++)
			add_reading(&table, &finding->readings[k]);
	}
	rc = output_table_write(&table, FORMAT_TEXT, stdout, err);
	if (!rc)
		printf("\n%s. Ratios with 95 %% intervals, not narrower than the A/A "
		       "floor.\n",
		       claim_sum_text(findings, text));
	return rc;
}

/* --- CSV --- */

static void add_number(struct output_table *table, double value)
{
	if (isfinite(value))
		output_table_add(table, "%.17g", value);
	else
		output_table_add(table, "%s", "");
}

static void add_head(struct output_table *table, const struct claim_finding *finding)
{
	const struct claim *claim = finding->claim;

	output_table_add(table, "%s", claim->id);
	output_table_add(table, "%s", claim->source);
	output_table_add(table, "%s", claim->confidence);
	output_table_add(table, "%s", claim_kind_name(claim->kind));
	output_table_add(table, "%s", claim->conditions);
	output_table_add(table, "%s", claim_verdict_name(finding->verdict));
	add_number(table, claim->claimed);
	add_number(table, claim->tolerance);
}

static void add_row(struct output_table *table, const struct claim_finding *finding,
		    const struct claim_reading *reading)
{
	add_head(table, finding);
	output_table_add(table, "%" PRId64, reading->run);
	output_table_add(table, "%s", reading->cell);
	output_table_add(table, "%s", reading->platform);
	output_table_add(table, "%s", reading->against);
	output_table_add(table, "%d", reading->emulated);
	add_number(table, reading->value);
	add_number(table, reading->low);
	add_number(table, reading->high);
	output_table_add(table, "%" PRIu64, reading->samples);
	output_table_add(table, "%s", claim_verdict_name(reading->verdict));
	output_table_add(table, "%s", reading->reason);
}

#define READING_COLUMNS 11
static void add_no_reading(struct output_table *table,
			   const struct claim_finding *finding)
{
	add_head(table, finding);
	for (int i = 1; i < READING_COLUMNS; i++)
		output_table_add(table, "%s", "");
	output_table_add(table, "%s", finding->reason);
}

int claims_show_csv(const struct claim_findings *findings, struct err *err)
{
	static const struct output_column columns[] = {
		{"claim", false},   {"source", false},	   {"confidence", false},
		{"kind", false},    {"conditions", false}, {"verdict", false},
		{"claimed", true},  {"tolerance", true},   {"run", true},
		{"cell", false},    {"platform", false},   {"against", false},
		{"emulated", true}, {"ratio", true},	   {"low", true},
		{"high", true},	    {"samples", true},	   {"reading", false},
		{"reason", false},
	};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < findings->nr; i++) {
		const struct claim_finding *finding = &findings->list[i];

		for (size_t k = 0; k < finding->nr; k++)
			add_row(&table, finding, &finding->readings[k]);
		if (!finding->nr)
			add_no_reading(&table, finding);
	}
	return output_table_write(&table, FORMAT_CSV, stdout, err);
}

/* --- JSON --- */

/* Texts of a store may be no UTF-8, which JSON must be. */
static json_t *text_json(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("(not UTF-8)");
}

static json_t *reading_json(const struct claim_reading *reading)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:I, s:s, s:o}", "run",
			 (json_int_t)reading->run, "cell", text_json(reading->cell),
			 "platform", text_json(reading->platform), "against",
			 text_json(reading->against), "emulated", reading->emulated,
			 "ratio", json_finite(reading->value), "low",
			 json_finite(reading->low), "high", json_finite(reading->high),
			 "samples", (json_int_t)reading->samples, "verdict",
			 claim_verdict_name(reading->verdict), "reason",
			 text_json(reading->reason));
}

static json_t *finding_json(const struct claim_finding *finding)
{
	const struct claim *claim = finding->claim;
	json_t *readings = json_array();

	for (size_t i = 0; i < finding->nr; i++)
		json_array_append_new(readings, reading_json(&finding->readings[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o}",
			 "id", claim->id, "says", claim->says, "source", claim->source,
			 "confidence", claim->confidence, "kind",
			 claim_kind_name(claim->kind), "metric",
			 claim_metric_name(claim->metric), "conditions",
			 claim->conditions, "claimed", json_finite(claim->claimed),
			 "tolerance", json_finite(claim->tolerance), "verdict",
			 claim_verdict_name(finding->verdict), "reason",
			 text_json(finding->reason), "readings", readings);
}

int claims_show_json(const struct claim_findings *findings, struct err *err)
{
	json_t *list = json_array();
	cleanup(json) json_t *root = json_pack("{s:o}", "claims", list);

	for (size_t i = 0; i < findings->nr; i++)
		json_array_append_new(list, finding_json(&findings->list[i]));
	return output_json(root, stdout, err);
}
