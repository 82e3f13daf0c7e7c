/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/compare/equivalence.h"
#include "bench/compare/equivalence_words.h"
#include "bench/base/json.h"
#include "bench/base/output.h"
#include "bench/results/results.h"

CLEANUP_DEFINE(traits, struct equivalence_table *, equivalence_release)
CLEANUP_DEFINE(table, struct output_table *, output_table_release)

/* Text shows what differs, CSV everything. */
static int print_table(const struct equivalence_table *traits, enum format format,
		       struct err *err)
{
	static const struct output_column columns[] = {
		{"platform", false}, {"trait", false}, {"verdict", false},
		{"baseline", false}, {"here", false},
	};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < traits->nr; i++) {
		const struct equivalence_row *row = &traits->list[i];
		char base[EQUIVALENCE_TEXT_MAX], here[EQUIVALENCE_TEXT_MAX];

		if (format == FORMAT_TEXT && row->verdict == EQUIVALENCE_SAME)
			continue;
		equivalence_values(row, base, here);
		output_table_add(&table, "%s%s%s%s", row->platform,
				 row->path[0] ? ":" : "", row->path,
				 row->emulated ? " (emulated)" : "");
		output_table_add(&table, "%s %s", row->group, row->name);
		output_table_add(&table, "%s", equivalence_name(row->verdict));
		output_table_add(&table, "%s", base);
		output_table_add(&table, "%s", here);
	}
	return output_table_write(&table, format, stdout, err);
}

static void print_sums(const struct equivalence_table *traits)
{
	printf("\nOf the traits of %s:\n", traits->baseline);
	for (size_t from = 0, to; from < traits->nr; from = to) {
		const struct equivalence_row *row = &traits->list[from];
		size_t count[EQUIVALENCE_NR];

		to = equivalence_place(traits, from, count);
		printf("%s%s%s%s: %zu same, %zu different, %zu missing\n", row->platform,
		       row->path[0] ? ":" : "", row->path,
		       row->emulated ? " (emulated)" : "", count[EQUIVALENCE_SAME],
		       count[EQUIVALENCE_DIFFERENT], count[EQUIVALENCE_MISSING]);
	}
}

static json_t *row_json(const struct equivalence_row *row)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:s, s:s?, s:s?, s:s}", "platform",
			 row->platform, "path", row->path, "emulated", row->emulated,
			 "group", row->group, "name", row->name, "baseline", row->base,
			 "here", row->here, "verdict", equivalence_name(row->verdict));
}

static int print_json(const struct equivalence_table *traits, struct err *err)
{
	json_t *list = json_array();
	cleanup(json) json_t *root =
		json_pack("{s:s, s:o}", "baseline", traits->baseline, "traits", list);

	for (size_t i = 0; i < traits->nr; i++)
		json_array_append_new(list, row_json(&traits->list[i]));
	return output_json(root, stdout, err);
}

static int show(const struct options *options, struct store *store, struct err *err)
{
	struct equivalence_table traits = {0};
	cleanup(traits) struct equivalence_table *guard = &traits;
	int64_t run = 0;
	int rc = results_run_find(store, options->argc ? options->argv[0] : "last", &run,
				  err);

	if (!rc)
		rc = equivalence_load(store, run, guard, err);
	if (rc)
		return rc;
	if (options->format == FORMAT_JSON)
		return print_json(&traits, err);
	rc = print_table(&traits, options->format, err);
	if (!rc && options->format == FORMAT_TEXT)
		print_sums(&traits);
	return rc;
}

static int run(const struct options *options)
{
	cleanup(store) struct store *store = NULL;
	struct err err = {0};
	int rc = store_open(options->store, STORE_READ, &store, &err);

	if (!rc)
		rc = show(options, store, &err);
	if (rc)
		fprintf(stderr, "tare: %s\n", err.text);
	return rc ? EXIT_USAGE : EXIT_DONE;
}

const struct command cmd_equivalence = {
	.name = "equivalence",
	.arguments = "[RUN]",
	.summary = "what a program finds on each platform that differs from bare metal",
	.help = "Kernel, CPU, limits, system calls, files of /proc, /sys and /dev, and "
		"what "
		"each\n"
		"path's file system can do, beside the baseline's. A run asks every "
		"platform "
		"once;\n"
		"text lists what is different or missing, JSON and CSV everything.\n",
	.accepts = "store format",
	.run = run,
};
