/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FIO_H
#define TARE_FIO_H

/*
 * Disk workloads: a cell becomes fio's argv (numbers only from our own checked structs,
 * so that nothing loose reaches fio), fio's JSON becomes a sample.  What ran is derived
 * from measured fields and compared with what was asked.
 */
#include <stddef.h>

#include "plan.h"
#include "sample.h"

#define FIO_ARGV_MAX 32
struct fio_argv {
	const char *argv[FIO_ARGV_MAX];
	char text[FIO_ARGV_MAX][96];
};
/* target: file or block device as seen inside; seed decides the random offsets. */
void fio_argv_make(const struct cell *cell, const char *target, uint64_t disk_bytes,
		   uint64_t seed, struct fio_argv *ret);

/* Fills sample->fio, value, outcome and reason. Tolerates and flags text before the
 * JSON; anything malformed is OUTCOME_FAILED, a job that ran otherwise than asked
 * (block size, direction, depth) OUTCOME_MISMATCH. Never trusts a length or a type. */
void fio_json_read(const struct cell *cell, const char *output, size_t length,
		   struct sample *sample);

#endif
