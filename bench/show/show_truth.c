/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the truth checks found and left in the figures: paths that a cache served, blocks
 * that were disturbed, direct I/O that nobody could check against a disk. */
#include <errno.h>

#include "bench/show/show.h"

static int each(struct store *store, const char *sql, int64_t run,
		void (*print)(sqlite3_stmt *row), struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int state;

	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EBADMSG, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	(void)sqlite3_bind_int64(query, 1, run);
	while ((state = sqlite3_step(query)) == SQLITE_ROW)
		print(query);
	return state == SQLITE_DONE ? 0
				    : err_fail(err, EBADMSG, "cannot read the store: %s",
					       sqlite3_errmsg(store_db(store)));
}

static void print_line(sqlite3_stmt *row)
{
	char text[160];

	show_safe((const char *)sqlite3_column_text(row, 0), text, sizeof(text));
	printf("%s\n", text);
}

/* Lines below a title that is there only with them. */
#define TITLED(title, rows)                                                              \
	"WITH l AS (" rows ") SELECT '' FROM (SELECT 1) WHERE EXISTS (SELECT 1 FROM l) " \
	"UNION ALL SELECT '" title "' FROM (SELECT 1) WHERE EXISTS (SELECT 1 FROM l) "   \
	"UNION ALL SELECT line FROM l"

#define SAMPLES                                                              \
	" FROM sample s JOIN arm a ON s.arm = a.id "                         \
	"JOIN cell c ON a.cell = c.id JOIN platform p ON a.platform = p.id " \
	"WHERE c.run = ?1 "

/* In the directions that were asked for: whoever else writes is no part of a read. */
#define MOVED                                                                     \
	"sum(CASE WHEN s.fio_read_bytes > 0 THEN s.host_read_bytes ELSE 0 END + " \
	"CASE WHEN s.fio_write_bytes > 0 THEN s.host_write_bytes ELSE 0 END)"

static const char cached[] =
	TITLED("Served from a cache, not by the disk that was asked (samples):",
	       "SELECT printf('  %s on %s:%s: %d; the host''s disk moved %s of it', "
	       "c.label, p.name, p.path, count(*), ifnull(CAST(round(100.0 * " MOVED
	       " / sum(s.fio_read_bytes + s.fio_write_bytes)) AS INTEGER) || ' %', "
	       "'an unknown part')) AS line" SAMPLES
	       "AND s.outcome = 'cached' GROUP BY c.id, p.id");

static const char unchecked[] =
	TITLED("Direct I/O that could not be checked against the host''s disk (samples):",
	       "SELECT printf('  %s on %s:%s: %d', c.label, p.name, p.path, count(*)) "
	       "AS line" SAMPLES
	       "AND s.outcome = 'ok' AND c.family = 'disk' AND s.host_read_bytes IS NULL "
	       "AND json_extract(c.parameters, '$.direct') GROUP BY c.id, p.id");

/* The commonest kinds, without their numbers. */
static const char disturbed[] = TITLED(
	"Disturbed blocks, which count all the same:",
	"SELECT printf('  %d of %d: %s%s%s%s%s', sum(b.disturbed <> ''), count(*), "
	"printf('steal in %d, ', sum(b.disturbed LIKE '%steal%')), "
	"printf('preempted in %d, ', sum(b.disturbed LIKE '%involuntary%')), "
	"printf('CPU pressure in %d, ', sum(b.disturbed LIKE '%pressure%')), "
	"printf('load in %d, ', sum(b.disturbed LIKE '%load%')), "
	"printf('frequency in %d', sum(b.disturbed LIKE '%frequency%'))) AS line "
	"FROM block b JOIN cell c ON b.cell = c.id WHERE c.run = ?1 "
	"HAVING sum(b.disturbed <> '') > 0");

int show_truth(struct store *store, int64_t run, struct err *err)
{
	int rc = each(store, cached, run, print_line, err);

	if (!rc)
		rc = each(store, unchecked, run, print_line, err);
	return rc ? rc : each(store, disturbed, run, print_line, err);
}
