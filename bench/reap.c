/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reap.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../drivers/driver.h"
#include "cleanup.h"
#include "owner.h"
#include "scratch.h"

static int remove_entry(const char *path, const struct stat *info, int type,
			struct FTW *ftw)
{
	(void)info;
	(void)type;
	(void)ftw;
	(void)remove(path);
	return 0;
}

void reap_remove_tree(const char *dir)
{
	/* Never through a link, never into another file system. */
	(void)nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int reap_make_run_dir(const char *owner, char *ret, size_t size, struct err *err)
{
	if (mkdir(OWNER_RUN_DIR, 0711) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %m; run as root",
				OWNER_RUN_DIR);
	if (snprintf(ret, size, "%s/%s", OWNER_RUN_DIR, owner) >= (int)size)
		return err_fail(err, ENAMETOOLONG, "the run folder's name is too long");
	if (mkdir(ret, 0711) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %m", ret);
	return 0;
}

static size_t reap_run_dirs(void)
{
	cleanup(dir) DIR *dir = opendir(OWNER_RUN_DIR);
	const struct dirent *entry;
	size_t removed = 0;

	while (dir && (entry = readdir(dir))) {
		char path[PATH_MAX];

		if (!owner_is_dead(entry->d_name))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", OWNER_RUN_DIR, entry->d_name);
		scratch_reap(path, entry->d_name);
		reap_remove_tree(path);
		removed++;
	}
	return removed;
}

int reap_all(size_t *removed, struct err *err)
{
	int first = 0;

	*removed = 0;
	for (size_t i = 0; i < driver_nr; i++) {
		struct err own = {0};
		size_t nr = 0;
		int rc = drivers[i]->reap(&nr, &own);

		*removed += nr;
		if (rc && !first)
			first = err_fail(err, own.code, "%s: %s", drivers[i]->name,
					 own.text);
	}
	/* Last: drivers find what they left through the run folders. */
	*removed += reap_run_dirs();
	return first;
}
