/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_BEHAVIOUR_H
#define TARE_MEMCG_BEHAVIOUR_H

/* The experiments of the table, and what of them is pure. */
#include "memcg_child.h"

int memcg_batch(struct memcg_context *context, struct memcg_result *result,
		struct err *err);

/* memcg_batch.c: the largest rise between two readings, in pages. */
uint64_t memcg_batch_step(const uint64_t *counter, size_t nr, uint64_t page_bytes);
/* The counter's largest distance from what is held, in pages, with its sign: reading i
 * was taken when base and i + 1 pages were held. */
double memcg_batch_error(const uint64_t *counter, size_t nr, uint64_t base_bytes,
			 uint64_t page_bytes, double *ret_mean);

#endif
