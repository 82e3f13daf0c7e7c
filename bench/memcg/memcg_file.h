/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_FILE_H
#define TARE_MEMCG_FILE_H

/*
 * A file whose page cache an experiment watches. It is one hole: reading it fills the
 * cache with pages like any others, and the disk has nothing to do.
 */
#include "bench/memcg/memcg_experiment.h"

struct memcg_file {
	char path[256]; /* "": none */
	int fd;
	uint64_t bytes;
};
#define MEMCG_FILE_NONE  \
	{                \
		.fd = -1 \
	}

/* In the scratch folder, uncached. -ENOTSUP: that folder is memory itself (tmpfs). */
int memcg_file_make(const struct memcg_context *context, const char *name, uint64_t bytes,
		    struct memcg_file *ret, struct err *err);
/* In memory (memfd); its path leads through this process's descriptors. */
int memcg_file_make_shared(uint64_t bytes, struct memcg_file *ret, struct err *err);
/* Forgets its pages where nobody maps or dirties them. */
void memcg_file_drop(const struct memcg_file *file);
/* Bytes of it in the page cache (mincore: asking charges and touches nothing). */
int memcg_file_cached(const struct memcg_file *file, uint64_t *ret_bytes,
		      struct err *err);
/* Removes it with its pages; takes none. */
void memcg_file_remove(struct memcg_file *file);
static inline void cleanup_memcg_file(struct memcg_file *file)
{
	memcg_file_remove(file);
}

#endif
