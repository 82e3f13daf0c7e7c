/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/host/process.h"

#define LOCK_FILE OWNER_RUN_DIR "/lock"
#define UNKNOWN ((pid_t)-1)

static int start_time(int pid, unsigned long long *ret)
{
	struct process process;
	int rc = process_read(pid, &process);

	if (rc)
		return rc;
	*ret = process.start_ticks;
	return process.ended ? -ESRCH : 0;
}

int owner_self(char id[static OWNER_MAX], struct err *err)
{
	unsigned long long start;
	int rc = start_time(getpid(), &start);

	if (rc)
		return err_fail(err, -rc, "cannot read /proc/self/stat: %s",
				strerror(-rc));
	(void)snprintf(id, OWNER_MAX, OWNER_PREFIX "%d-%llx", getpid(), start);
	return 0;
}

/* Digits only: no blanks, signs or prefixes, which strtoull would take. */
static bool parse_number(const char **at, int base, unsigned long long *ret)
{
	const char *digits = base == 10 ? "0123456789" : "0123456789abcdef";
	size_t length = strspn(*at, digits);
	char *end;

	if (!length || length > 16)
		return false;
	*ret = strtoull(*at, &end, base);
	*at += length;
	return end == *at;
}

bool owner_parse(const char *name, int *pid, unsigned long long *start)
{
	const char *at = name + strlen(OWNER_PREFIX);
	unsigned long long number, time;

	if (strncmp(name, OWNER_PREFIX, strlen(OWNER_PREFIX)))
		return false;
	if (!parse_number(&at, 10, &number) || number < 1 || number > 1u << 30)
		return false;
	if (*at++ != '-' || !parse_number(&at, 16, &time))
		return false;
	if (*at && !strchr("-.", *at))
		return false;
	*pid = (int)number;
	*start = time;
	return true;
}

bool owner_is_dead(const char *name)
{
	unsigned long long named, found;
	int pid, rc;

	if (!owner_parse(name, &pid, &named))
		return false;
	rc = start_time(pid, &found);
	/* Whoever cannot be looked at is alive. */
	return rc ? rc == -ESRCH : found != named;
}

/* Some file systems give stat another device than the kernel's list of locks shows. */
static bool has_plain_device(void)
{
	struct statfs fs;

	return !statfs(LOCK_FILE, &fs) && fs.f_type != OVERLAYFS_SUPER_MAGIC &&
	       fs.f_type != BTRFS_SUPER_MAGIC;
}

/* A line of /proc/locks: "1: POSIX  ADVISORY  WRITE 123 00:2d:4711 0 EOF" (proc(5)).
 * The pid of the holder; 0: another file's lock, or somebody who waits for one ("->"). */
static pid_t holder_of(const char *line, const struct stat *file)
{
	unsigned first, second;
	unsigned long long inode;
	int pid;

	if (sscanf(line, "%*d: POSIX %*s WRITE %d %x:%x:%llu", &pid, &first, &second,
		   &inode) != 4 ||
	    inode != file->st_ino)
		return 0;
	if (has_plain_device() &&
	    (first != major(file->st_dev) || second != minor(file->st_dev)))
		return 0;
	return pid;
}

/* Who holds the lock; 0: nobody; UNKNOWN: that cannot be seen here. */
static pid_t find_holder(void)
{
	cleanup(file) FILE *locks = fopen("/proc/locks", "re");
	struct stat lock;
	char line[256];
	pid_t holder = 0;

	if (stat(LOCK_FILE, &lock))
		return errno == ENOENT ? 0 : UNKNOWN;
	if (!locks)
		return UNKNOWN;
	while (!holder && fgets(line, sizeof(line), locks))
		holder = holder_of(line, &lock);
	return holder;
}

bool owner_is_measuring(void)
{
	return find_holder() != 0;
}

/* A record lock (fcntl(2)): no child has it, so it ends with this process, however its
 * children live on. But it goes as well when this process closes any descriptor of the
 * file: nothing else here may open it. */
static int set_lock(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (!fcntl(fd, F_SETLK, &whole))
		return 0;
	return errno == EACCES ? EAGAIN : errno;
}

int owner_lock(int *ret_fd, struct err *err)
{
	static const char other[] = "another tare is measuring on this host; wait for it";
	cleanup(fd) int fd = -1;
	int code;

	if (mkdir(OWNER_RUN_DIR, 0711) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %m; run as root",
				OWNER_RUN_DIR);
	if (find_holder() == getpid())
		return err_fail(err, EWOULDBLOCK, other);
	fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_fail(err, errno, "cannot open '%s': %m; run as root",
				LOCK_FILE);
	code = set_lock(fd);
	if (code == EWOULDBLOCK)
		return err_fail(err, code, other);
	if (code)
		return err_fail(err, code, "cannot lock '%s': %s", LOCK_FILE,
				strerror(code));
	*ret_fd = take_fd(&fd);
	return 0;
}
