/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <errno.h>
#include <stdio.h>

#include "bench/base/cleanup.h"
#include "bench/export/export.h"
#include "bench/show/show.h"

CLEANUP_DEFINE(results, struct results *, results_release)

static void copy(sqlite3_stmt *row, int column, char *to, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	show_safe(text ? text : "", to, size);
}

static int read_about(struct export *run, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (sqlite3_prepare_v2(store_db(run->store),
			       "SELECT suite, version, started_utc, (SELECT value FROM "
			       "environment WHERE run = ?1 AND name = 'host.name') "
			       "FROM run WHERE id = ?1",
			       -1, &query, NULL) != SQLITE_OK ||
	    sqlite3_bind_int64(query, 1, run->results->run) ||
	    sqlite3_step(query) != SQLITE_ROW)
		return err_fail(err, EBADMSG, "cannot read the store: %s",
				sqlite3_errmsg(store_db(run->store)));
	copy(query, 0, run->suite, sizeof(run->suite));
	copy(query, 1, run->version, sizeof(run->version));
	copy(query, 2, run->started_utc, sizeof(run->started_utc));
	copy(query, 3, run->host, sizeof(run->host));
	return 0;
}

static int print(const struct export *run, enum format format, struct err *err)
{
	switch (format) {
	case FORMAT_JSON:
		return show_json(run->store, run->results, err);
	case FORMAT_CSV:
		return show_samples(run->store, run->results->run, format, err);
	case FORMAT_JUNIT:
		return export_junit(run, stdout, err);
	case FORMAT_TAP:
		return export_tap(run, stdout, err);
	case FORMAT_OPENMETRICS:
		return export_openmetrics(run, stdout, err);
	case FORMAT_HYPERFINE:
		return export_hyperfine(run, stdout, err);
	case FORMAT_LKP:
		return export_lkp(run, stdout, err);
	case FORMAT_TEXT:
		break;
	}
	return err_fail(err, EINVAL, "'export' needs --format FORMAT, one of: %s",
			cmd_export.formats);
}

static int export(const struct options *options, struct store *store, struct err *err)
{
	struct results results = {0};
	cleanup(results) struct results *guard = &results;
	struct export run = {.store = store, .results = guard};
	int rc = results_run_find(store, options->argc ? options->argv[0] : "last",
				  &guard->run, err);

	if (!rc)
		rc = results_load(store, guard->run, guard, err);
	if (!rc)
		rc = read_about(&run, err);
	return rc ? rc : print(&run, options->format, err);
}

static int run(const struct options *options)
{
	cleanup(store) struct store *store = NULL;
	struct err err = {0};
	int rc = store_open(options->store, STORE_READ, &store, &err);

	if (!rc)
		rc = export(options, store, &err);
	if (!rc)
		return EXIT_DONE;
	fprintf(stderr, "tare: %s\n", err.text);
	return EXIT_USAGE;
}

const struct command cmd_export = {
	.name = "export",
	.arguments = "[RUN]",
	.summary = "a run in the formats of other programs",
	.help = "json         ratios, costs, starts, as 'tare show' has them\n"
		"csv          one row a sample, all that the store knows of it\n"
		"junit, tap   a test a ratio: it passes when it is as precise as asked; "
		"controls\n"
		"             pass when they show what they must\n"
		"openmetrics  gauges, as Prometheus and node_exporter's text files take "
		"them\n"
		"hyperfine    times of one operation, as hyperfine --export-json has "
		"them\n"
		"lkp          value ±stddev%, change%, value ±stddev%, name\n",
	.accepts = "store format",
	.formats = "json csv junit tap openmetrics hyperfine lkp",
	.run = run,
};
