/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>

#include "bench/base/cleanup.h"
#include "bench/base/json.h"
#include "bench/base/output.h"
#include "bench/host/owner.h"
#include "bench/host/reap.h"

struct cleaned {
	struct reaped list[REAPED_MAX];
	size_t nr, removed;
};

static int print_json(const struct cleaned *cleaned, struct err *err)
{
	json_t *by = json_array();
	cleanup(json) json_t *root = NULL;

	for (size_t i = 0; i < cleaned->nr; i++)
		if (cleaned->list[i].nr)
			json_array_append_new(by,
					      json_pack("{s:s, s:I}", "what",
							cleaned->list[i].what, "removed",
							(json_int_t)cleaned->list[i].nr));
	root = json_pack("{s:I, s:o}", "removed", (json_int_t)cleaned->removed, "by", by);
	return output_json(root, stdout, err);
}

static int print_csv(const struct cleaned *cleaned, struct err *err)
{
	static const struct output_column columns[] = {{"what", false},
						       {"removed", true}};
	struct output_table table;
	int rc;

	output_table_init(&table, columns, 2);
	for (size_t i = 0; i < cleaned->nr; i++) {
		if (!cleaned->list[i].nr)
			continue;
		output_table_add(&table, "%s", cleaned->list[i].what);
		output_table_add(&table, "%zu", cleaned->list[i].nr);
	}
	rc = output_table_write(&table, FORMAT_CSV, stdout, err);
	output_table_release(&table);
	return rc;
}

static int print_text(const struct cleaned *cleaned, bool quiet)
{
	const char *before = " (";

	if (!cleaned->removed) {
		if (!quiet)
			printf("nothing to remove\n");
		return 0;
	}
	printf("removed %zu thing%s that dead runs left", cleaned->removed,
	       cleaned->removed == 1 ? "" : "s");
	for (size_t i = 0; i < cleaned->nr; i++) {
		if (!cleaned->list[i].nr)
			continue;
		printf("%s%s: %zu", before, cleaned->list[i].what, cleaned->list[i].nr);
		before = ", ";
	}
	printf(")\n");
	return 0;
}

static int print(const struct options *options, const struct cleaned *cleaned,
		 struct err *err)
{
	if (options->format == FORMAT_JSON)
		return print_json(cleaned, err);
	if (options->format == FORMAT_CSV)
		return print_csv(cleaned, err);
	return print_text(cleaned, options->quiet);
}

/* What was removed is said also when something else could not be. */
static int run(const struct options *options)
{
	struct cleaned cleaned = {.nr = 0};
	cleanup(fd) int lock = -1;
	struct err err = {0}, output = {0};
	int rc = owner_lock(&lock, &err);

	if (!rc) {
		rc = reap_each(cleaned.list, &cleaned.nr, &err);
		for (size_t i = 0; i < cleaned.nr; i++)
			cleaned.removed += cleaned.list[i].nr;
		if ((!rc || cleaned.removed) && print(options, &cleaned, &output))
			fprintf(stderr, "tare: %s\n", output.text);
	}
	if (rc)
		fprintf(stderr, "tare: %s\n", err.text);
	return rc || output.code ? EXIT_MEASUREMENT : EXIT_DONE;
}

const struct command cmd_clean = {
	.name = "clean",
	.arguments = "",
	.summary = "remove everything that a crash left behind",
	.help = "Groups, containers, guests, processes, scratch files and folders whose "
		"name\n"
		"carries the id of a tare that is no longer alive; nothing else.\n",
	.accepts = "format quiet",
	.run = run,
};
