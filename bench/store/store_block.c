/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "bench/store/store_private.h"

static int add_block(struct store *store, const struct store_block *block, int64_t *ret,
		     struct err *err)
{
	sqlite3_stmt *add = store->add_block;
	int rc =
		add ? 0
		    : store_prepare(store,
				    "INSERT INTO block (cell, epoch, sequence, begin_ns, "
				    "load1, "
				    "psi_cpu, steal_ns, cpu_khz, disturbed) VALUES "
				    "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
				    &store->add_block, err);

	if (rc)
		return rc;
	add = store->add_block;
	(void)sqlite3_reset(add);
	(void)sqlite3_bind_int64(add, 1, block->cell);
	store_bind_count(add, 2, block->epoch);
	store_bind_count(add, 3, block->sequence);
	store_bind_count(add, 4, block->begin_ns);
	store_bind_number(add, 5, block->load1 >= 0 ? block->load1 : NAN);
	store_bind_number(add, 6, block->psi_cpu >= 0 ? block->psi_cpu : NAN);
	store_bind_count(add, 7, block->steal_ns);
	store_bind_count(add, 8, block->cpu_khz ? block->cpu_khz : SAMPLE_NONE);
	store_bind_text(add, 9, block->disturbed ? block->disturbed : "");
	return store_step(store, add, ret, err);
}

static void bind_sample(sqlite3_stmt *add, int64_t block, int64_t arm,
			const struct sample *s)
{
	const uint64_t counts[] = {s->ops,
				   s->wall_ns,
				   s->cpu_ns,
				   s->checksum,
				   s->host_begin_ns,
				   s->host_wall_ns,
				   s->voluntary,
				   s->involuntary,
				   s->minor_faults,
				   s->major_faults,
				   s->steal_ns,
				   s->host_read_bytes,
				   s->host_write_bytes,
				   s->account_cpu_ns,
				   s->account_voluntary,
				   s->account_involuntary,
				   s->account_exits,
				   s->account_io_exits,
				   s->account_mmio_exits,
				   s->account_halt_exits,
				   s->account_injections,
				   s->fio.read_ios,
				   s->fio.write_ios,
				   s->fio.read_bytes,
				   s->fio.write_bytes,
				   s->fio.runtime_ns,
				   s->fio.lat_mean_ns,
				   s->fio.lat_p50_ns,
				   s->fio.lat_p90_ns,
				   s->fio.lat_p99_ns,
				   s->fio.lat_p999_ns,
				   s->fio.lat_max_ns,
				   s->inner_read_bytes,
				   s->inner_write_bytes};

	(void)sqlite3_bind_int64(add, 1, block);
	(void)sqlite3_bind_int64(add, 2, arm);
	store_bind_count(add, 3, s->position);
	store_bind_text(add, 4, outcome_name(s->outcome));
	store_bind_text(add, 5, s->reason);
	store_bind_number(add, 6, s->value);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		store_bind_count(add, 7 + (int)i, counts[i]);
}

static int add_samples(struct store *store, int64_t block, const struct sample *samples,
		       size_t nr, const int64_t *arm_rows, struct err *err)
{
	int rc = store->add_sample
			 ? 0
			 : store_prepare(store,
					 "INSERT INTO sample VALUES (NULL, ?1, ?2, "
					 "?3, ?4, ?5, ?6, "
					 "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
					 "?16, ?17, ?18, "
					 "?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, "
					 "?27, ?28, ?29, "
					 "?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, "
					 "?38, ?39, ?40)",
					 &store->add_sample, err);

	for (size_t i = 0; !rc && i < nr; i++) {
		(void)sqlite3_reset(store->add_sample);
		bind_sample(store->add_sample, block, arm_rows[samples[i].arm],
			    &samples[i]);
		rc = store_step(store, store->add_sample, NULL, err);
	}
	return rc;
}

static int set_elapsed(struct store *store, int64_t run, uint64_t elapsed_ns,
		       struct err *err)
{
	int rc = store->set_elapsed
			 ? 0
			 : store_prepare(store,
					 "UPDATE run SET elapsed_ns = ?2 WHERE id = ?1",
					 &store->set_elapsed, err);

	if (rc)
		return rc;
	(void)sqlite3_reset(store->set_elapsed);
	(void)sqlite3_bind_int64(store->set_elapsed, 1, run);
	store_bind_count(store->set_elapsed, 2, elapsed_ns);
	return store_step(store, store->set_elapsed, NULL, err);
}

int store_block_add(struct store *store, const struct store_block *block,
		    const struct sample *samples, size_t nr, const int64_t *arm_rows,
		    uint64_t elapsed_ns, int64_t run, struct err *err)
{
	int64_t row = 0;
	int rc = store_run_sql(store, "BEGIN", "write", err);

	if (rc)
		return rc;
	rc = add_block(store, block, &row, err);
	if (!rc)
		rc = add_samples(store, row, samples, nr, arm_rows, err);
	if (!rc)
		rc = set_elapsed(store, run, elapsed_ns, err);
	return store_end_transaction(store, rc, err);
}
