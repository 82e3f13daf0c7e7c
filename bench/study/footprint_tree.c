/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/footprint_tree.h"

#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

#define WINDOW_BYTES (256ull << 20) /* mapped at once */
#define BLOCK_BYTES 512		    /* st_blocks counts in these, on every file system */

/* Pages of one window of an open file that are in the cache, as bytes. */
static uint64_t cached_in(int fd, uint64_t at, uint64_t bytes, uint64_t page_bytes)
{
	uint64_t pages = (bytes + page_bytes - 1) / page_bytes, cached = 0;
	cleanup(free) unsigned char *resident = malloc(pages);
	void *memory = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, (off_t)at);

	if (memory == MAP_FAILED)
		return 0;
	if (resident && !mincore(memory, bytes, resident))
		for (uint64_t i = 0; i < pages; i++)
			cached += (resident[i] & 1) * page_bytes;
	(void)munmap(memory, bytes);
	return cached;
}

static uint64_t cached_of(const char *path, uint64_t bytes)
{
	cleanup(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE), cached = 0;

	for (uint64_t at = 0; fd >= 0 && at < bytes; at += WINDOW_BYTES)
		cached += cached_in(fd, at,
				    bytes - at < WINDOW_BYTES ? bytes - at : WINDOW_BYTES,
				    page_bytes);
	return cached;
}

static void add_entry(const FTSENT *entry, struct footprint_tree *into)
{
	const struct stat *info = entry->fts_statp;

	if (entry->fts_info != FTS_F && entry->fts_info != FTS_D)
		return;
	into->disk_bytes += (uint64_t)info->st_blocks * BLOCK_BYTES;
	if (entry->fts_info != FTS_F)
		return;
	into->size_bytes += (uint64_t)info->st_size;
	into->cached_bytes += cached_of(entry->fts_accpath, (uint64_t)info->st_size);
}

void footprint_tree_add(const char *path, struct footprint_tree *into)
{
	char *const roots[] = {(char *)path, NULL};
	const FTSENT *entry;
	FTS *walk;

	if (!path || !path[0])
		return;
	walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	while (walk && (entry = fts_read(walk)))
		add_entry(entry, into);
	if (walk)
		(void)fts_close(walk);
}
