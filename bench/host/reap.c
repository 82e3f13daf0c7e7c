/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/reap.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "drivers/driver.h"
#include "bench/base/cleanup.h"
#include "bench/base/remove_tree.h"
#include "bench/host/owner.h"
#include "bench/host/scratch.h"

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
		remove_tree(path);
		removed++;
	}
	return removed;
}

int reap_each(struct reaped ret[static REAPED_MAX], size_t *ret_nr, struct err *err)
{
	size_t used = 0;
	int first = 0;

	for (; used < driver_nr && used < REAPED_MAX - 1; used++) {
		const struct driver *driver = drivers[used];
		struct err own = {0};
		int rc;

		ret[used] = (struct reaped){.what = driver->name};
		rc = driver->reap(&ret[used].nr, &own);
		if (rc && !first)
			first = err_fail(err, own.code, "%s: %s", driver->name, own.text);
	}
	/* Last: drivers find what they left through the run folders. */
	ret[used++] = (struct reaped){.what = "run folders", .nr = reap_run_dirs()};
	*ret_nr = used;
	return first;
}

int reap_all(size_t *removed, struct err *err)
{
	struct reaped list[REAPED_MAX];
	size_t nr, sum = 0;
	int rc = reap_each(list, &nr, err);

	for (size_t i = 0; i < nr; i++)
		sum += list[i].nr;
	*removed = sum;
	return rc;
}
