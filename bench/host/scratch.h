/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SCRATCH_H
#define TARE_SCRATCH_H

/*
 * The storage under test: one folder "<where>/<owner>" with one preallocated file
 * "disk.img" full of incompressible bytes.  A link in /run/tare/<owner>/scratch lets the
 * next start find and remove what a killed run left.
 */
#include <stdint.h>

#include "bench/base/err.h"

/* Checks free space first (-ENOSPC with the mend). *ret: malloc'ed absolute path of the
 * folder; bytes 0: the folder without a file. run_dir: /run/tare/<owner>. A failure
 * leaves no folder that was not there before. */
int scratch_make(const char *where, const char *owner, const char *run_dir,
		 uint64_t bytes, const volatile int *stop, char **ret, struct err *err);
/* One more folder with a data file, `name`, inside such a folder: it goes with that. */
int scratch_add(const char *dir, const char *name, uint64_t bytes,
		const volatile int *stop, char **ret, struct err *err);
/*
 * What the data file is.  A guest that shares the folder can put a link, a device or
 * another file into its place, and QEMU or fio would open that with root's rights:
 * whoever is about to have the file opened compares first, while nobody who could
 * change it runs.
 */
struct scratch_mark {
	uint64_t device, inode, bytes; /* inode 0: there is no data file */
};
int scratch_mark(const char *dir, uint64_t bytes, struct scratch_mark *ret,
		 struct err *err);
/* Is it the marked file still, as long as it was? -EUCLEAN: no. */
int scratch_verify(const char *dir, const struct scratch_mark *mark, struct err *err);
/* A swap file may stand beside the data file (memcg_swapfile.h). */
#define SCRATCH_SWAP "swap"
/* Removes file and folder, and switches off swapping to it; takes NULL. */
void scratch_remove(const char *dir);
/* Of the dead owner whose run folder this is: removes its scratch through the link, if
 * and only if the folder's name is that owner's id. */
void scratch_reap(const char *run_dir, const char *owner);
/* Drops the file's pages from this host's page cache. */
void scratch_drop_cache(const char *dir);

#endif
