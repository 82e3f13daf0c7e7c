/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A cold start reads its files from the disk.  Only our own image is dropped: the caches
 * of whatever else lives on this host are not ours to empty, so that the monitor's
 * program and its libraries stay warm.
 */
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/study/start.h"

#define OPEN_MAX_DIRS 16

static void drop(const char *path)
{
	cleanup(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

	if (fd < 0)
		return;
	(void)fdatasync(fd); /* dirty pages stay otherwise */
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

static int drop_entry(const char *path, const struct stat *info, int type,
		      struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_F && S_ISREG(info->st_mode))
		drop(path);
	return 0;
}

void start_drop_image(const struct image *image)
{
	(void)nftw(image->root, drop_entry, OPEN_MAX_DIRS, FTW_PHYS | FTW_MOUNT);
	drop(image->initrd);
	drop(image->kernel);
}
