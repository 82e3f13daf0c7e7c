/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/results_gather.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/workload/workload.h"

/* Arms in one block: a disk cell's paths, baseline and controls. */
#define BLOCK_ARMS_MAX 64

/* One arm's slices in the block at hand. */
struct side {
	struct gathered *arm;
	unsigned nr;
	bool ok, measured;	    /* measured: each slice is ok or cached */
	double log_value, log_wall; /* sums of ln(performance) */
};
struct block {
	int64_t id;
	uint64_t epoch;
	bool disturbed;
	struct side sides[BLOCK_ARMS_MAX];
	size_t nr;
};

void gather_release(struct gather *gather)
{
	for (size_t i = 0; i < gather->nr; i++) {
		free(gather->list[i].ratio.blocks);
		free(gather->list[i].wall.blocks);
		free(gather->list[i].own.blocks);
		free(gather->list[i].values.list);
		free(gather->list[i].bases.list);
		free(gather->list[i].cached.blocks);
		free(gather->list[i].cached_values.list);
	}
	free(gather->list);
	gather->list = NULL;
	gather->nr = 0;
}

static int by_arm(const void *key, const void *element)
{
	int64_t arm = *(const int64_t *)key,
		other = ((const struct gathered *)element)->arm;

	return (arm > other) - (arm < other);
}

struct gathered *gather_find(const struct gather *gather, int64_t arm)
{
	if (!gather->nr)
		return NULL;
	return bsearch(&arm, gather->list, gather->nr, sizeof(*gather->list), by_arm);
}

static int fail_read(sqlite3 *db, struct err *err)
{
	return err_fail(err, EBADMSG, "cannot read the store: %s", sqlite3_errmsg(db));
}

static int prepare(struct store *store, const char *sql, int64_t run, int64_t cell,
		   sqlite3_stmt **ret, struct err *err)
{
	if (sqlite3_prepare_v2(store_db(store), sql, -1, ret, NULL) != SQLITE_OK)
		return err_fail(err, EIO, "cannot read the store: %s",
				sqlite3_errmsg(store_db(store)));
	(void)sqlite3_bind_int64(*ret, 1, run);
	(void)sqlite3_bind_int64(*ret, 2, cell);
	return 0;
}

static bool is_rate(const char *metric)
{
	return !strcmp(metric, workload_metric_name(METRIC_IOPS)) ||
	       !strcmp(metric, workload_metric_name(METRIC_BYTES_PER_SECOND));
}

static int read_arms(struct store *store, int64_t run, int64_t cell,
		     struct gather *gather, struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	int rc = prepare(store,
			 "SELECT a.id, c.id, a.role = 'baseline', c.metric FROM arm a "
			 "JOIN cell c ON a.cell = c.id WHERE c.run = ?1 "
			 "AND (?2 = 0 OR c.id = ?2) ORDER BY a.id",
			 run, cell, &query, err),
	    state = SQLITE_DONE;

	while (!rc && (state = sqlite3_step(query)) == SQLITE_ROW) {
		struct gathered *grown =
			reallocarray(gather->list, gather->nr + 1, sizeof(*grown));

		if (!grown)
			return err_fail(err, ENOMEM, "no memory for results");
		gather->list = grown;
		gather->list[gather->nr++] = (struct gathered){
			.arm = sqlite3_column_int64(query, 0),
			.cell = sqlite3_column_int64(query, 1),
			.baseline = sqlite3_column_int(query, 2),
			.rate = is_rate((const char *)sqlite3_column_text(query, 3))};
	}
	if (!rc && state != SQLITE_DONE)
		rc = fail_read(store_db(store), err);
	return rc;
}

static int push_block(struct series *series, double log_ratio, uint64_t epoch)
{
	if (series->nr == series->cap) {
		size_t cap = series->cap ? 2 * series->cap : 32;
		struct stats_block *grown =
			reallocarray(series->blocks, cap, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		series->blocks = grown;
		series->cap = cap;
	}
	series->blocks[series->nr++] =
		(struct stats_block){.log_ratio = log_ratio, .epoch = epoch};
	return 0;
}

static int push_number(struct numbers *numbers, double value)
{
	if (numbers->nr == numbers->cap) {
		size_t cap = numbers->cap ? 2 * numbers->cap : 32;
		double *grown = reallocarray(numbers->list, cap, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		numbers->list = grown;
		numbers->cap = cap;
	}
	numbers->list[numbers->nr++] = value;
	return 0;
}

static const struct side *baseline_of(const struct block *block)
{
	for (size_t i = 0; i < block->nr; i++)
		if (block->sides[i].arm->baseline)
			return &block->sides[i];
	return NULL;
}

/* Geometric mean of a side's values, in the cell's unit. */
static double mean_of(const struct side *side)
{
	double mean = side->log_value / side->nr;

	return exp(side->arm->rate ? mean : -mean);
}

static int compare(const struct side *side, const struct side *base, uint64_t epoch)
{
	double ratio = side->log_value / side->nr - base->log_value / base->nr;
	double wall = side->log_wall / side->nr - base->log_wall / base->nr;
	int rc = push_block(&side->arm->ratio, ratio, epoch);

	if (!rc)
		rc = push_number(&side->arm->bases, mean_of(base));
	if (!rc && isfinite(wall))
		rc = push_block(&side->arm->wall, wall, epoch);
	return rc;
}

/* The path against the baseline's disk: a figure of its own. */
static int compare_cached(const struct side *side, const struct side *base,
			  uint64_t epoch)
{
	double ratio = side->log_value / side->nr - base->log_value / base->nr;
	int rc = push_block(&side->arm->cached, ratio, epoch);

	return rc ? rc : push_number(&side->arm->cached_values, mean_of(side));
}

/* A block counts for an arm only when every slice of both sides is ok. */
static int end_block(struct block *block)
{
	const struct side *base = baseline_of(block);
	int rc = 0;

	for (size_t i = 0; !rc && i < block->nr; i++) {
		const struct side *side = &block->sides[i];
		bool counts = side->ok && base && base->ok;

		side->arm->left_out += !counts;
		side->arm->disturbed += counts && block->disturbed;
		if (side->ok)
			rc = push_number(&side->arm->values, mean_of(side));
		if (!rc && side == base && side->ok)
			rc = push_block(&side->arm->own, side->log_value / side->nr,
					block->epoch);
		if (!rc && counts && side != base)
			rc = compare(side, base, block->epoch);
		if (!rc && !side->ok && side->measured && base && base->ok)
			rc = compare_cached(side, base, block->epoch);
	}
	block->nr = 0;
	return rc;
}

static struct side *side_of(struct block *block, struct gathered *arm)
{
	for (size_t i = 0; i < block->nr; i++)
		if (block->sides[i].arm == arm)
			return &block->sides[i];
	if (block->nr == BLOCK_ARMS_MAX)
		return NULL;
	block->sides[block->nr] = (struct side){.arm = arm, .ok = true, .measured = true};
	return &block->sides[block->nr++];
}

static enum outcome outcome_of(const char *name)
{
	for (int i = 0; i < OUTCOME_NR; i++)
		if (!strcmp(outcome_name((enum outcome)i), name))
			return (enum outcome)i;
	return OUTCOME_FAILED;
}

/* Columns: arm, block, epoch, outcome, value, wall_ns, ops, disturbed. */
static int add_row(struct gather *gather, struct block *block, sqlite3_stmt *row)
{
	struct gathered *arm = gather_find(gather, sqlite3_column_int64(row, 0));
	double value = sqlite3_column_double(row, 4);
	double wall = sqlite3_column_double(row, 5) / sqlite3_column_double(row, 6);
	enum outcome outcome = outcome_of((const char *)sqlite3_column_text(row, 3));
	struct side *side = arm ? side_of(block, arm) : NULL;

	if (!side)
		return -E2BIG;
	arm->outcomes[outcome]++;
	block->id = sqlite3_column_int64(row, 1);
	block->epoch = (uint64_t)sqlite3_column_int64(row, 2);
	side->nr++;
	block->disturbed = sqlite3_column_int(row, 7);
	side->ok &= outcome == OUTCOME_OK && value > 0;
	side->measured &=
		(outcome == OUTCOME_OK || outcome == OUTCOME_CACHED) && value > 0;
	if (side->measured) {
		side->log_value += arm->rate ? log(value) : -log(value);
		side->log_wall += -log(wall);
	}
	return 0;
}

static int fail(int rc, struct err *err)
{
	if (rc == -ENOMEM)
		return err_fail(err, ENOMEM, "no memory for results");
	return err_fail(err, -rc, "a block of the store has more than %d arms",
			BLOCK_ARMS_MAX);
}

/* Samples of one cell in order of time. */
static int add_cell(struct gather *gather, sqlite3_stmt *query, int64_t cell,
		    struct err *err)
{
	struct block block = {0};
	int rc = 0, state;

	(void)sqlite3_reset(query);
	(void)sqlite3_bind_int64(query, 1, cell);
	while ((state = sqlite3_step(query)) == SQLITE_ROW) {
		if (block.nr && sqlite3_column_int64(query, 1) != block.id)
			rc = end_block(&block);
		if (!rc)
			rc = add_row(gather, &block, query);
		if (rc)
			return fail(rc, err);
	}
	if (state != SQLITE_DONE)
		return fail_read(sqlite3_db_handle(query), err);
	rc = end_block(&block);
	return rc ? fail(rc, err) : 0;
}

static int add_cells(struct store *store, int64_t run, int64_t cell,
		     struct gather *gather, struct err *err)
{
	/* By arm there is an index of samples (CROSS JOIN keeps this order), so that a
	 * cell costs what it holds. */
	static const char sql[] =
		"SELECT s.arm, s.block, b.epoch, s.outcome, s.value, s.wall_ns, s.ops, "
		"b.disturbed <> '' "
		"FROM arm a CROSS JOIN sample s ON s.arm = a.id "
		"CROSS JOIN block b ON b.id = s.block WHERE a.cell = ?1 "
		"ORDER BY s.block, s.id";
	cleanup(statement) sqlite3_stmt *cells = NULL, *samples = NULL;
	int state = SQLITE_DONE, rc;

	rc = prepare(store, "SELECT id FROM cell WHERE run = ?1 AND (?2 = 0 OR id = ?2)",
		     run, cell, &cells, err);
	if (!rc)
		rc = prepare(store, sql, 0, 0, &samples, err);
	while (!rc && (state = sqlite3_step(cells)) == SQLITE_ROW)
		rc = add_cell(gather, samples, sqlite3_column_int64(cells, 0), err);
	if (!rc && state != SQLITE_DONE)
		rc = fail_read(store_db(store), err);
	return rc;
}

int gather_read(struct store *store, int64_t run, int64_t cell, struct gather *ret,
		struct err *err)
{
	struct gather gather = {0};
	int rc = read_arms(store, run, cell, &gather, err);

	if (!rc)
		rc = add_cells(store, run, cell, &gather, err);
	if (rc)
		gather_release(&gather);
	else
		*ret = gather;
	return rc;
}
