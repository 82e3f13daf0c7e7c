/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings of experiments (tare memcg, start, density) as evidence. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/claims/claims_private.h"

static enum claim_verdict verdict_of(const char *text)
{
	static const struct {
		const char *text;
		enum claim_verdict verdict;
	} known[] = {{"holds", CLAIM_REPRODUCED},
		     {"does not hold", CLAIM_CONTRADICTED},
		     {"inconclusive", CLAIM_INCONCLUSIVE}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].text, text))
			return known[i].verdict;
	return CLAIM_UNTESTABLE;
}

static const char *column(sqlite3_stmt *row, int i)
{
	const char *text = (const char *)sqlite3_column_text(row, i);

	return text ? text : "";
}

static int add_row(sqlite3_stmt *row, const struct evidence *evidence,
		   const struct claim *claim, struct readings *into)
{
	struct claim_reading *reading = readings_add(into, evidence);

	if (!reading)
		return -ENOMEM;
	(void)snprintf(reading->platform, sizeof(reading->platform), "%s",
		       column(row, 0));
	(void)snprintf(reading->cell, sizeof(reading->cell), "%s", column(row, 1));
	reading->emulated = sqlite3_column_int(row, 2);
	reading->verdict = verdict_of(column(row, 3));
	claim_say(reading->reason, "%s", column(row, 4));
	/* What was seen of behaviour or counted holds in an emulated guest as well. */
	if (reading->emulated &&
	    (claim->kind == CLAIM_TIME || claim->kind == CLAIM_ORDER)) {
		reading->verdict = CLAIM_UNTESTABLE;
		claim_say(reading->reason, "guests were emulated: %s", column(row, 4));
	}
	return 0;
}

int claim_read_experiments(const struct evidence *evidence, const struct claim *claim,
			   struct readings *into, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	sqlite3 *db = store_db(evidence->store);
	int rc = 0, state = SQLITE_DONE;

	if (sqlite3_prepare_v2(db,
			       "SELECT platform, iif(condition = '', name, condition), "
			       "emulated, verdict, answer "
			       "FROM experiment WHERE run = ?1 AND name = ?2 ORDER BY id",
			       -1, &query, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(db));
	(void)sqlite3_bind_int64(query, 1, evidence->run);
	(void)sqlite3_bind_text(query, 2, claim->id, -1, SQLITE_STATIC);
	while (!rc && (state = sqlite3_step(query)) == SQLITE_ROW)
		rc = add_row(query, evidence, claim, into);
	if (rc)
		return err_fail(err, ENOMEM, "no memory for a claim's evidence");
	return state == SQLITE_DONE ? 0
				    : err_fail(err, EIO, "cannot read the store: %s",
					       sqlite3_errmsg(db));
}
