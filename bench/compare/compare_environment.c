/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not the same around two runs: host, program, suite, what platforms gave. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/compare.h"

/*
 * Everything known about a run as (name, value), by name.  What an agent reports is left
 * out where it is what it reports on the baseline too, for then it is the host's; so are
 * names that carry an owner's id, which no two runs share.
 */
static const char facts_sql[] =
	"WITH base(name) AS (SELECT p.name FROM arm a JOIN cell c ON c.id = a.cell "
	"JOIN platform p ON p.id = a.platform WHERE c.run = ?1 AND a.role = 'baseline' "
	"LIMIT 1) "
	"SELECT 'run: suite' AS name, suite AS value FROM run WHERE id = ?1 "
	"UNION ALL SELECT 'run: suite text', suite_text FROM run WHERE id = ?1 "
	"UNION ALL SELECT 'run: budget', budget_ns / 1e9 || ' s' FROM run WHERE id = ?1 "
	"UNION ALL SELECT 'run: status', status FROM run WHERE id = ?1 "
	"UNION ALL SELECT name, value FROM environment WHERE run = ?1 "
	"UNION ALL SELECT 'platform: ' || name || ':' || path, state || CASE state WHEN "
	"'unavailable' THEN ' (' || reason || ')' ELSE '' END FROM platform "
	"WHERE run = ?1 "
	"UNION ALL SELECT 'platform: ' || p.name || ' handicap', (100 * max(a.injected)) "
	"|| ' %' FROM arm a JOIN platform p ON p.id = a.platform WHERE p.run = ?1 "
	"AND a.role = 'platform' AND a.injected > 0 GROUP BY p.name "
	"UNION ALL SELECT 'platform: ' || i.platform || ' ' || f.name, "
	"group_concat(DISTINCT f.got) FROM instance i JOIN fact f ON f.instance = i.id "
	"WHERE i.run = ?1 AND f.got NOT GLOB '*tare-[0-9]*' AND NOT (f.name GLOB "
	"'agent.*' AND EXISTS (SELECT 1 FROM instance j JOIN fact g ON g.instance = j.id "
	"WHERE j.run = ?1 AND j.platform = (SELECT name FROM base) AND g.name = f.name "
	"AND g.got = f.got)) GROUP BY i.platform, f.name "
	"ORDER BY 1";

static int prepare(struct compare_run *run, sqlite3_stmt **ret, struct err *err)
{
	if (sqlite3_prepare_v2(store_db(run->store), facts_sql, -1, ret, NULL) !=
		    SQLITE_OK ||
	    sqlite3_bind_int64(*ret, 1, run->run))
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(run->store)));
	return 0;
}

/* The next row; *more is false behind the last one. */
static int step(sqlite3_stmt *query, bool *more, struct err *err)
{
	int state = sqlite3_step(query);

	*more = state == SQLITE_ROW;
	if (state == SQLITE_ROW || state == SQLITE_DONE)
		return 0;
	return err_fail(err, EBADMSG, "cannot read the store: %s",
			sqlite3_errmsg(sqlite3_db_handle(query)));
}

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = row ? (const char *)sqlite3_column_text(row, column) : NULL;

	return text ? text : "";
}

/* a or b NULL: the name is not there. */
static int add(struct comparison *comparison, sqlite3_stmt *a, sqlite3_stmt *b,
	       struct err *err)
{
	struct compare_difference *list = reallocarray(
		comparison->differences, comparison->difference_nr + 1, sizeof(*list));
	struct compare_difference *added;

	if (!list)
		return err_fail(err, ENOMEM, "no memory to compare runs");
	comparison->differences = list;
	added = &list[comparison->difference_nr++];
	*added = (struct compare_difference){
		.name = strdup(text_of(a ? a : b, 0)),
		.a = a ? strdup(text_of(a, 1)) : NULL,
		.b = b ? strdup(text_of(b, 1)) : NULL,
	};
	if (!added->name || (a && !added->a) || (b && !added->b))
		return err_fail(err, ENOMEM, "no memory to compare runs");
	return 0;
}

/* Below 0: the name is in A only; above: in B only; 0: in both. */
static int order_of(sqlite3_stmt *a, bool more_a, sqlite3_stmt *b, bool more_b)
{
	if (!more_a || !more_b)
		return more_a ? -1 : 1;
	return strcmp(text_of(a, 0), text_of(b, 0));
}

static int merge(struct comparison *comparison, sqlite3_stmt *a, sqlite3_stmt *b,
		 struct err *err)
{
	bool more_a = false, more_b = false;
	int rc = step(a, &more_a, err);

	if (!rc)
		rc = step(b, &more_b, err);
	while (!rc && (more_a || more_b)) {
		int order = order_of(a, more_a, b, more_b);
		bool in_a = order <= 0, in_b = order >= 0;

		if (order || strcmp(text_of(a, 1), text_of(b, 1)) != 0)
			rc = add(comparison, in_a ? a : NULL, in_b ? b : NULL, err);
		if (!rc && in_a)
			rc = step(a, &more_a, err);
		if (!rc && in_b)
			rc = step(b, &more_b, err);
	}
	return rc;
}

int compare_environment(struct comparison *comparison, struct err *err)
{
	cleanup(statement) sqlite3_stmt *a = NULL, *b = NULL;
	int rc = prepare(&comparison->a, &a, err);

	if (!rc)
		rc = prepare(&comparison->b, &b, err);
	return rc ? rc : merge(comparison, a, b, err);
}
