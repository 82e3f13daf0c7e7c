/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kinds of storage for an instance's own writes: a layer over the image's tree, as
 * containers have it, and a disk of its own, as guests have it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/program.h"
#include "bench/study/footprint_disk.h"

#define DISK_BYTES (1ll << 30)
#define PATH_BYTES 512
#define CHANGED "/usr/bin/fio" /* a file that every image has */

static int join(char path[static PATH_BYTES], const char *dir, const char *name,
		struct err *err)
{
	return snprintf(path, PATH_BYTES, "%s/%s", dir, name) < PATH_BYTES
		       ? 0
		       : err_fail(err, ENAMETOOLONG, "'%s' is too long", dir);
}

static int make_folder(const char *dir, const char *name, struct err *err)
{
	char path[PATH_BYTES];
	int rc = join(path, dir, name, err);

	if (!rc && mkdir(path, 0700))
		rc = err_fail(err, errno, "cannot make '%s': %m", path);
	return rc;
}

/* Random enough that no file system makes it smaller, and no zeros to be left out. */
static int write_bytes(int fd, struct err *err)
{
	unsigned char bytes[65536];
	uint64_t state = 1;

	for (size_t at = 0; at < FOOTPRINT_WRITE_BYTES; at += sizeof(bytes)) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			bytes[i] = (unsigned char)(state >> 56);
		}
		if (pwrite(fd, bytes, sizeof(bytes), (off_t)at) != sizeof(bytes))
			return err_fail(err, errno ? errno : ENOSPC,
					"cannot write %zu bytes: %m", sizeof(bytes));
	}
	return fsync(fd) ? err_fail(err, errno, "cannot write to the disk: %m") : 0;
}

/* --- a layer over the tree --- */

/* Mounted in a namespace of a child, which nothing of it outlives. By descriptors, for a
 * path may hold what separates mount options. */
static int mount_layer(const char *dir, const struct image *image)
{
	char options[256], at[PATH_BYTES];
	struct err ignored = {0};

	if (join(at, dir, "merged", &ignored))
		return ENAMETOOLONG;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return errno;
	/* opened in the new namespace: mounts of another one are refused */
	cleanup(fd) int lower = open(image->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup(fd) int own = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (lower < 0 || own < 0)
		return errno;
	(void)snprintf(options, sizeof(options),
		       "lowerdir=/proc/self/fd/%d,upperdir=/proc/self/fd/%d/upper,"
		       "workdir=/proc/self/fd/%d/work",
		       lower, own, own);
	return mount("overlay", at, "overlay", 0, options) ? errno : 0;
}

enum layer_write { LAYER_NOTHING, LAYER_NEW, LAYER_CHANGE };

static int write_layer(const char *dir, enum layer_write what)
{
	bool fresh = what == LAYER_NEW;
	char path[PATH_BYTES];
	struct err err = {0};
	int length, rc;

	if (what == LAYER_NOTHING)
		return 0;
	length = snprintf(path, sizeof(path), "%s/merged%s", dir,
			  fresh ? "/new" : CHANGED);
	cleanup(fd) int fd =
		length < PATH_BYTES
			? open(path, fresh ? O_RDWR | O_CREAT | O_EXCL : O_RDWR, 0600)
			: -1;
	if (fd < 0)
		return errno;
	if (fresh)
		rc = -write_bytes(fd, &err);
	else
		rc = pwrite(fd, "\177", 1, 0) == 1 && !fsync(fd) ? 0 : errno;
	return rc;
}

/* 0 or -errno, by the child's exit status. */
static int in_layer(const char *dir, const struct image *image, enum layer_write what,
		    struct err *err)
{
	pid_t child = fork();
	int status, rc;

	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		rc = mount_layer(dir, image);
		_exit(rc ? rc : write_layer(dir, what));
	}
	if (child < 0)
		return err_fail(err, errno, "cannot fork: %m");
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	rc = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
	return rc ? err_fail(err, rc, "cannot use overlayfs in '%s': %s", dir,
			     strerror(rc))
		  : 0;
}

static int make_layer(const char *dir, const struct image *image, struct err *err)
{
	static const char *const folders[] = {"upper", "work", "merged"};
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(folders) / sizeof(folders[0]); i++)
		rc = make_folder(dir, folders[i], err);
	return rc ? rc : in_layer(dir, image, LAYER_NOTHING, err);
}

static int layer_add_file(const char *dir, const struct image *image, struct err *err)
{
	return in_layer(dir, image, LAYER_NEW, err);
}

static int layer_change_byte(const char *dir, const struct image *image, struct err *err)
{
	return in_layer(dir, image, LAYER_CHANGE, err);
}

/* --- a disk of its own --- */

static int make_raw(const char *dir, const struct image *image, struct err *err)
{
	char path[PATH_BYTES];
	int rc = join(path, dir, "raw", err);

	(void)image;
	if (rc)
		return rc;
	cleanup(fd) int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, DISK_BYTES))
		return err_fail(err, errno, "cannot make '%s': %m", path);
	return 0;
}

static int write_raw(const char *dir, const struct image *image, struct err *err)
{
	char path[PATH_BYTES];
	int rc = join(path, dir, "raw", err);

	(void)image;
	if (rc)
		return rc;
	cleanup(fd) int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? err_fail(err, errno, "cannot open '%s': %m", path)
		      : write_bytes(fd, err);
}

/* The base is what all guests share, and empty: only the layer is measured. */
static int make_qcow2(const char *dir, const struct image *image, struct err *err)
{
	static const char *const argv[] = {"qemu-img", "create",    "-q",  "-f",
					   "qcow2",    "-b",	    "raw", "-F",
					   "raw",      "own.qcow2", NULL};
	const struct program program = {.argv = argv, .dir = dir};
	int rc = make_raw(dir, image, err);

	return rc ? rc : program_run(&program, err);
}

static int write_qcow2(const char *dir, const struct image *image, struct err *err)
{
	static const char *const argv[] = {
		"qemu-io", "-f", "qcow2", "-c", "write -P 165 0 1M", "own.qcow2", NULL};
	const struct program program = {.argv = argv, .dir = dir};

	(void)image;
	return program_run(&program, err);
}

const struct footprint_delta footprint_deltas[] = {
	{"overlayfs, a new file",
	 "mount an overlay over the image's tree; write a new file of 1 MiB", make_layer,
	 layer_add_file, "upper"},
	{"overlayfs, one byte of a file",
	 "mount an overlay over the image's tree; change one byte of " CHANGED
	 ", which is copied up whole",
	 make_layer, layer_change_byte, "upper"},
	{"raw disk", "make a sparse file of 1 GiB; write 1 MiB into it", make_raw,
	 write_raw, "raw"},
	{"qcow2 layer",
	 "qemu-img create over a raw base of 1 GiB; write 1 MiB with qemu-io", make_qcow2,
	 write_qcow2, "own.qcow2"},
};
const size_t footprint_delta_nr = sizeof(footprint_deltas) / sizeof(footprint_deltas[0]);
