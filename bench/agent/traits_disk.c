/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the file system of a path to the disk can do, tried on a file made for it beside
 * the target.  A block device is another program's data: only what leaves it as it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <linux/fs.h>

#include "bench/base/cleanup.h"
#include "bench/agent/errno_name.h"
#include "bench/agent/traits.h"

#define BLOCK 4096
#define FILE_BLOCKS 4
#define NAME ".tare-traits"

struct place {
	FILE *to;
	int dir;
	int fd; /* NAME, FILE_BLOCKS blocks long, for reading and writing */
};

/* rc < 0: errno says why. */
static void put(FILE *to, const char *what, long rc)
{
	fprintf(to, "disk.%s=%s\n", what, rc < 0 ? errno_name(errno) : "ok");
}

static long map_shared(int fd, int protection)
{
	char *memory = mmap(NULL, BLOCK, protection, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		return -1;
	if (protection & PROT_WRITE)
		memory[0] = 'm';
	(void)munmap(memory, BLOCK);
	return 0;
}

/* O_DIRECT as it is used: an aligned block, not only an open that nobody refuses. */
static long direct(int dir, const char *name, int how)
{
	cleanup(fd) int fd = openat(dir, name, how | O_DIRECT | O_CLOEXEC);
	void *block = NULL;
	long rc;

	if (fd < 0 || posix_memalign(&block, BLOCK, BLOCK))
		return -1;
	memset(block, 0, BLOCK);
	rc = (how & O_ACCMODE) == O_RDONLY ? pread(fd, block, BLOCK, 0)
					   : pwrite(fd, block, BLOCK, 0);
	free(block);
	return rc;
}

static long unnamed(int dir)
{
	cleanup(fd) int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd < 0 ? -1 : 0;
}

static long owner_kept(int fd)
{
	return fchown(fd, 1, 1) ? -1 : fchown(fd, geteuid(), getegid());
}

static void put_links(const struct place *place)
{
	put(place->to, "hard link",
	    linkat(place->dir, NAME, place->dir, NAME ".link", 0));
	(void)unlinkat(place->dir, NAME ".link", 0);
	put(place->to, "symbolic link", symlinkat(NAME, place->dir, NAME ".link"));
	put(place->to, "exchange names",
	    renameat2(place->dir, NAME, place->dir, NAME ".link", RENAME_EXCHANGE) ||
			    renameat2(place->dir, NAME, place->dir, NAME ".link",
				      RENAME_EXCHANGE)
		    ? -1
		    : 0);
	(void)unlinkat(place->dir, NAME ".link", 0);
	put(place->to, "FIFO", mkfifoat(place->dir, NAME ".link", 0600));
	(void)unlinkat(place->dir, NAME ".link", 0);
	put(place->to, "unnamed file", unnamed(place->dir));
}

static void put_space(const struct place *place)
{
	int fd = place->fd;

	put(place->to, "fallocate", fallocate(fd, 0, 0, FILE_BLOCKS * BLOCK));
	put(place->to, "fallocate beyond the end",
	    fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 2 * FILE_BLOCKS * BLOCK));
	put(place->to, "zero a range", fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, BLOCK));
	put(place->to, "punch a hole",
	    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BLOCK, BLOCK));
	put(place->to, "seek a hole", lseek(fd, 0, SEEK_HOLE));
	put(place->to, "truncate", ftruncate(fd, FILE_BLOCKS * BLOCK));
}

static void put_locks(const struct place *place)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	put(place->to, "flock", flock(place->fd, LOCK_EX | LOCK_NB));
	(void)flock(place->fd, LOCK_UN);
	put(place->to, "record lock", fcntl(place->fd, F_SETLK, &whole));
	whole.l_type = F_UNLCK;
	(void)fcntl(place->fd, F_SETLK, &whole);
	whole = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
	put(place->to, "open file description lock",
	    fcntl(place->fd, F_OFD_SETLK, &whole));
}

static void put_attributes(const struct place *place)
{
	put(place->to, "user attribute", fsetxattr(place->fd, "user.tare", "1", 1, 0));
	put(place->to, "trusted attribute",
	    fsetxattr(place->fd, "trusted.tare", "1", 1, 0));
	put(place->to, "change of owner", owner_kept(place->fd));
	put(place->to, "change of mode", fchmod(place->fd, 0640));
}

static void put_copies(const struct place *place)
{
	loff_t from = 0, to = BLOCK;
	cleanup(fd) int other = openat(place->dir, NAME ".link",
				       O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	put(place->to, "copy in the kernel",
	    copy_file_range(place->fd, &from, place->fd, &to, BLOCK, 0));
	put(place->to, "clone", other < 0 ? -1 : ioctl(other, FICLONE, place->fd));
	(void)unlinkat(place->dir, NAME ".link", 0);
}

static void put_features(const struct place *place)
{
	put(place->to, "direct write", direct(place->dir, NAME, O_RDWR | O_NOFOLLOW));
	put(place->to, "direct read", direct(place->dir, NAME, O_RDONLY | O_NOFOLLOW));
	put(place->to, "fsync", fsync(place->fd));
	put(place->to, "fdatasync", fdatasync(place->fd));
	put(place->to, "shared mapping, write",
	    map_shared(place->fd, PROT_READ | PROT_WRITE));
	put(place->to, "shared mapping, read", map_shared(place->fd, PROT_READ));
	put_space(place);
	put_locks(place);
	put_attributes(place);
	put_copies(place);
	put_links(place);
}

static void put_folder(const char *target, FILE *to)
{
	char path[PATH_MAX], block[FILE_BLOCKS * BLOCK] = "";
	struct place place = {.to = to};
	cleanup(fd) int dir = -1;
	cleanup(fd) int fd = -1;

	(void)snprintf(path, sizeof(path), "%s", target);
	dir = open(dirname(path), O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	put(to, "open", dir);
	if (dir < 0)
		return;
	/* What a killed agent left there is ours. */
	(void)unlinkat(dir, NAME, 0);
	(void)unlinkat(dir, NAME ".link", 0);
	fd = openat(dir, NAME, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	put(to, "create", fd < 0 ? -1 : write(fd, block, sizeof(block)));
	if (fd < 0)
		return;
	place.dir = dir;
	place.fd = fd;
	put_features(&place);
	put(to, "remove", unlinkat(dir, NAME, 0));
}

/* Nothing that changes a byte of what is another program's data. */
static void put_harmless(int fd, const char *target, FILE *to)
{
	put(to, "direct read", direct(AT_FDCWD, target, O_RDONLY));
	put(to, "shared mapping, read", map_shared(fd, PROT_READ));
	put(to, "fsync", fsync(fd));
	put(to, "fdatasync", fdatasync(fd));
	put(to, "flock", flock(fd, LOCK_EX | LOCK_NB));
}

/* Space that it has already, and an attribute that goes again. */
static void put_single(int fd, FILE *to)
{
	put(to, "fallocate", fallocate(fd, 0, 0, BLOCK));
	put(to, "seek a hole", lseek(fd, 0, SEEK_HOLE));
	put(to, "user attribute", fsetxattr(fd, "user.tare-traits", "1", 1, 0));
	(void)fremovexattr(fd, "user.tare-traits");
}

static void put_target(const char *target, bool device, FILE *to)
{
	cleanup(fd) int fd = open(target, O_RDWR | O_CLOEXEC);

	put(to, "open", fd);
	if (fd < 0)
		return;
	put_harmless(fd, target, to);
	if (!device)
		put_single(fd, to);
}

/* A file that is mounted by itself: its folder is of another file system. */
static bool is_single(const char *target, const struct stat *status)
{
	char path[PATH_MAX];
	struct stat folder;

	(void)snprintf(path, sizeof(path), "%s", target);
	return !stat(dirname(path), &folder) && folder.st_dev != status->st_dev;
}

void traits_disk(const char *target, FILE *to)
{
	struct stat status;
	bool device, single;

	if (stat(target, &status)) {
		put(to, "open", -1);
		return;
	}
	device = S_ISBLK(status.st_mode);
	single = !device && is_single(target, &status);
	fprintf(to, "disk.kind=%s\n",
		device	 ? "block device"
		: single ? "file mounted by itself"
			 : "file system");
	if (device || single)
		put_target(target, device, to);
	else
		put_folder(target, to);
}
