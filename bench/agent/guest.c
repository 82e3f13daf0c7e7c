/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/agent/guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

#define CHANNEL_NAME "tare.agent"
#define MODULE_DIR "/modules"
#define LINK_DIR "/run/tare"
/* An emulated guest on a loaded host takes seconds to find a disk. */
#define WAIT_MS 20000
#define WAIT_STEP_MS 2

enum path_kind { PATH_DISK, PATH_9P, PATH_VIRTIOFS };

/* A path's module group has the path's name; its disk or mount tag is "tare-<name>". */
static const struct guest_path {
	const char *name;
	enum path_kind kind;
} guest_paths[] = {
	{"ide", PATH_DISK},
	{"virtio", PATH_DISK},
	{"virtfs", PATH_9P},
	{"virtiofs", PATH_VIRTIOFS},
};

__attribute__((format(printf, 4, 5))) static int fail(int code, char *why, size_t why_len,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, why_len, format, args);
	va_end(args);
	return code > 0 ? -code : -EIO;
}

/* Reads at most size - 1 bytes of a small file; a missing file is an empty text. */
static size_t read_small(const char *path, char *to, size_t size)
{
	cleanup(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, to, size - 1);

	to[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

static int mount_once(const char *type, const char *at, unsigned long flags)
{
	(void)mkdir(at, 0755);
	if (mount(type, at, type, flags, NULL) && errno != EBUSY)
		return -errno;
	return 0;
}

static int mount_proc(void)
{
	return access("/proc/cmdline", F_OK) ? mount_once("proc", "/proc", 0) : 0;
}

/* Copies the value of "key=value" (or "" for a bare "key") from the kernel's command
 * line; false when the key is not there. */
static bool boot_parameter(const char *key, char *value, size_t size)
{
	char line[4096];
	char *rest = NULL;
	size_t length = strlen(key);

	(void)read_small("/proc/cmdline", line, sizeof(line));
	for (char *word = strtok_r(line, " \n", &rest); word;
	     word = strtok_r(NULL, " \n", &rest)) {
		if (strncmp(word, key, length) || (word[length] && word[length] != '='))
			continue;
		(void)snprintf(value, size, "%s", word[length] ? word + length + 1 : "");
		return true;
	}
	return false;
}

bool guest_is_init(void)
{
	char ignored[8];

	if (getpid() != 1)
		return false;
	/* The kernel starts init without /proc; a container's is already there. */
	if (mount_proc())
		return false;
	return boot_parameter("tare.guest", ignored, sizeof(ignored));
}

static void sleep_step(void)
{
	struct timespec step = {.tv_nsec = WAIT_STEP_MS * 1000000L};

	(void)nanosleep(&step, NULL);
}

/* An initramfs without /dev/console starts init with no descriptors at all: without
 * these three the channel could become standard output. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < STDERR_FILENO)
		fd = dup(fd);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

/* ENODEV is an accelerated variant that this CPU lacks: the plain one is in the list. */
static int load_module(const char *file)
{
	char path[512];
	cleanup(fd) int fd = -1;

	(void)snprintf(path, sizeof(path), "%s%s", file[0] == '/' ? "" : MODULE_DIR "/",
		       file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST && errno != ENODEV)
		return -errno;
	return 0;
}

/* Loads one group of /modules/order ("group file" lines, dependencies first).  No
 * list, or no line of this group: the kernel has it built in. */
static int load_group(const char *group, char *why, size_t why_len)
{
	cleanup(file) FILE *order = fopen(MODULE_DIR "/order", "re");
	char line[512], name[32], file[448];
	int rc;

	while (order && fgets(line, sizeof(line), order)) {
		if (sscanf(line, "%31s %447s", name, file) != 2 || strcmp(name, group))
			continue;
		rc = load_module(file);
		if (rc)
			return fail(-rc, why, why_len, "cannot load module '%s': %s",
				    file, strerror(-rc));
	}
	return 0;
}

/* Finds the virtio-serial port by its name, never by its number. */
static bool find_port(char *path, size_t size)
{
	cleanup(dir) DIR *ports = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	char file[320], name[64];

	while (ports && (entry = readdir(ports))) {
		(void)snprintf(file, sizeof(file), "/sys/class/virtio-ports/%s/name",
			       entry->d_name);
		(void)read_small(file, name, sizeof(name));
		name[strcspn(name, "\n")] = '\0';
		if (strcmp(name, CHANNEL_NAME))
			continue;
		(void)snprintf(path, size, "/dev/%s", entry->d_name);
		return access(path, F_OK) == 0;
	}
	return false;
}

/* Until the host's side is known to be open, a read would look like its end. */
static bool host_is_there(int fd)
{
	struct pollfd entry = {.fd = fd, .events = POLLOUT};

	return poll(&entry, 1, 0) >= 0 && !(entry.revents & POLLHUP);
}

static int open_channel(char *why, size_t why_len)
{
	char path[320];
	cleanup(fd) int fd = -1;
	int waited = 0;

	for (; !find_port(path, sizeof(path)); waited += WAIT_STEP_MS, sleep_step())
		if (waited >= WAIT_MS)
			return fail(ENODEV, why, why_len,
				    "no virtio-serial port named '" CHANNEL_NAME "'");
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail(errno, why, why_len, "cannot open '%s': %m", path);
	for (; !host_is_there(fd); waited += WAIT_STEP_MS, sleep_step())
		if (waited >= WAIT_MS)
			return fail(EPIPE, why, why_len, "the host does not listen");
	return take_fd(&fd);
}

int guest_start(char *why, size_t why_len)
{
	static const struct {
		const char *type, *at;
	} mounts[] = {
		{"sysfs", "/sys"},
		{"devtmpfs", "/dev"},
	};
	int rc = mount_proc();

	if (rc)
		return fail(-rc, why, why_len, "cannot mount '/proc': %s", strerror(-rc));
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		rc = mount_once(mounts[i].type, mounts[i].at, 0);
		if (rc)
			return fail(-rc, why, why_len, "cannot mount '%s': %s",
				    mounts[i].at, strerror(-rc));
	}
	open_console();
	/* Without it fio's shared memory and the agent's files would have no place. */
	(void)mount_once("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV);
	(void)mkdir("/tmp", 01777);
	rc = load_group("channel", why, why_len);
	return rc ? rc : open_channel(why, why_len);
}

static bool has_serial(const char *file, size_t skip, const char *serial)
{
	char text[256];
	size_t length = read_small(file, text, sizeof(text));
	const char *at = text + skip;

	if (length <= skip)
		return false;
	while (*at == ' ')
		at++;
	length = strlen(serial);
	return !strncmp(at, serial, length) &&
	       strspn(at + length, " \n") == strlen(at + length);
}

/* virtio-blk names its serial itself; SCSI and ATA disks behind a 4-byte page head. */
static bool disk_is(const char *disk, const char *serial)
{
	char file[320];

	(void)snprintf(file, sizeof(file), "/sys/block/%s/serial", disk);
	if (has_serial(file, 0, serial))
		return true;
	(void)snprintf(file, sizeof(file), "/sys/block/%s/device/vpd_pg80", disk);
	return has_serial(file, 4, serial);
}

static bool find_disk(const char *serial, char *path, size_t size)
{
	cleanup(dir) DIR *disks = opendir("/sys/block");
	struct dirent *entry;

	while (disks && (entry = readdir(disks))) {
		if (entry->d_name[0] == '.' || !disk_is(entry->d_name, serial))
			continue;
		(void)snprintf(path, size, "/dev/%s", entry->d_name);
		return access(path, F_OK) == 0;
	}
	return false;
}

/* /run/tare/<path> names the disk, whatever letter the kernel gave it. */
static int link_disk(const char *name, const char *tag, char *why, size_t why_len)
{
	char disk[320], link[128];
	int waited = 0;

	for (; !find_disk(tag, disk, sizeof(disk)); waited += WAIT_STEP_MS, sleep_step())
		if (waited >= WAIT_MS)
			return fail(ENODEV, why, why_len, "no disk with serial '%s'",
				    tag);
	(void)mkdir("/run", 0755);
	(void)mkdir(LINK_DIR, 0755);
	(void)snprintf(link, sizeof(link), LINK_DIR "/%s", name);
	if (symlink(disk, link) && errno != EEXIST)
		return fail(errno, why, why_len, "cannot make '%s': %m", link);
	/* Linux drops a block device's page cache at its last close: held open for as
	 * long as the guest lives, so that what a job warmed is there for the next one.
	 */
	if (open(disk, O_RDONLY | O_CLOEXEC) < 0)
		return fail(errno, why, why_len, "cannot open '%s': %m", disk);
	return 0;
}

static void mount_options(enum path_kind kind, char *options, size_t size)
{
	char msize[32] = "", cache[32] = "none";

	options[0] = '\0';
	if (kind != PATH_9P)
		return;
	(void)boot_parameter("tare.9pcache", cache, sizeof(cache));
	if (boot_parameter("tare.msize", msize, sizeof(msize)))
		(void)snprintf(options, size,
			       "trans=virtio,version=9p2000.L,cache=%s,msize=%s", cache,
			       msize);
	else
		(void)snprintf(options, size, "trans=virtio,version=9p2000.L,cache=%s",
			       cache);
}

static int mount_share(const struct guest_path *path, const char *tag, char *why,
		       size_t why_len)
{
	const char *type = path->kind == PATH_9P ? "9p" : "virtiofs";
	char at[64], options[160];
	int waited = 0;

	(void)snprintf(at, sizeof(at), "/mnt/%s", path->name);
	(void)mkdir("/mnt", 0755);
	(void)mkdir(at, 0755);
	mount_options(path->kind, options, sizeof(options));
	/* A tag whose device is still being probed is not known yet. */
	while (mount(tag, at, type, MS_NOSUID | MS_NODEV, options)) {
		if (errno == EBUSY)
			return 0;
		if ((errno != ENOENT && errno != EINVAL) || waited >= WAIT_MS / 4)
			return fail(errno, why, why_len, "cannot mount '%s' (%s): %m",
				    tag, options);
		waited += WAIT_STEP_MS;
		sleep_step();
	}
	return 0;
}

int guest_prepare(const char *name, char *why, size_t why_len)
{
	const struct guest_path *path = NULL;
	char tag[64];
	int rc;

	for (size_t i = 0; i < sizeof(guest_paths) / sizeof(guest_paths[0]); i++)
		if (!strcmp(guest_paths[i].name, name))
			path = &guest_paths[i];
	if (!path)
		return fail(EINVAL, why, why_len, "a guest has no path '%.32s'", name);
	rc = load_group(path->name, why, why_len);
	if (rc)
		return rc;
	(void)snprintf(tag, sizeof(tag), "tare-%s", path->name);
	if (path->kind == PATH_DISK)
		return link_disk(path->name, tag, why, why_len);
	return mount_share(path, tag, why, why_len);
}

_Noreturn void guest_power_off(void)
{
	sync();
	(void)reboot(RB_POWER_OFF);
	/* Without ACPI the machine is still here: an ended init panics it, and
	 * panic=-1 ends it. */
	_exit(1);
}
