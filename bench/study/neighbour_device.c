/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_device.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

#define FILE_TEXT_MAX 512

static bool read_line(const char *path, char *to, size_t size)
{
	cleanup(file) FILE *stream = fopen(path, "re");

	to[0] = '\0';
	if (!stream || !fgets(to, (int)size, stream))
		return false;
	to[strcspn(to, "\n")] = '\0';
	return true;
}

/* The word in brackets is the one in use: "none [mq-deadline] bfq". */
static void take_scheduler(const char *text, char *to, size_t size)
{
	const char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;

	if (close)
		(void)snprintf(to, size, "%.*s", (int)(close - open - 1), open + 1);
	else
		(void)snprintf(to, size, "%s", text);
}

static void device_path(const struct neighbour_device *device, const char *file, char *to,
			size_t size)
{
	(void)snprintf(to, size, "%s/sys/dev/block/%u:%u/%s", device->root, device->major,
		       device->minor, file);
}

/* A partition has no queue: its disk has. */
static void climb_to_disk(struct neighbour_device *device)
{
	char path[PATH_MAX], text[FILE_TEXT_MAX];

	device_path(device, "partition", path, sizeof(path));
	if (!read_line(path, text, sizeof(text)))
		return;
	device_path(device, "../dev", path, sizeof(path));
	if (read_line(path, text, sizeof(text)))
		(void)sscanf(text, "%u:%u", &device->major, &device->minor);
}

void neighbour_device_at(const char *root, dev_t number, const char *kind,
			 struct neighbour_device *ret)
{
	char path[PATH_MAX], text[FILE_TEXT_MAX];

	*ret = (struct neighbour_device){
		.root = root, .major = major(number), .minor = minor(number)};
	climb_to_disk(ret);
	device_path(ret, "stat", path, sizeof(path));
	if (!read_line(path, text, sizeof(text))) {
		(void)snprintf(ret->missing, sizeof(ret->missing),
			       "the data file's file system (%s) is on no block device "
			       "that limits could be set for; name a folder on one with "
			       "--scratch",
			       kind);
		return;
	}
	device_path(ret, "queue/scheduler", path, sizeof(path));
	(void)read_line(path, text, sizeof(text));
	take_scheduler(text, ret->scheduler, sizeof(ret->scheduler));
}

/* What file systems with this device number are called. */
static void find_kind(dev_t number, char *to, size_t size)
{
	cleanup(file) FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *entry;
	struct stat info;

	(void)snprintf(to, size, "unknown");
	while (mounts && (entry = getmntent(mounts)))
		if (!stat(entry->mnt_dir, &info) && info.st_dev == number)
			(void)snprintf(to, size, "%s", entry->mnt_type);
}

void neighbour_device_find(const char *path, struct neighbour_device *ret)
{
	char kind[64];
	struct stat info;

	if (stat(path, &info)) {
		*ret = (struct neighbour_device){.root = ""};
		(void)snprintf(ret->missing, sizeof(ret->missing), "no data file");
		return;
	}
	find_kind(info.st_dev, kind, sizeof(kind));
	neighbour_device_at("", info.st_dev, kind, ret);
}

/* A line of the disk's own in a file of the hierarchy's root group: "254:0 enable=1 …" */
static bool has_iocost(const struct neighbour_device *device,
		       const struct cgroup_hierarchy *hierarchy)
{
	char path[PATH_MAX], line[FILE_TEXT_MAX];
	cleanup(file) FILE *stream = NULL;
	unsigned found_major, found_minor;
	int enabled;

	(void)snprintf(path, sizeof(path), "%s/io.cost.qos", hierarchy->root);
	stream = fopen(path, "re");
	while (stream && fgets(line, sizeof(line), stream))
		if (sscanf(line, "%u:%u enable=%d", &found_major, &found_minor,
			   &enabled) == 3 &&
		    found_major == device->major && found_minor == device->minor)
			return enabled == 1;
	return false;
}

enum neighbour_heed neighbour_device_heeds(const struct neighbour_device *device,
					   const struct cgroup_hierarchy *hierarchy,
					   char *why, size_t size)
{
	if (!strcmp(device->scheduler, "bfq"))
		return HEED_BFQ;
	if (!strcmp(device->scheduler, "cfq") && !hierarchy->unified)
		return HEED_CFQ;
	if (hierarchy->unified && has_iocost(device, hierarchy))
		return HEED_IOCOST;
	(void)snprintf(why, size,
		       "the disk %u:%u heeds no weights: its scheduler is '%s'%s; write "
		       "bfq to /sys/dev/block/%u:%u/queue/scheduler",
		       device->major, device->minor,
		       device->scheduler[0] ? device->scheduler : "none",
		       hierarchy->unified ? " and io.cost is not enabled for it" : "",
		       device->major, device->minor);
	return HEED_NOTHING;
}

/* "254:0 Read 4096" in version 1. */
static bool add_v1(const struct neighbour_device *device,
		   const struct cgroup_hierarchy *hierarchy, const char *group,
		   const char *file, uint64_t *reads, uint64_t *writes)
{
	char path[PATH_MAX], line[FILE_TEXT_MAX], word[16];
	cleanup(file) FILE *stream = NULL;
	unsigned found_major, found_minor;
	uint64_t value;

	(void)snprintf(path, sizeof(path), "%s/%s/%s", hierarchy->dir, group, file);
	stream = fopen(path, "re");
	while (stream && fgets(line, sizeof(line), stream)) {
		if (sscanf(line, "%u:%u %15s %" SCNu64, &found_major, &found_minor, word,
			   &value) != 4 ||
		    found_major != device->major || found_minor != device->minor)
			continue;
		if (!strcmp(word, "Read"))
			*reads = value;
		else if (!strcmp(word, "Write"))
			*writes = value;
	}
	return stream != NULL;
}

/* "254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0" in version 2; a group that did
 * nothing has no line. */
static int moved_v2(const struct neighbour_device *device,
		    const struct cgroup_hierarchy *hierarchy, const char *group,
		    struct neighbour_moved *ret)
{
	char path[PATH_MAX], line[FILE_TEXT_MAX];
	cleanup(file) FILE *stream = NULL;
	struct neighbour_moved moved = {0};
	unsigned found_major, found_minor;

	(void)snprintf(path, sizeof(path), "%s/%s/io.stat", hierarchy->dir, group);
	stream = fopen(path, "re");
	if (!stream)
		return -ENOTSUP;
	while (fgets(line, sizeof(line), stream))
		if (sscanf(line,
			   "%u:%u rbytes=%" SCNu64 " wbytes=%" SCNu64 " rios=%" SCNu64
			   " wios=%" SCNu64,
			   &found_major, &found_minor, &moved.read_bytes,
			   &moved.write_bytes, &moved.read_ios, &moved.write_ios) == 6 &&
		    found_major == device->major && found_minor == device->minor) {
			*ret = moved;
			return 0;
		}
	*ret = (struct neighbour_moved){0};
	return 0;
}

int neighbour_device_moved(const struct neighbour_device *device,
			   const struct cgroup_hierarchy *hierarchy, const char *group,
			   struct neighbour_moved *ret)
{
	struct neighbour_moved moved = {0};

	if (hierarchy->unified)
		return moved_v2(device, hierarchy, group, ret);
	if (!add_v1(device, hierarchy, group, "blkio.throttle.io_service_bytes",
		    &moved.read_bytes, &moved.write_bytes) ||
	    !add_v1(device, hierarchy, group, "blkio.throttle.io_serviced",
		    &moved.read_ios, &moved.write_ios))
		return -ENOTSUP;
	*ret = moved;
	return 0;
}
