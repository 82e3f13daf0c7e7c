/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FIO_H
#define TARE_FIO_H

/*
 * Disk workloads: a cell becomes fio's argv (numbers only from our own checked structs,
 * so that nothing loose reaches fio), fio's JSON becomes a sample.  What ran is derived
 * from measured fields and compared with what was asked.
 */
#include <stddef.h>
#include <stdint.h>

#include "bench/plan/plan.h"
#include "bench/results/sample.h"

/* How much of the data file a cell uses: what goes through the cache must fit into the
 * smallest instance's memory. */
uint64_t fio_data_bytes(const struct cell *cell, uint64_t disk_bytes);

#define FIO_ARGV_MAX 32
#define FIO_WORD_MAX 128
struct fio_argv {
	const char *argv[FIO_ARGV_MAX]; /* NULL-ended, points into text */
	char text[FIO_ARGV_MAX][FIO_WORD_MAX];
	size_t nr;
};

/* fio's engine for a job. */
const char *fio_engine(const struct workload_fio *job);

/* The measured job. target: file or block device as seen inside; data_bytes: how much of
 * it is used, from its start; seed decides the random offsets. */
void fio_argv_job(const struct cell *cell, const char *target, uint64_t data_bytes,
		  uint64_t seed, struct fio_argv *ret);
/* One untimed sequential read of the data, so that every cache on the way holds it. */
void fio_argv_warm(const char *target, uint64_t data_bytes, struct fio_argv *ret);

/* Fills sample->fio, ops, wall_ns, value, outcome and reason. Text before the JSON is
 * tolerated; anything malformed is OUTCOME_FAILED, a job that ran otherwise than asked
 * (direction, block size, depth, engine, duration) OUTCOME_MISMATCH. Trusts no length,
 * type or range. */
void fio_json_read(const struct cell *cell, const char *output, size_t length,
		   struct sample *sample);

#endif
