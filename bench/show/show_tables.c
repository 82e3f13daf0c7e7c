/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ratios as text: a heading for each cell, a row for each arm below it. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/output.h"
#include "bench/report/report_words.h"
#include "bench/show/show.h"
#include "bench/results/verdict.h"

static bool is_baseline(const struct result *result)
{
	return !strcmp(result->role, arm_role_name(ROLE_BASELINE));
}

static void name_platform(const struct result *result, char *to, size_t size)
{
	bool control = strcmp(result->role, arm_role_name(ROLE_PLATFORM)) != 0;
	bool disk = !strcmp(result->family, workload_family_name(FAMILY_DISK));
	char mark[RESULT_MARK_MAX];

	(void)snprintf(to, size, "  %s%s%s%s%s%s%s", result->platform, disk ? ":" : "",
		       disk ? result->path : "", control ? " " : "",
		       control ? result->role : "", result->emulated ? " (emulated)" : "",
		       result_mark(result, mark));
}

static void add_ratio(struct output_table *table, const struct result *result)
{
	char name[128], verdict[VERDICT_MAX];

	name_platform(result, name, sizeof(name));
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

/* "fork: 72.0 µs on bare by cpu time, floor ±1.2 %" */
static void print_heading(const struct result *baseline)
{
	bool bold = output_colour(stdout);
	bool named = !strcmp(baseline->metric, baseline->unit); /* "IOPS" says both */
	char value[WORDS_MAX], label[96], floor[48] = "";

	show_safe(baseline->label, label, sizeof(label));
	if (isfinite(baseline->floor))
		(void)snprintf(floor, sizeof(floor), ", floor ±%.2g %%",
			       100 * baseline->floor);
	printf("%s%s%s: %s on %s%s%s%s\n", bold ? "\033[1m" : "", label,
	       bold ? "\033[0m" : "", words_value(baseline->value, baseline->unit, value),
	       baseline->platform, named ? "" : " by ", named ? "" : baseline->metric,
	       floor);
}

/* The table's lines, each cell's below its heading. */
static void print_grouped(const struct results *results, char *lines)
{
	char *line = strsep(&lines, "\n");

	printf("%s\n", line ? line : "");
	for (size_t i = 0; i < results->nr; i++) {
		if (is_baseline(&results->list[i])) {
			print_heading(&results->list[i]);
			continue;
		}
		line = strsep(&lines, "\n");
		printf("%s\n", line ? line : "");
	}
}

static int print_ratios(const struct results *results, struct err *err)
{
	static const struct output_column columns[] = {
		{"platform", false}, {"ratio", true},	      {"low", true},
		{"high", true},	     {"blocks/epochs", true}, {"says", false}};
	cleanup(free) char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct output_table table;
	int rc;

	if (!to)
		return err_fail(err, ENOMEM, "no memory for a table");
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < results->nr; i++)
		if (!is_baseline(&results->list[i]))
			add_ratio(&table, &results->list[i]);
	rc = output_table_write(&table, FORMAT_TEXT, to, err);
	output_table_release(&table);
	if (fclose(to) && !rc)
		rc = err_fail(err, ENOMEM, "no memory for a table");
	if (!rc)
		print_grouped(results, text);
	return rc;
}

/* Below the ratios. */
static int show_below(struct store *store, int64_t run, struct err *err)
{
	static int (*const parts[])(struct store * store, int64_t run,
				    struct err * err) = {show_starts,	   show_cost,
							 show_experiments, show_curves,
							 show_excluded,	   show_truth};
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(parts) / sizeof(parts[0]); i++)
		rc = parts[i](store, run, err);
	return rc;
}

int show_text(struct store *store, const struct results *results, struct err *err)
{
	int rc = show_run_line(store, results->run, err);

	if (!rc && results->nr) {
		printf("A ratio above 1 is better than the platform its heading names. "
		       "Intervals are 95 %%.\n\n");
		rc = print_ratios(results, err);
	}
	return rc ? rc : show_below(store, results->run, err);
}
