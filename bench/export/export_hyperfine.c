/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON as hyperfine's --export-json writes it: a result a platform and cell, times in
 * seconds of wall time for one operation, by the clock inside; of a round trip by the
 * harness's, around it.  tare does not tell user from system time, so both are null; what
 * the cell is stands in "parameters".
 */
#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <string.h>

#include "bench/export/export.h"
#include "bench/base/json.h"
#include "bench/base/output.h"

static json_t *times_of(const struct result *result, sqlite3_stmt *query)
{
	json_t *times = json_array();
	const char *trip = workload_metric_name(METRIC_ROUND_TRIP);

	(void)sqlite3_reset(query);
	(void)sqlite3_bind_int64(query, 1, result->arm);
	(void)sqlite3_bind_int(query, 2, !strcmp(result->metric, trip));
	while (sqlite3_step(query) == SQLITE_ROW)
		json_array_append_new(times, json_real(sqlite3_column_double(query, 0)));
	return times;
}

static void add_statistics(json_t *object, const double *sorted, size_t nr)
{
	json_object_set_new(object, "mean", json_real(gsl_stats_mean(sorted, 1, nr)));
	json_object_set_new(object, "stddev",
			    nr > 1 ? json_real(gsl_stats_sd(sorted, 1, nr))
				   : json_null());
	json_object_set_new(object, "median", json_real(stats_quantile(sorted, nr, 0.5)));
	json_object_set_new(object, "user", json_null());
	json_object_set_new(object, "system", json_null());
	json_object_set_new(object, "min", json_real(sorted[0]));
	json_object_set_new(object, "max", json_real(sorted[nr - 1]));
}

static int add_result(json_t *results, const struct result *result, sqlite3_stmt *query,
		      struct err *err)
{
	json_t *times = times_of(result, query), *object = json_object();
	size_t nr = json_array_size(times);
	cleanup(free) double *sorted = calloc(nr + 1, sizeof(*sorted));
	char platform[EXPORT_TEXT_MAX], command[2 * EXPORT_TEXT_MAX];
	json_t *codes = json_array();

	for (size_t i = 0; sorted && i < nr; i++) {
		sorted[i] = json_real_value(json_array_get(times, i));
		json_array_append_new(codes,
				      json_integer(0)); /* only those that are ok */
	}
	export_platform(result, platform);
	(void)snprintf(command, sizeof(command), "%s on %s", result->label, platform);
	json_object_set_new(object, "command", json_string(command));
	if (sorted && nr) {
		gsl_sort(sorted, 1, nr);
		add_statistics(object, sorted, nr);
	}
	json_object_set_new(object, "times", times);
	json_object_set_new(object, "exit_codes", codes);
	json_object_set_new(object, "parameters",
			    json_pack("{s:s, s:s, s:s, s:s}", "cell", result->label,
				      "platform", result->platform, "path", result->path,
				      "role", result->role));
	if (nr)
		json_array_append_new(results, object);
	else
		json_decref(object);
	return sorted ? 0 : err_fail(err, ENOMEM, "no memory to export");
}

int export_hyperfine(const struct export *run, FILE *to, struct err *err)
{
	/* ?2: what is a round trip ends when its answer is there, not inside */
	static const char sql[] =
		"SELECT CASE WHEN ?2 THEN host_wall_ns ELSE wall_ns END / 1e9 / ops AS s "
		"FROM sample WHERE arm = ?1 AND outcome = 'ok' AND ops > 0 AND s > 0 "
		"ORDER BY block, id";
	cleanup(statement) sqlite3_stmt *query = NULL;
	cleanup(json) json_t *root = json_object();
	json_t *results = json_array();
	int rc = 0;

	json_object_set_new(root, "results", results);
	if (sqlite3_prepare_v2(store_db(run->store), sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(run->store)));
	for (size_t i = 0; !rc && i < run->results->nr; i++)
		rc = add_result(results, &run->results->list[i], query, err);
	return rc ? rc : output_json(root, to, err);
}
