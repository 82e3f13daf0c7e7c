/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every sample of a run as CSV: one row a sample, all that the store knows about it. */
#include <errno.h>

#include "bench/base/output.h"
#include "bench/show/show.h"

static int print_sample_rows(sqlite3_stmt *query, struct err *err)
{
	int nr = sqlite3_column_count(query), rc;

	for (int i = 0; i < nr; i++) {
		printf("%s", i ? "," : "");
		output_csv_field(stdout, sqlite3_column_name(query, i));
	}
	printf("\n");
	while ((rc = sqlite3_step(query)) == SQLITE_ROW) {
		for (int i = 0; i < nr; i++) {
			const char *text = (const char *)sqlite3_column_text(query, i);

			printf("%s", i ? "," : "");
			output_csv_field(stdout, text ? text : "");
		}
		printf("\n");
	}
	if (rc != SQLITE_DONE)
		return err_fail(err, EBADMSG, "cannot read the store: %s",
				sqlite3_errmsg(sqlite3_db_handle(query)));
	return ferror(stdout) ? err_fail(err, EIO, "cannot print the samples") : 0;
}

int show_samples(struct store *store, int64_t run, enum format format, struct err *err)
{
	static const char sql[] =
		"SELECT c.label, p.name AS platform, p.path, p.state = 'emulated' AS "
		"emulated, "
		"a.role, b.epoch, b.sequence, c.metric, c.unit, b.load1, "
		"b.psi_cpu AS psi_cpu_percent, "
		"b.steal_ns AS block_steal_ns, s.* FROM sample s "
		"JOIN block b ON s.block = b.id JOIN arm a ON s.arm = a.id "
		"JOIN cell c ON b.cell = c.id JOIN platform p ON a.platform = p.id "
		"WHERE c.run = ?1 ORDER BY b.sequence, s.position";
	cleanup(statement) sqlite3_stmt *query = NULL;

	if (format == FORMAT_JSON)
		return err_fail(err, EINVAL, "samples come as CSV: use --format csv");
	if (sqlite3_prepare_v2(store_db(store), sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	(void)sqlite3_bind_int64(query, 1, run);
	return print_sample_rows(query, err);
}
