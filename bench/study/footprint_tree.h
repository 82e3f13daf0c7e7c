/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_TREE_H
#define TARE_FOOTPRINT_TREE_H

/* What the files below a folder, or one file, take: of the disk, and of this host's page
 * cache. Links and other file systems are not followed; a file that cannot be read counts
 * as nothing. */
#include <stdint.h>

struct footprint_tree {
	uint64_t size_bytes;   /* as long as the files say they are */
	uint64_t disk_bytes;   /* blocks that are theirs (st_blocks), folders too */
	uint64_t cached_bytes; /* resident pages, by mincore */
};
/* Adds to *into. Path "" or NULL adds nothing. */
void footprint_tree_add(const char *path, struct footprint_tree *into);

#endif
