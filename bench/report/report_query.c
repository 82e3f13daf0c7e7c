/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/results/cost.h"
#include "bench/base/json.h"
#include "bench/report/report.h"

const char *report_get(const struct report *report, const char *sql,
		       char buffer[static REPORT_TEXT_MAX])
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	const char *text = NULL;

	buffer[0] = '\0';
	if (sqlite3_prepare_v2(store_db(report->store), sql, -1, &query, NULL) !=
	    SQLITE_OK)
		return buffer;
	(void)sqlite3_bind_int64(query, 1, report->run);
	if (sqlite3_step(query) == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(query, 0);
	(void)snprintf(buffer, REPORT_TEXT_MAX, "%s", text ? text : "");
	return buffer;
}

int report_each(const struct report *report, const char *sql,
		void (*row)(sqlite3_stmt *row, void *data), void *data, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc;

	if (sqlite3_prepare_v2(store_db(report->store), sql, -1, &query, NULL) !=
	    SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(report->store)));
	(void)sqlite3_bind_int64(query, 1, report->run);
	while ((rc = sqlite3_step(query)) == SQLITE_ROW)
		row(query, data);
	return rc == SQLITE_DONE ? 0
				 : err_fail(err, EIO, "cannot read the store: %s",
					    sqlite3_errmsg(store_db(report->store)));
}

bool report_is_lab(const struct report *report)
{
	char text[REPORT_TEXT_MAX];

	return report_get(report, "SELECT " COST_EMULATED_HOST, text)[0] == '1';
}

bool report_is_disk(const struct result *result)
{
	return !strcmp(result->family, workload_family_name(FAMILY_DISK));
}

bool report_is_work(const struct result *result)
{
	return strcmp(result->family, workload_family_name(FAMILY_CONTROL)) != 0 &&
	       !report_is_start(result);
}

bool report_is_start(const struct result *result)
{
	return !strcmp(result->family, workload_family_name(FAMILY_START));
}

bool report_is_study(const struct report *report)
{
	char text[REPORT_TEXT_MAX];

	return report_get(report,
			  "SELECT suite_text = '' AND NOT EXISTS (SELECT 1 FROM cell "
			  "WHERE run = ?1 AND family <> 'start') FROM run WHERE id = ?1",
			  text)[0] == '1';
}

bool report_is_direct(const struct result *result)
{
	cleanup(json) json_t *parameters = json_loads(result->parameters, 0, NULL);

	return json_is_true(json_object_get(parameters, "direct"));
}

bool report_any_emulated(const struct report *report)
{
	char text[REPORT_TEXT_MAX];

	for (size_t i = 0; i < report->results.nr; i++)
		if (report->results.list[i].emulated)
			return true;
	return report_get(report,
			  "SELECT max(emulated) FROM experiment WHERE run = ?1 AND "
			  "chapter IN ('start', 'footprint', 'density', 'neighbours')",
			  text)[0] == '1';
}

bool report_is_compared(const struct result *result)
{
	/* the study's groups are no platforms to choose from */
	return result->known && !strcmp(result->role, arm_role_name(ROLE_PLATFORM)) &&
	       strcmp(result->family, workload_family_name(FAMILY_MEMCG)) != 0;
}

void report_platform_name(const struct result *result, char *to, size_t size)
{
	bool disk = report_is_disk(result);
	char mark[RESULT_MARK_MAX];

	(void)snprintf(to, size, "%s%s%s%s%s", result->platform, disk ? ":" : "",
		       disk ? result->path : "", result->emulated ? " (emulated)" : "",
		       result_mark(result, mark));
}
