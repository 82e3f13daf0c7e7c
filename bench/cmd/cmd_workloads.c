/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>

#include "bench/base/cleanup.h"
#include "bench/base/json.h"
#include "bench/base/output.h"
#include "bench/workload/workload.h"

CLEANUP_DEFINE(table, struct output_table *, output_table_release)

static int print_table(enum format format, struct err *err)
{
	static const struct output_column columns[] = {
		{"workload", false}, {"family", false}, {"metric", false},
		{"unit", false},     {"size", false},	{"operation", false},
		{"summary", false},
	};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < workload_nr; i++) {
		const struct workload *workload = workloads[i];

		output_table_add(&table, "%s", workload->name);
		output_table_add(&table, "%s", workload_family_name(workload->family));
		output_table_add(&table, "%s", workload_metric_name(workload->metric));
		output_table_add(&table, "%s", workload_metric_unit(workload->metric));
		output_table_add(&table, "%s",
				 workload->sized ? workload->default_size : "-");
		output_table_add(&table, "%s", workload->operation);
		output_table_add(&table, "%s", workload->summary);
	}
	return output_table_write(&table, format, stdout, err);
}

static json_t *workload_json(const struct workload *workload)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?}", "name", workload->name,
			 "family", workload_family_name(workload->family), "metric",
			 workload_metric_name(workload->metric), "unit",
			 workload_metric_unit(workload->metric), "operation",
			 workload->operation, "summary", workload->summary,
			 "default_size", workload->sized ? workload->default_size : NULL);
}

static int print_json(struct err *err)
{
	json_t *list = json_array();
	cleanup(json) json_t *root = json_pack("{s:o}", "workloads", list);

	for (size_t i = 0; i < workload_nr; i++)
		json_array_append_new(list, workload_json(workloads[i]));
	return output_json(root, stdout, err);
}

static int run(const struct options *options)
{
	struct err err = {0};
	int rc = options->format == FORMAT_JSON ? print_json(&err)
						: print_table(options->format, &err);

	if (rc)
		fprintf(stderr, "tare: %s\n", err.text);
	return rc ? EXIT_MEASUREMENT : EXIT_DONE;
}

const struct command cmd_workloads = {
	.name = "workloads",
	.arguments = "",
	.summary = "list the workloads that a suite can name",
	.help = "",
	.accepts = "format",
	.run = run,
};
