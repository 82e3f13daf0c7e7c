/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of /proc, /sys and /dev a program may open. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/agent/errno_name.h"
#include "bench/agent/traits.h"

/* Opening does nothing to any of these (a watchdog would start; it is not here), and
 * nothing is read: /proc/kmsg takes away what is read. */
static const char *const paths[] = {
	"/proc/cpuinfo",
	"/proc/meminfo",
	"/proc/stat",
	"/proc/loadavg",
	"/proc/uptime",
	"/proc/diskstats",
	"/proc/partitions",
	"/proc/interrupts",
	"/proc/softirqs",
	"/proc/vmstat",
	"/proc/zoneinfo",
	"/proc/slabinfo",
	"/proc/buddyinfo",
	"/proc/swaps",
	"/proc/modules",
	"/proc/filesystems",
	"/proc/mounts",
	"/proc/cmdline",
	"/proc/version",
	"/proc/config.gz",
	"/proc/kallsyms",
	"/proc/kcore",
	"/proc/kmsg",
	"/proc/keys",
	"/proc/timer_list",
	"/proc/sched_debug",
	"/proc/sysrq-trigger",
	"/proc/net/dev",
	"/proc/pressure/cpu",
	"/proc/self/pagemap",
	"/proc/sys/kernel/core_pattern",
	"/proc/sys/kernel/hostname",
	"/proc/sys/kernel/perf_event_paranoid",
	"/proc/sys/kernel/shmmax",
	"/proc/sys/vm/drop_caches",
	"/proc/sys/vm/overcommit_memory",
	"/proc/sys/vm/swappiness",
	"/proc/sys/net/core/somaxconn",
	"/proc/sys/fs/file-max",
	"/sys/kernel/mm/transparent_hugepage/enabled",
	"/sys/kernel/mm/ksm/run",
	"/sys/kernel/debug",
	"/sys/kernel/tracing",
	"/sys/kernel/security",
	"/sys/kernel/vmcoreinfo",
	"/sys/fs/cgroup",
	"/sys/fs/cgroup/memory",
	"/sys/firmware",
	"/sys/class/block",
	"/sys/class/net",
	"/sys/class/dmi/id/product_uuid",
	"/sys/devices/system/cpu/online",
	"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
	"/sys/devices/system/cpu/vulnerabilities/meltdown",
	"/sys/devices/system/node/node0/meminfo",
	"/dev/null",
	"/dev/zero",
	"/dev/full",
	"/dev/random",
	"/dev/urandom",
	"/dev/tty",
	"/dev/ptmx",
	"/dev/shm",
	"/dev/mqueue",
	"/dev/kmsg",
	"/dev/mem",
	"/dev/kvm",
	"/dev/fuse",
	"/dev/net/tun",
	"/dev/loop-control",
};

/* Root may write to what has no write bit, which says nothing. */
static bool is_written(const char *path)
{
	struct stat status;

	return !stat(path, &status) && status.st_mode & 0222 && !access(path, W_OK);
}

void traits_files(FILE *to)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int fd = open(paths[i], O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		int code = fd < 0 ? errno : 0;

		if (fd >= 0)
			(void)close(fd);
		/* Write-only files (sysrq-trigger) refuse to be read. */
		fprintf(to, "file.%s=%s%s\n", paths[i],
			fd < 0 ? errno_name(code) : "read",
			is_written(paths[i]) ? " write" : "");
	}
}
