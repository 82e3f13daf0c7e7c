/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/remove_tree.h"

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#define FILES_OPEN 16 /* deeper folders are closed and opened again */

static int remove_entry(const char *path, const struct stat *info, int type,
			struct FTW *ftw)
{
	(void)info;
	(void)type;
	(void)ftw;
	(void)remove(path);
	return 0;
}

void remove_tree(const char *dir)
{
	(void)nftw(dir, remove_entry, FILES_OPEN, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
