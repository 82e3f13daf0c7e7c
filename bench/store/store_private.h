/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STORE_PRIVATE_H
#define TARE_STORE_PRIVATE_H

/* What the files of the store share, and nobody else. */
#include "bench/store/store.h"

#define STORE_PATH_MAX 512

struct store {
	sqlite3 *db;
	/* the ones that are run often, prepared when first needed */
	sqlite3_stmt *add_block, *add_sample, *set_elapsed;
	char path[STORE_PATH_MAX];
};

/* SQLite's last failure in our words, with the mend. */
int store_fail(const struct store *store, const char *doing, struct err *err);
int store_run_sql(struct store *store, const char *sql, const char *doing,
		  struct err *err);
int store_prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
		  struct err *err);
/* Runs a bound statement once; *ret (may be NULL) is the new row's id. */
int store_step(struct store *store, sqlite3_stmt *statement, int64_t *ret,
	       struct err *err);
/* COMMIT when rc is 0. All or nothing: what failed is taken back, and so is what cannot
 * be committed. Returns rc, or why there was no COMMIT. */
int store_end_transaction(struct store *store, int rc, struct err *err);

void store_bind_text(sqlite3_stmt *statement, int at, const char *text);
/* SAMPLE_NONE is NULL; what is larger than SQLite's integers keeps its bits. */
void store_bind_count(sqlite3_stmt *statement, int at, uint64_t value);
/* What is not finite is NULL. */
void store_bind_number(sqlite3_stmt *statement, int at, double value);

#endif
