/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/report/report_study.h"

#include <errno.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/report/report_put.h"

/* clang-format off */
/* A study's findings have its name as chapter, its cells as family. */
#define HAS(run)                                                                       \
	"(EXISTS (SELECT 1 FROM experiment WHERE run = " run " AND chapter = ?2)"      \
	" OR EXISTS (SELECT 1 FROM cell WHERE run = " run " AND family = ?2))"
#define HOST(run)                                                                      \
	"(SELECT group_concat(value, char(10)) FROM (SELECT value FROM environment"    \
	" WHERE run = " run " AND name IN ('cpu.model', 'cpu.count', 'kernel',"        \
	" 'kernel.build', 'memory.total_bytes') ORDER BY name))"
static const char other_sql[] =
	"SELECT r.id FROM run r WHERE r.id <> ?1 AND r.status IN ('done', 'budget') AND "
	HAS("r.id") " AND NOT " HAS("?1") " AND " HOST("r.id") " = " HOST("?1")
	" ORDER BY r.id DESC LIMIT 1";
static const char origin_sql[] =
	"SELECT printf('Of run %d of this store, measured %s on the same machine by %s',"
	" id, started_utc, command) FROM run WHERE id = ?1";
/* clang-format on */

/* 0: no other run has it */
static int find_other(const struct report *own, const char *study, int64_t *ret,
		      struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	sqlite3 *db = store_db(own->store);
	int state;

	if (sqlite3_prepare_v2(db, other_sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(db));
	(void)sqlite3_bind_int64(query, 1, own->run);
	(void)sqlite3_bind_text(query, 2, study, -1, SQLITE_STATIC);
	state = sqlite3_step(query);
	*ret = state == SQLITE_ROW ? sqlite3_column_int64(query, 0) : 0;
	return state == SQLITE_ROW || state == SQLITE_DONE
		       ? 0
		       : err_fail(err, EIO, "cannot read the store: %s",
				  sqlite3_errmsg(db));
}

static bool is_known(const struct report_studies *studies, const char *name)
{
	for (size_t i = 0; i < studies->nr; i++)
		if (!strcmp(studies->list[i].name, name))
			return true;
	return false;
}

static int add_study(const struct report *own, const char *name,
		     struct report_studies *studies, struct err *err)
{
	struct report_study *study = &studies->list[studies->nr];
	int64_t run;
	int rc = find_other(own, name, &run, err);

	if (rc || !run)
		return rc;
	if (studies->nr == REPORT_STUDIES_MAX)
		return err_fail(err, E2BIG, "more than %d studies", REPORT_STUDIES_MAX);
	*study = (struct report_study){.name = name,
				       .report = {.store = own->store,
						  .run = run,
						  .dir = own->dir,
						  .plots = own->plots}};
	studies->nr++;
	rc = results_load(own->store, run, &study->report.results, err);
	if (!rc)
		study->report.emulated = report_any_emulated(&study->report);
	return rc;
}

int report_studies_load(const struct report *own, struct report_studies *ret,
			struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < report_section_nr; i++)
		if (report_sections[i]->study &&
		    !is_known(ret, report_sections[i]->study))
			rc = add_study(own, report_sections[i]->study, ret, err);
	return rc;
}

void report_studies_release(struct report_studies *studies)
{
	for (size_t i = 0; i < studies->nr; i++)
		results_release(&studies->list[i].report.results);
	studies->nr = 0;
}

const struct report *report_of(const struct report *own,
			       const struct report_section *section)
{
	for (size_t i = 0; section->study && own->studies && i < own->studies->nr; i++)
		if (!strcmp(own->studies->list[i].name, section->study))
			return &own->studies->list[i].report;
	return own;
}

void report_put_origin(const struct report *own, const struct report *other, FILE *to)
{
	if (own == other)
		return;
	fprintf(to, "*");
	report_put(other, origin_sql, to);
	fprintf(to, ".*\n\n");
}
