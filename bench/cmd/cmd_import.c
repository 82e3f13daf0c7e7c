/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "bench/base/cleanup.h"
#include "bench/base/output.h"
#include "bench/store/store_import.h"

CLEANUP_DEFINE(imports, struct import *, import_release)
CLEANUP_DEFINE(table, struct output_table *, output_table_release)

static int refuse_same(const char *from, const char *to, struct err *err)
{
	struct stat one, other;

	if (stat(from, &one) || stat(to, &other) || one.st_dev != other.st_dev ||
	    one.st_ino != other.st_ino)
		return 0;
	return err_fail(err, EINVAL, "'%s' is the store itself", from);
}

static int print(const struct import *import, enum format format, struct err *err)
{
	static const struct output_column columns[] = {{"there", true},
						       {"here", true},
						       {"started", false},
						       {"suite", false},
						       {"what", false}};
	struct output_table table;
	cleanup(table) struct output_table *guard = &table;

	(void)guard;
	output_table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < import->nr; i++) {
		const struct imported *one = &import->list[i];

		output_table_add(&table, "%lld", (long long)one->from);
		output_table_add(&table, "%lld", (long long)one->to);
		output_table_add(&table, "%s", one->started_utc);
		output_table_add(&table, "%s", one->suite);
		output_table_add(&table, one->there ? "was there already" : "imported");
	}
	return output_table_write(&table, format, stdout, err);
}

static void say(const struct options *options, const char *what)
{
	if (!options->quiet)
		fprintf(stderr, "tare: %s\n", what);
}

/* Ours is opened, and made, only when the other has been found good. */
static int import(const struct options *options, struct import *ret, struct err *err)
{
	cleanup(store) struct store *from = NULL, *to = NULL;
	const char *file = options->argv[0];
	int rc = refuse_same(file, options->store, err);

	if (!rc)
		rc = store_open(file, STORE_IMPORT, &from, err);
	if (!rc)
		say(options, "checking the other store");
	if (!rc)
		rc = store_import_check(from, options->stop, err);
	if (!rc)
		rc = store_open(options->store, STORE_CREATE, &to, err);
	if (!rc)
		say(options, "copying its runs");
	return rc ? rc : store_import(from, to, options->stop, ret, err);
}

static int run(const struct options *options)
{
	struct import done = {0};
	cleanup(imports) struct import *guard = &done;
	struct err err = {0};
	int rc = import(options, guard, &err);

	if (!rc)
		rc = print(guard, options->format, &err);
	if (!rc)
		return EXIT_DONE;
	fprintf(stderr, "tare: %s\n", err.text);
	return rc == -EINTR ? EXIT_INTERRUPTED : EXIT_USAGE;
}

const struct command cmd_import = {
	.name = "import",
	.arguments = "FILE",
	.summary = "add the runs of another host's store to this one",
	.help = "All runs of FILE, under new numbers; a run that is here already (same "
		"host,\n"
		"begin, seed and command) is left out. All of them or, when something is "
		"wrong\n"
		"with FILE, none. FILE may have schema version 2: importing it into a "
		"new "
		"store\n"
		"is how it is brought up to date.\n",
	.accepts = "store format quiet",
	.run = run,
};
