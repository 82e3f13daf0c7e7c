/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run as evidence, and the readings that are taken from it. */
#include <errno.h>
#include <stdarg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/claims/claims_private.h"
#include "bench/results/cost.h"

void claim_say(char to[static CLAIM_REASON_MAX], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(to, CLAIM_REASON_MAX, format, args);
	va_end(args);
}

/* CPUs, packages by hwloc's picture, and whether the host itself was emulated. */
static const char host_sql[] =
	"SELECT ifnull((SELECT CAST(value AS INTEGER) FROM environment"
	" WHERE run = ?1 AND name = 'cpu.count'), 0),"
	" ifnull((SELECT (length(value) - length(replace(value, 'type=\"Package\"', '')))"
	" / length('type=\"Package\"') FROM environment"
	" WHERE run = ?1 AND name = 'hwloc.xml'), 0), " COST_EMULATED_HOST;

int evidence_open(struct store *store, int64_t run, struct evidence *ret, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	sqlite3 *db = store_db(store);

	if (sqlite3_prepare_v2(db, host_sql, -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(db));
	(void)sqlite3_bind_int64(query, 1, run);
	if (sqlite3_step(query) != SQLITE_ROW)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(db));
	*ret = (struct evidence){.store = store,
				 .run = run,
				 .cpus = (uint32_t)sqlite3_column_int(query, 0),
				 .packages = (uint32_t)sqlite3_column_int(query, 1),
				 .emulated_host = sqlite3_column_int(query, 2)};
	return 0;
}

void evidence_release(struct evidence *evidence)
{
	if (evidence->loaded)
		results_release(&evidence->results);
	evidence->loaded = false;
}

struct claim_reading *readings_add(struct readings *readings,
				   const struct evidence *evidence)
{
	struct claim_reading *grown =
		reallocarray(readings->list, readings->nr + 1, sizeof(*grown));

	if (!grown)
		return NULL;
	readings->list = grown;
	grown[readings->nr] = (struct claim_reading){.run = evidence->run,
						     .value = NAN,
						     .low = NAN,
						     .high = NAN,
						     .verdict = CLAIM_UNTESTABLE};
	return &grown[readings->nr++];
}
