/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/remove_tree.h"
#include "bench/base/units.h"

#define DATA_FILE "disk.img"
#define CHUNK_BYTES (1u << 20)
#define SPARE_BYTES (256ull << 20) /* left free for everybody else */

static int check_space(const char *where, uint64_t bytes, struct err *err)
{
	char need[UNITS_TEXT_MAX], have[UNITS_TEXT_MAX];
	struct statvfs fs;
	uint64_t available;

	if (statvfs(where, &fs))
		return err_fail(err, errno, "cannot use '%s' as scratch: %m", where);
	if (!bytes) /* a folder takes none */
		return 0;
	available = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (available >= bytes + SPARE_BYTES)
		return 0;
	return err_fail(err, ENOSPC,
			"'%s' has %s free and %s are needed, of which 256 MiB stay free; "
			"name another folder with --scratch, or with --store",
			where, units_bytes(available, have),
			units_bytes(bytes + SPARE_BYTES, need));
}

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u; /* splitmix64, Steele et al. 2014 */

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static int write_random(int fd, uint64_t bytes, const volatile int *stop, struct err *err)
{
	cleanup(free) uint64_t *chunk = malloc(CHUNK_BYTES);
	uint64_t state = 1;

	if (!chunk)
		return err_fail(err, ENOMEM, "no memory for the data file");
	for (uint64_t at = 0; at < bytes; at += CHUNK_BYTES) {
		size_t part =
			bytes - at < CHUNK_BYTES ? (size_t)(bytes - at) : CHUNK_BYTES;

		if (stop && *stop)
			return err_fail(err, EINTR, "interrupted");
		for (size_t i = 0; i < CHUNK_BYTES / sizeof(*chunk); i++)
			chunk[i] = next_random(&state);
		errno = ENOSPC; /* where a short write says nothing */
		if (pwrite(fd, chunk, part, (off_t)at) != (ssize_t)part)
			return err_fail(err, errno, "cannot write the data file: %m");
	}
	return 0;
}

static int make_file(const char *dir, uint64_t bytes, const volatile int *stop,
		     struct err *err)
{
	cleanup(fd) int folder = open(dir, O_DIRECTORY | O_PATH | O_CLOEXEC);
	cleanup(fd) int fd =
		openat(folder, DATA_FILE,
		       O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc;

	if (fd < 0)
		return err_fail(err, errno, "cannot make '%s/%s': %m", dir, DATA_FILE);
	rc = posix_fallocate(fd, 0, (off_t)bytes);
	if (rc)
		return err_fail(err, rc, "cannot reserve the data file in '%s': %s", dir,
				strerror(rc));
	rc = write_random(fd, bytes, stop, err);
	if (!rc && fsync(fd))
		rc = err_fail(err, errno, "cannot write the data file: %m");
	return rc;
}

/* The folder with those above it that are missing. *there: how long the part of
 * `path` is that was there before. */
static int make_dirs(const char *path, size_t *there, struct err *err)
{
	char part[PATH_MAX];

	*there = strlen(path);
	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return err_fail(err, ENAMETOOLONG, "the scratch path is too long");
	for (char *slash = strchr(part + 1, '/');; slash = strchr(slash + 1, '/')) {
		size_t length;

		if (slash)
			*slash = '\0';
		length = strlen(part);
		if (!mkdir(part, 0755))
			*there = *there < length ? *there : length - 1;
		else if (errno != EEXIST)
			return err_fail(err, errno, "cannot make '%s': %m", part);
		if (!slash)
			return 0;
		*slash = '/';
	}
}

/* What make_dirs made, as far as nobody put something into it. */
static void remove_dirs(const char *path, size_t there)
{
	char part[PATH_MAX];

	(void)snprintf(part, sizeof(part), "%s", path);
	while (strlen(part) > there && !rmdir(part)) {
		char *slash = strrchr(part, '/');

		if (!slash)
			return;
		*slash = '\0';
	}
}

static int leave_link(const char *run_dir, const char *dir, struct err *err)
{
	char link[PATH_MAX];

	(void)snprintf(link, sizeof(link), "%s/scratch", run_dir);
	if (symlink(dir, link) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %m", link);
	return 0;
}

/* Below a folder that is there. */
static int make_below(const char *where, const char *owner, const char *run_dir,
		      uint64_t bytes, const volatile int *stop, char **ret,
		      struct err *err)
{
	cleanup(free) char *real = realpath(where, NULL);
	cleanup(free) char *dir = NULL;
	int rc;

	if (!real || asprintf(&dir, "%s/%s", real, owner) < 0)
		return err_fail(err, errno, "cannot use '%s' as scratch: %m", where);
	rc = check_space(real, bytes, err);
	if (!rc)
		rc = leave_link(run_dir, dir, err);
	if (rc)
		return rc;
	/* 0711: a container whose root is another user here passes through to its file */
	if (mkdir(dir, 0711))
		return err_fail(err, errno, "cannot make '%s': %m", dir);
	rc = bytes ? make_file(dir, bytes, stop, err) : 0;
	if (rc) {
		scratch_remove(dir);
		return rc;
	}
	*ret = take_ptr(dir);
	return 0;
}

int scratch_make(const char *where, const char *owner, const char *run_dir,
		 uint64_t bytes, const volatile int *stop, char **ret, struct err *err)
{
	size_t there;
	int rc = make_dirs(where, &there, err);

	if (!rc)
		rc = make_below(where, owner, run_dir, bytes, stop, ret, err);
	if (rc)
		remove_dirs(where, there);
	return rc;
}

int scratch_add(const char *dir, const char *name, uint64_t bytes,
		const volatile int *stop, char **ret, struct err *err)
{
	cleanup(free) char *path = NULL;
	int rc = check_space(dir, bytes, err);

	if (rc)
		return rc;
	if (asprintf(&path, "%s/%s", dir, name) < 0)
		path = NULL;
	if (!path)
		return err_fail(err, ENOMEM, "no memory for a path");
	if (mkdir(path, 0711))
		return err_fail(err, errno, "cannot make '%s': %m", path);
	rc = make_file(path, bytes, stop, err);
	if (!rc)
		*ret = take_ptr(path);
	return rc;
}

/* The data file itself, whatever it is by now: never what it links to. */
static int stat_file(const char *dir, struct stat *ret, struct err *err)
{
	cleanup(fd) int folder = open(dir, O_DIRECTORY | O_PATH | O_CLOEXEC);

	if (folder < 0 || fstatat(folder, DATA_FILE, ret, AT_SYMLINK_NOFOLLOW))
		return err_fail(err, EUCLEAN, "the data file '%s/%s' is gone", dir,
				DATA_FILE);
	return 0;
}

int scratch_mark(const char *dir, uint64_t bytes, struct scratch_mark *ret,
		 struct err *err)
{
	struct scratch_mark mark = {.bytes = bytes};
	struct stat info;
	int rc = bytes ? stat_file(dir, &info, err) : 0;

	if (rc)
		return rc;
	if (bytes) {
		mark.device = info.st_dev;
		mark.inode = info.st_ino;
	}
	*ret = mark;
	return scratch_verify(dir, ret, err);
}

int scratch_verify(const char *dir, const struct scratch_mark *mark, struct err *err)
{
	struct stat info;
	int rc = mark->inode ? stat_file(dir, &info, err) : 0;

	if (rc || !mark->inode)
		return rc;
	if (!S_ISREG(info.st_mode) || info.st_dev != mark->device ||
	    info.st_ino != mark->inode || (uint64_t)info.st_size != mark->bytes)
		return err_fail(err, EUCLEAN,
				"'%s/%s' is not the data file that was made there: a "
				"guest or container replaced it; nothing opens it",
				dir, DATA_FILE);
	return 0;
}

/* A file that is swapped to cannot be removed. Never through a link: it may lead to the
 * user's own swap. */
static void end_swap(const char *dir)
{
	char path[PATH_MAX];
	struct stat info;

	(void)snprintf(path, sizeof(path), "%s/" SCRATCH_SWAP, dir);
	if (!lstat(path, &info) && S_ISREG(info.st_mode))
		(void)swapoff(path);
}

void scratch_remove(const char *dir)
{
	if (dir)
		end_swap(dir);
	/* a guest may have made more than we did */
	if (dir)
		remove_tree(dir);
}

void scratch_reap(const char *run_dir, const char *owner)
{
	char link[PATH_MAX], dir[PATH_MAX];
	const char *name;
	ssize_t length;

	(void)snprintf(link, sizeof(link), "%s/scratch", run_dir);
	length = readlink(link, dir, sizeof(dir) - 1);
	if (length <= 0)
		return;
	dir[length] = '\0';
	name = strrchr(dir, '/');
	if (name && !strcmp(name + 1, owner))
		scratch_remove(dir);
}

void scratch_drop_cache(const char *dir)
{
	cleanup(fd) int folder = open(dir, O_DIRECTORY | O_PATH | O_CLOEXEC);
	/* without waiting, should it be a pipe by now */
	cleanup(fd) int fd =
		openat(folder, DATA_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return;
	(void)fdatasync(fd);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}
