/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for people: what differs around the runs, cells, baselines, the rest. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/compare/compare.h"
#include "bench/report/report_words.h"
#include "bench/show/show.h"

#define VALUE_MAX 32 /* columns for a differing value */

CLEANUP_DEFINE(table, struct output_table *, output_table_release)

static void print_run(char name, const struct compare_run *run)
{
	char suite[64], host[64], started[32];

	show_safe(run->suite, suite, sizeof(suite));
	show_safe(*run->host ? run->host : "unknown", host, sizeof(host));
	show_safe(run->started_utc, started, sizeof(started));
	printf("%c: run %lld of %s, suite %s, begun %s, host %s\n", name,
	       (long long)run->run, run->file, suite, started, host);
}

/* --- what differs --- */

static bool has_word(const char *text, const char *word, size_t length)
{
	for (const char *at = text; (at = strstr(at, (char[]){*word, '\0'})); at++) {
		bool begins = at == text || strchr(" \n", at[-1]);

		if (begins && !strncmp(at, word, length) &&
		    (!at[length] || strchr(" \n", at[length])))
			return true;
	}
	return false;
}

/* The value where it fits, else those of its words that the other has not. */
static void tell_value(const char *value, const char *other, char to[static VALUE_MAX])
{
	size_t used = 0;

	(void)snprintf(to, VALUE_MAX, "%s", value ? value : "-");
	if (!value || !other || strlen(value) + 1 < VALUE_MAX)
		return;
	to[0] = '\0';
	for (const char *at = value; *at && used + 1 < VALUE_MAX;) {
		size_t length = strcspn(at, " \n");

		if (length && !has_word(other, at, length))
			used += (size_t)snprintf(to + used, VALUE_MAX - used, "%s%.*s",
						 used ? " " : "", (int)length, at);
		at += length + strspn(at + length, " \n");
	}
	if (!to[0])
		(void)snprintf(to, VALUE_MAX, "(%zu bytes)", strlen(value));
}

static int print_differences(const struct comparison *comparison, struct err *err)
{
	static const struct output_column columns[] = {
		{"what differs", false}, {"A", false}, {"B", false}};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < comparison->difference_nr; i++) {
		const struct compare_difference *at = &comparison->differences[i];
		char a[VALUE_MAX], b[VALUE_MAX];

		tell_value(at->a, at->b, a);
		tell_value(at->b, at->a, b);
		output_table_add(&table, "%s", at->name);
		output_table_add(&table, "%s", a);
		output_table_add(&table, "%s", b);
	}
	if (comparison->difference_nr)
		return output_table_write(&table, FORMAT_TEXT, stdout, err);
	printf("Nothing that is recorded differs around them.\n");
	return 0;
}

/* --- cells --- */

static void add_name(struct output_table *table, const struct compare_pair *pair)
{
	const struct result *b = pair->b;
	bool disk = !strcmp(b->family, workload_family_name(FAMILY_DISK));
	char mark[RESULT_MARK_MAX];

	output_table_add(table, "%s", b->label);
	output_table_add(table, "%s%s%s%s", b->platform, disk ? ":" : "",
			 disk ? b->path : "", result_mark(b, mark));
}

static void add_number(struct output_table *table, bool known, double value)
{
	if (known)
		output_table_add(table, "%.4f", value);
	else
		output_table_add(table, "-");
}

static int print_cells(const struct comparison *comparison, struct err *err)
{
	static const struct output_column columns[] = {
		{"cell", false}, {"platform", false}, {"A", true},    {"B", true},
		{"B/A", true},	 {"low", true},	      {"high", true}, {"says", false}};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < comparison->pair_nr; i++) {
		const struct compare_pair *pair = &comparison->pairs[i];
		char says[COMPARE_TEXT_MAX];

		add_name(&table, pair);
		add_number(&table, pair->a->known, pair->a->stats.ratio);
		add_number(&table, pair->b->known, pair->b->stats.ratio);
		add_number(&table, pair->known, pair->change.ratio);
		add_number(&table, pair->known, pair->change.low);
		add_number(&table, pair->known, pair->change.high);
		output_table_add(&table, "%s", compare_text(pair, says));
	}
	printf("\nRatio to the baseline in each run, and B's over A's; above 1 is "
	       "better. "
	       "Intervals are 95 %%.\n");
	return output_table_write(&table, FORMAT_TEXT, stdout, err);
}

/* --- baselines --- */

static int print_baselines(const struct comparison *comparison, struct err *err)
{
	static const struct output_column columns[] = {
		{"cell", false}, {"baseline", false}, {"A", true},    {"B", true},
		{"B/A", true},	 {"low", true},	      {"high", true}, {"says", false}};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < comparison->baseline_nr; i++) {
		const struct compare_pair *pair = &comparison->baselines[i];
		const struct result change = {
			.known = pair->known, .stats = pair->change, .floor = NAN};
		char value[WORDS_MAX], words[VERDICT_MAX];

		output_table_add(&table, "%s", pair->b->label);
		output_table_add(&table, "%s", pair->b->platform);
		output_table_add(&table, "%s",
				 words_value(pair->a->value, pair->a->unit, value));
		output_table_add(&table, "%s",
				 words_value(pair->b->value, pair->b->unit, value));
		add_number(&table, pair->known, pair->change.ratio);
		add_number(&table, pair->known, pair->change.low);
		add_number(&table, pair->known, pair->change.high);
		output_table_add(&table, "%s",
				 pair->known ? verdict_text(&change, words) : pair->why);
	}
	if (!comparison->baseline_nr)
		return 0;
	printf("\nThe baseline's own performance. Not side by side in time: the load, "
	       "the "
	       "clock and all\nelse that changed between the runs is in it, and not in "
	       "the interval.\n");
	return output_table_write(&table, FORMAT_TEXT, stdout, err);
}

/* --- the rest --- */

static void print_missing(const struct comparison *comparison)
{
	char label[64], platform[64], path[64], reason[200];

	if (comparison->missing_nr)
		printf("\nNot compared:\n");
	for (size_t i = 0; i < comparison->missing_nr; i++) {
		const struct compare_missing *missing = &comparison->missing[i];

		show_safe(missing->result->label, label, sizeof(label));
		show_safe(missing->result->platform, platform, sizeof(platform));
		show_safe(missing->result->path, path, sizeof(path));
		show_safe(missing->reason, reason, sizeof(reason));
		printf("  %s on %s:%s: %s\n", label, platform, path, reason);
	}
}

int compare_print_text(const struct comparison *comparison, struct err *err)
{
	int rc;

	print_run('A', &comparison->a);
	print_run('B', &comparison->b);
	printf("\n");
	rc = print_differences(comparison, err);
	if (!rc)
		rc = print_cells(comparison, err);
	if (!rc)
		rc = print_baselines(comparison, err);
	if (rc)
		return rc;
	print_missing(comparison);
	printf("\n%zu regression%s and %zu improvement%s among %zu compared.\n",
	       comparison->regressions, comparison->regressions == 1 ? "" : "s",
	       comparison->improvements, comparison->improvements == 1 ? "" : "s",
	       comparison->compared);
	return 0;
}
