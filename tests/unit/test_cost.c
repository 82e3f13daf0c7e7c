/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one I/O costs: medians, what is not known, which samples count. */
#include <sqlite3.h>

#include "bench/results/cost.h"
#include "bench/store/store_schema.h"
#include "tests/check.h"

static const char rows[] =
	"INSERT INTO run (id, started_utc, status, suite, suite_text, command, version, "
	"seed,"
	" budget_ns) VALUES (1, '', 'done', '', '', '', '', 1, 1);"
	"INSERT INTO cell VALUES (1, 1, 'r', 'r', 'disk', 'IOPS', 'IOPS', NULL,"
	" '{\"block_bytes\":4096}', NULL, 0.1);"
	"INSERT INTO platform VALUES (1, 1, 'bare', 'host', 'bare', 'ready', ''),"
	" (2, 1, 'kvm', 'ide', 'kvm', 'emulated', '');"
	"INSERT INTO arm VALUES (1, 1, 1, 'baseline', 0), (2, 1, 2, 'platform', 0),"
	" (3, 1, 1, 'aa', 0);"
	"INSERT INTO block (id, cell, epoch, sequence, begin_ns) VALUES (1, 1, 1, 1, 0);"
	"INSERT INTO sample (block, arm, position, outcome, value, ops, account_cpu_ns,"
	" account_voluntary, account_involuntary, account_exits, account_io_exits) VALUES"
	" (1, 1, 0, 'ok', 1, 10, 20000, 5, 5, NULL, NULL),"
	" (1, 2, 1, 'ok', 1, 10, 50000, 10, 10, 300, 260),"
	" (1, 2, 2, 'ok', 1, 10, 90000, 30, 10, 400, 280),"
	" (1, 2, 3, 'ok', 1, 10, 70000, 20, 10, 310, NULL),"
	" (1, 2, 4, 'failed', NULL, 10, 9000000, 9, 9, 9000, 9000),"
	" (1, 3, 5, 'ok', 1, 10, 9000000, 9, 9, NULL, NULL);";

static sqlite3_stmt *query(sqlite3 *db)
{
	sqlite3_stmt *statement = NULL;

	CHECK_INT(sqlite3_prepare_v2(db, cost_sql, -1, &statement, NULL), SQLITE_OK);
	(void)sqlite3_bind_int(statement, 1, 1);
	return statement;
}

static bool is_null(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL;
}

static void test_medians(sqlite3 *db)
{
	sqlite3_stmt *row = query(db);

	CHECK_INT(sqlite3_step(row), SQLITE_ROW); /* bare metal, without its A/A arm */
	CHECK_INT(sqlite3_column_int(row, 6), 1);
	CHECK_NEAR(sqlite3_column_double(row, 7), 2, 1e-9);
	CHECK_NEAR(sqlite3_column_double(row, 8), 1, 1e-9);
	CHECK(is_null(row, 9));
	CHECK_INT(sqlite3_step(row), SQLITE_ROW);
	CHECK_STR((const char *)sqlite3_column_text(row, 2), "kvm:ide (emulated)");
	CHECK_INT(sqlite3_column_int(row, 1), 4096);
	CHECK_INT(sqlite3_column_int(row, 6), 3); /* the failed one does not count */
	CHECK_NEAR(sqlite3_column_double(row, 7), 7, 1e-9);
	CHECK_NEAR(sqlite3_column_double(row, 8), 3, 1e-9);
	CHECK_NEAR(sqlite3_column_double(row, 9), 31, 1e-9);
	CHECK(is_null(row, 10)); /* one sample does not know */
	CHECK(is_null(row, 11));
	CHECK_INT(sqlite3_step(row), SQLITE_DONE);
	(void)sqlite3_finalize(row);
}

static void test_emulated_host(sqlite3 *db)
{
	sqlite3_stmt *row;

	CHECK_INT(sqlite3_exec(db,
			       "INSERT INTO environment VALUES (1, 'hypervisor.cpuid',"
			       " 'TCGTCGTCGTCG', '')",
			       NULL, NULL, NULL),
		  SQLITE_OK);
	row = query(db);
	CHECK_INT(sqlite3_step(row), SQLITE_ROW);
	CHECK(is_null(row, 7)); /* no time */
	CHECK_NEAR(sqlite3_column_double(row, 8), 1, 1e-9);
	(void)sqlite3_finalize(row);
}

int main(void)
{
	sqlite3 *db = NULL;

	CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, store_schema, NULL, NULL, NULL), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
	test_medians(db);
	test_emulated_host(db);
	(void)sqlite3_close(db);
	return check_done();
}
