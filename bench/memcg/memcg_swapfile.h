/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_SWAPFILE_H
#define TARE_MEMCG_SWAPFILE_H

/*
 * A swap file of our own in the scratch folder, for as long as one experiment needs it.
 * scratch_remove switches off and removes what a killed run left.
 */
#include "bench/memcg/memcg_experiment.h"

struct memcg_swapfile {
	char path[256]; /* "": none */
	bool on;
};
/* -ENOTSUP with the reason: somebody's swap is active, no room, or this system does not
 * let us. */
int memcg_swapfile_make(const struct memcg_context *context, uint64_t bytes,
			struct memcg_swapfile *ret, struct err *err);
void memcg_swapfile_remove(struct memcg_swapfile *swapfile); /* takes none */
static inline void cleanup_memcg_swapfile(struct memcg_swapfile *swapfile)
{
	memcg_swapfile_remove(swapfile);
}

/* First page of a swap area of so many pages (mkswap(8), include/linux/swap.h). */
void memcg_swapfile_header(unsigned char *page, uint64_t page_bytes, uint64_t pages);
/* Areas in use, by the text of /proc/swaps. */
size_t memcg_swapfile_count(const char *swaps);

#endif
