/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results_gather.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "workload/workload.h"

/* Arms in one block: a disk cell's paths, baseline and controls; more are ignored. */
#define BLOCK_ARMS_MAX 64

/* One arm's slices in the block at hand. */
struct side {
	struct gathered *arm;
	unsigned nr;
	bool ok;
	double log_value, log_wall; /* sums of ln(performance) */
};
struct block {
	int64_t id;
	uint64_t epoch;
	struct side sides[BLOCK_ARMS_MAX];
	size_t nr;
};

void gather_release(struct gather *gather)
{
	for (size_t i = 0; i < gather->nr; i++) {
		free(gather->list[i].value.blocks);
		free(gather->list[i].wall.blocks);
		free(gather->list[i].values);
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
			 run, cell, &query, err);

	while (!rc && sqlite3_step(query) == SQLITE_ROW) {
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

static int push_value(struct gathered *arm, double value)
{
	if (arm->value_nr == arm->value_cap) {
		size_t cap = arm->value_cap ? 2 * arm->value_cap : 64;
		double *grown = reallocarray(arm->values, cap, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		arm->values = grown;
		arm->value_cap = cap;
	}
	arm->values[arm->value_nr++] = value;
	return 0;
}

static const struct side *baseline_of(const struct block *block)
{
	for (size_t i = 0; i < block->nr; i++)
		if (block->sides[i].arm->baseline)
			return &block->sides[i];
	return NULL;
}

/* A block counts for an arm only when every slice of both sides is ok. */
static int end_block(struct block *block)
{
	const struct side *base = baseline_of(block);
	int rc = 0;

	for (size_t i = 0; !rc && base && base->ok && i < block->nr; i++) {
		const struct side *side = &block->sides[i];
		double value = side->log_value / side->nr - base->log_value / base->nr;
		double wall = side->log_wall / side->nr - base->log_wall / base->nr;

		if (side == base || !side->ok)
			continue;
		rc = push_block(&side->arm->value, value, block->epoch);
		if (!rc && isfinite(wall))
			rc = push_block(&side->arm->wall, wall, block->epoch);
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
	block->sides[block->nr] = (struct side){.arm = arm, .ok = true};
	return &block->sides[block->nr++];
}

static enum outcome outcome_of(const char *name)
{
	for (int i = 0; i < OUTCOME_NR; i++)
		if (!strcmp(outcome_name((enum outcome)i), name))
			return (enum outcome)i;
	return OUTCOME_FAILED;
}

/* Columns: arm, block, epoch, outcome, value, wall_ns, ops. */
static int add_row(struct gather *gather, struct block *block, sqlite3_stmt *row)
{
	struct gathered *arm = gather_find(gather, sqlite3_column_int64(row, 0));
	double value = sqlite3_column_double(row, 4);
	double wall = sqlite3_column_double(row, 5) / sqlite3_column_double(row, 6);
	enum outcome outcome = outcome_of((const char *)sqlite3_column_text(row, 3));
	struct side *side;

	if (!arm)
		return 0;
	arm->outcomes[outcome]++;
	block->id = sqlite3_column_int64(row, 1);
	block->epoch = (uint64_t)sqlite3_column_int64(row, 2);
	side = side_of(block, arm);
	if (!side)
		return 0;
	side->nr++;
	side->ok &= outcome == OUTCOME_OK && value > 0;
	if (!side->ok)
		return 0;
	side->log_value += arm->rate ? log(value) : -log(value);
	side->log_wall += -log(wall);
	return push_value(arm, value);
}

int gather_read(struct store *store, int64_t run, int64_t cell, struct gather *ret,
		struct err *err)
{
	cleanup(statement) sqlite3_stmt *query = NULL;
	struct gather gather = {0};
	struct block block = {0};
	int rc = read_arms(store, run, cell, &gather, err);

	if (!rc)
		rc = prepare(
			store,
			"SELECT s.arm, s.block, b.epoch, s.outcome, s.value, s.wall_ns, "
			"s.ops FROM cell c JOIN block b ON b.cell = c.id "
			"JOIN sample s ON s.block = b.id WHERE c.run = ?1 "
			"AND (?2 = 0 OR c.id = ?2) ORDER BY b.id, s.id",
			run, cell, &query, err);
	while (!rc && sqlite3_step(query) == SQLITE_ROW) {
		if (block.nr && sqlite3_column_int64(query, 1) != block.id)
			rc = end_block(&block);
		if (!rc)
			rc = add_row(&gather, &block, query);
		if (rc)
			(void)err_fail(err, ENOMEM, "no memory for results");
	}
	if (!rc && end_block(&block))
		rc = err_fail(err, ENOMEM, "no memory for results");
	if (rc)
		gather_release(&gather);
	else
		*ret = gather;
	return rc;
}
