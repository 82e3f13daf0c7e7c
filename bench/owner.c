/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "owner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cleanup.h"

#define LOCK_FILE OWNER_RUN_DIR "/lock"

/* Field 22 of /proc/PID/stat, counted from behind the command's last parenthesis, for
 * the command may hold anything (proc(5)). */
static int start_time(int pid, unsigned long long *ret)
{
	char path[64], text[1024];
	const char *behind;
	char state;
	cleanup(fd) int fd = -1;
	ssize_t got;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	got = read(fd, text, sizeof(text) - 1);
	if (got <= 0)
		return got ? -errno : -ESRCH;
	text[got] = '\0';
	behind = strrchr(text, ')');
	if (!behind ||
	    sscanf(behind + 2,
		   "%c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
		   "%*d %*d %*d %*d %llu",
		   &state, ret) != 2)
		return -EPROTO;
	/* A zombie holds nothing any more. */
	return strchr("ZX", state) ? -ESRCH : 0;
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

int owner_lock(int *ret_fd, struct err *err)
{
	cleanup(fd) int fd = -1;

	if (mkdir(OWNER_RUN_DIR, 0711) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %m; run as root",
				OWNER_RUN_DIR);
	fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_fail(err, errno, "cannot open '%s': %m; run as root",
				LOCK_FILE);
	if (flock(fd, LOCK_EX | LOCK_NB))
		return err_fail(
			err, errno,
			errno == EWOULDBLOCK
				? "another tare is measuring on this host; wait for it"
				: "cannot lock '" LOCK_FILE "': %m");
	*ret_fd = take_fd(&fd);
	return 0;
}

/* Some file systems give stat another device than the kernel's list of locks shows. */
static bool has_plain_device(void)
{
	struct statfs fs;

	return !statfs(LOCK_FILE, &fs) && fs.f_type != OVERLAYFS_SUPER_MAGIC &&
	       fs.f_type != BTRFS_SUPER_MAGIC;
}

/* A line of /proc/locks: "1: FLOCK  ADVISORY  WRITE 123 00:2d:4711 0 EOF" (proc(5)). */
static bool is_lock_of(const char *line, const struct stat *file)
{
	unsigned first, second;
	unsigned long long inode;

	if (sscanf(line, "%*d: FLOCK %*s WRITE %*d %x:%x:%llu", &first, &second,
		   &inode) != 3 ||
	    inode != file->st_ino)
		return false;
	return (first == major(file->st_dev) && second == minor(file->st_dev)) ||
	       !has_plain_device();
}

bool owner_is_measuring(void)
{
	cleanup(file) FILE *locks = fopen("/proc/locks", "re");
	struct stat lock;
	char line[256];

	if (stat(LOCK_FILE, &lock))
		return errno != ENOENT;
	if (!locks)
		return true;
	while (fgets(line, sizeof(line), locks))
		if (is_lock_of(line, &lock))
			return true;
	return false;
}
