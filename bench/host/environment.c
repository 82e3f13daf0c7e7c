/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cheap readings around each block: load, pressure, steal, disk traffic. */
#include "bench/host/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/results/sample.h"

#define SECTOR_BYTES 512 /* of /proc/diskstats and /sys/dev/block/…/stat, always */

/* Whole small file as text, NUL-ended; false when it cannot be read. */
static bool read_small(const char *path, char *to, size_t size)
{
	cleanup(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, to, size - 1);

	if (got < 0)
		return false;
	to[got] = '\0';
	return true;
}

/* Eighth number of /proc/stat's first line, in clock ticks (proc(5)). */
uint64_t environment_steal_ns(void)
{
	unsigned long long steal;
	char text[512];
	long hz = sysconf(_SC_CLK_TCK);

	if (!read_small("/proc/stat", text, sizeof(text)) ||
	    sscanf(text, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &steal) != 1 || hz <= 0)
		return SAMPLE_NONE;
	return steal * (1000000000ull / (unsigned long long)hz);
}

double environment_load1(void)
{
	char text[128];
	double load;

	if (!read_small("/proc/loadavg", text, sizeof(text)) ||
	    sscanf(text, "%lf", &load) != 1)
		return -1;
	return load;
}

double environment_psi_cpu(void)
{
	char text[256];
	double some;

	if (!read_small("/proc/pressure/cpu", text, sizeof(text)) ||
	    sscanf(text, "some avg10=%lf", &some) != 1)
		return -1;
	return some;
}

/* As cpufreq has it; a guest seldom has one. */
uint64_t environment_cpu_khz(unsigned cpu)
{
	unsigned long long khz;
	char path[96], text[64];

	(void)snprintf(path, sizeof(path),
		       "/sys/devices/system/cpu/cpu%u/cpufreq/scaling_cur_freq", cpu);
	if (!read_small(path, text, sizeof(text)) || sscanf(text, "%llu", &khz) != 1)
		return 0;
	return khz;
}

/* A loop device counts what the file behind it may have served from the page cache: the
 * disk is the one that holds that file. */
#define LOOPS_MAX 4
static bool find_disk(const char *path, dev_t *ret)
{
	char file[PATH_MAX], backing[96];
	struct stat info;

	if (!path || stat(path, &info))
		return false;
	for (int depth = 0; depth < LOOPS_MAX; depth++) {
		(void)snprintf(backing, sizeof(backing),
			       "/sys/dev/block/%u:%u/loop/backing_file",
			       major(info.st_dev), minor(info.st_dev));
		if (!read_small(backing, file, sizeof(file)))
			break;
		file[strcspn(file, "\n")] = '\0';
		if (stat(file, &info))
			return false;
	}
	*ret = info.st_dev;
	return true;
}

struct disk_bytes environment_disk_bytes(const char *path)
{
	struct disk_bytes bytes = {SAMPLE_NONE, SAMPLE_NONE};
	unsigned long long read_sectors, written_sectors;
	char stat_path[64], text[512];
	dev_t disk;

	if (!find_disk(path, &disk))
		return bytes;
	(void)snprintf(stat_path, sizeof(stat_path), "/sys/dev/block/%u:%u/stat",
		       major(disk), minor(disk));
	if (read_small(stat_path, text, sizeof(text)) &&
	    sscanf(text, "%*u %*u %llu %*u %*u %*u %llu", &read_sectors,
		   &written_sectors) == 2) {
		bytes.read = read_sectors * SECTOR_BYTES;
		bytes.written = written_sectors * SECTOR_BYTES;
	}
	return bytes;
}
