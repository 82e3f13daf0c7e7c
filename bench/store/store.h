/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STORE_H
#define TARE_STORE_H

/*
 * Writing side of the store: results/schema.sql in SQLite.  The schema text is compiled
 * in.  WAL journal; one transaction per block, so that a run that dies keeps every
 * finished block.  Row ids of what was added come back through ret.
 */
#include <sqlite3.h>
#include <stdint.h>

#include "drivers/driver.h"
#include "bench/base/cleanup.h"
#include "bench/plan/plan.h"
#include "bench/results/sample.h"

struct store; /* one open database */

/* `cleanup(statement) sqlite3_stmt *query = NULL;`, for readers too */
CLEANUP_DEFINE(statement, sqlite3_stmt *, (void)sqlite3_finalize)

/* CREATE: made when missing; IMPORT: read, not trusted, perhaps an older version */
enum store_mode { STORE_CREATE, STORE_READ, STORE_IMPORT };
/* To CREATE: a file without a name, which goes with the store. */
#define STORE_UNNAMED ""
/* Errors: not a store of tare, another schema version (with the mend), no space. */
int store_open(const char *path, enum store_mode mode, struct store **ret,
	       struct err *err);
void store_close(struct store *store); /* takes NULL */
CLEANUP_DEFINE(store, struct store *, store_close)
sqlite3 *store_db(struct store *store); /* for readers: results.c, tests */

/* Between these two, everything is stored or nothing: rc, the outcome so far, decides.
 * store_end returns it, or why nothing could be stored. Blocks and facts have their own.
 */
int store_begin(struct store *store, struct err *err);
int store_end(struct store *store, int rc, struct err *err);

struct store_run {
	const char *suite, *suite_text, *command, *version, *options;
	uint64_t seed, budget_ns;
};
int store_run_begin(struct store *store, const struct store_run *run, int64_t *ret,
		    struct err *err);
/* status: done, budget (spent with targets missed), interrupted, failed */
int store_run_end(struct store *store, int64_t run, const char *status,
		  uint64_t elapsed_ns, struct err *err);
int store_run_resume(struct store *store, int64_t run, struct err *err);

int store_environment_add(struct store *store, int64_t run, const char *name,
			  const char *value, const char *source, struct err *err);
int store_platform_add(struct store *store, int64_t run, const struct platform *platform,
		       size_t path, enum readiness state, const char *reason,
		       int64_t *ret, struct err *err);
/* phases_json: [{"name":"…","ns":…},…] */
int store_instance_add(struct store *store, int64_t run, const char *platform,
		       bool emulated, uint64_t open_to_hello_ns, const char *phases_json,
		       int64_t *ret, struct err *err);
int store_facts_add(struct store *store, int64_t instance, const struct facts *facts,
		    struct err *err);
/* parameters: JSON object text */
int store_cell_add(struct store *store, int64_t run, const struct cell *cell,
		   const char *parameters, int64_t *ret, struct err *err);
int store_cell_ops(struct store *store, int64_t cell, uint64_t ops, struct err *err);
int store_arm_add(struct store *store, int64_t cell, int64_t platform,
		  const struct arm *arm, int64_t *ret, struct err *err);

struct store_block {
	int64_t cell;
	uint64_t epoch, sequence, begin_ns;
	double load1, psi_cpu; /* negative: not known */
	uint64_t steal_ns;     /* meanwhile, all CPUs; SAMPLE_NONE: not known */
	uint64_t cpu_khz;      /* of the CPU measured on; 0: not known */
	const char
		*disturbed; /* by what, beyond a bound (disturbance.h); NULL: nothing */
};
/* One transaction; arm_rows[sample.arm] is the row of the plan's arm. */
int store_block_add(struct store *store, const struct store_block *block,
		    const struct sample *samples, size_t nr, const int64_t *arm_rows,
		    uint64_t elapsed_ns, int64_t run, struct err *err);

#endif
