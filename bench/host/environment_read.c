/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host as found, for the record of a run. */
#include <cpuid.h>
#include <errno.h>
#include <glob.h>
#include <mntent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/host/environment.h"
#include "bench/host/image.h"
#include "bench/base/program.h"
#include "bench/results/sample.h"
#include "bench/base/version.h"

#define FILE_MAX (64u << 10)

/* Failure is remembered, so that a reader lists facts and checks once. */
struct reader {
	struct facts *into;
	int rc;
};

static void put(struct reader *reader, const char *name, const char *value,
		const char *source)
{
	if (!reader->rc)
		reader->rc = facts_add(reader->into, name, NULL, value, source);
}

__attribute__((format(printf, 4, 5))) static void put_format(struct reader *reader,
							     const char *name,
							     const char *source,
							     const char *format, ...)
{
	cleanup(free) char *value = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&value, format, args);
	va_end(args);
	if (length < 0)
		reader->rc = -ENOMEM;
	else
		put(reader, name, value, source);
}

/* A small file's text without its last newline; nothing when it cannot be read. */
static void put_file(struct reader *reader, const char *name, const char *path)
{
	cleanup(free) char *text = calloc(1, FILE_MAX);
	cleanup(file) FILE *file = fopen(path, "re");
	size_t length;

	if (!text || !file)
		return;
	length = fread(text, 1, FILE_MAX - 1, file);
	while (length && (text[length - 1] == '\n' || text[length - 1] == ' '))
		text[--length] = '\0';
	if (length)
		put(reader, name, text, path);
}

static void put_kernel(struct reader *reader)
{
	struct utsname names;

	if (!uname(&names)) {
		put_format(reader, "kernel", "uname(2)", "%s %s", names.sysname,
			   names.release);
		put(reader, "kernel.build", names.version, "uname(2)");
		put(reader, "machine", names.machine, "uname(2)");
		put(reader, "host.name", names.nodename, "uname(2)");
	}
	put_file(reader, "kernel.command_line", "/proc/cmdline");
	put_file(reader, "os", "/etc/debian_version");
	put_file(reader, "clocksource",
		 "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	put_file(reader, "thp", "/sys/kernel/mm/transparent_hugepage/enabled");
	put_file(reader, "ksm", "/sys/kernel/mm/ksm/run");
	put_file(reader, "aslr", "/proc/sys/kernel/randomize_va_space");
	put_file(reader, "timer",
		 "/sys/devices/system/clockevents/clockevent0/current_device");
	put_file(reader, "numa.balancing", "/proc/sys/kernel/numa_balancing");
	put_file(reader, "numa.nodes", "/sys/devices/system/node/online");
	put_file(reader, "swaps", "/proc/swaps");
	put_file(reader, "limits", "/proc/self/limits");
	put_file(reader, "load", "/proc/loadavg");
}

/* Value behind "key<blanks>: " in /proc/cpuinfo's first entry. */
static void put_cpuinfo(struct reader *reader, const char *name, const char *key)
{
	cleanup(file) FILE *file = fopen("/proc/cpuinfo", "re");
	char line[8192];

	while (file && fgets(line, sizeof(line), file)) {
		char *colon = strchr(line, ':');

		if (!colon || strncmp(line, key, strlen(key)))
			continue;
		line[strcspn(line, "\n")] = '\0';
		put(reader, name, colon[1] ? colon + 2 : "", "/proc/cpuinfo");
		return;
	}
}

static void put_cpu(struct reader *reader, const struct topology *topology)
{
	put_cpuinfo(reader, "cpu.model", "model name");
	put_cpuinfo(reader, "cpu.microcode", "microcode");
	put_cpuinfo(reader, "cpu.flags", "flags");
	put_format(reader, "cpu.count", "hwloc", "%u", topology_cpu_nr(topology));
	put_file(reader, "cpu.governor",
		 "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
	put_file(reader, "cpu.smt", "/sys/devices/system/cpu/smt/active");
	for (unsigned level = 1; level <= 3; level++) {
		uint64_t bytes = topology_cache_bytes(topology, level);
		char name[16];

		(void)snprintf(name, sizeof(name), "cache.l%u", level);
		if (bytes)
			put_format(reader, name, "hwloc", "%llu",
				   (unsigned long long)bytes);
	}
}

static void put_mitigations(struct reader *reader)
{
	glob_t found;

	if (glob("/sys/devices/system/cpu/vulnerabilities/*", 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char name[96];

		(void)snprintf(name, sizeof(name), "mitigation.%s",
			       strrchr(found.gl_pathv[i], '/') + 1);
		put_file(reader, name, found.gl_pathv[i]);
	}
	globfree(&found);
}

static void put_memory(struct reader *reader)
{
	struct sysinfo info;

	if (sysinfo(&info))
		return;
	put_format(reader, "memory.total_bytes", "sysinfo(2)", "%llu",
		   (unsigned long long)info.totalram * info.mem_unit);
	put_format(reader, "memory.swap_bytes", "sysinfo(2)", "%llu",
		   (unsigned long long)info.totalswap * info.mem_unit);
}

/* Which hierarchies there are: "v1: cpu,memory,…; v2: controllers…". */
static void put_cgroups(struct reader *reader)
{
	cleanup(file) FILE *mounts = setmntent("/proc/self/mounts", "re");
	char text[1024] = "";
	size_t used = 0;
	struct mntent *entry;

	while (mounts && (entry = getmntent(mounts))) {
		int wrote;

		if (strncmp(entry->mnt_type, "cgroup", 6) || used >= sizeof(text) - 1)
			continue;
		wrote = snprintf(text + used, sizeof(text) - used, "%s%s at %s (%s)",
				 used ? "; " : "", entry->mnt_type[6] ? "v2" : "v1",
				 entry->mnt_dir, entry->mnt_opts);
		used += wrote > 0 ? (size_t)wrote : 0;
	}
	put(reader, "cgroup.layout", text, "/proc/self/mounts");
	put_file(reader, "cgroup.own", "/proc/self/cgroup");
}

/* Who answers where only a hypervisor does: "KVMKVMKVM", "TCGTCGTCGTCG" (emulated). */
static void put_cpuid(struct reader *reader)
{
	char text[13] = "";
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 31)))
		return;
	__cpuid(0x40000000, a, b, c, d);
	memcpy(text, &b, sizeof(b));
	memcpy(text + 4, &c, sizeof(c));
	memcpy(text + 8, &d, sizeof(d));
	for (char *at = text; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	put(reader, "hypervisor.cpuid", text, "CPUID 0x40000000");
}

static void put_hypervisor(struct reader *reader)
{
	put_file(reader, "hypervisor.product", "/sys/class/dmi/id/product_name");
	put_file(reader, "hypervisor.vendor", "/sys/class/dmi/id/sys_vendor");
	put_file(reader, "hypervisor.type", "/sys/hypervisor/type");
	put_cpuid(reader);
}

/* The mount that holds `path`: the one with the path's device number. */
static void put_mount(struct reader *reader, const char *path)
{
	cleanup(file) FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct stat want, have;
	struct mntent *entry;

	if (!mounts || stat(path, &want))
		return;
	while ((entry = getmntent(mounts))) {
		if (stat(entry->mnt_dir, &have) || have.st_dev != want.st_dev)
			continue;
		put_format(reader, "scratch.file_system", "/proc/self/mounts",
			   "%s on %s at %s (%s)", entry->mnt_type, entry->mnt_fsname,
			   entry->mnt_dir, entry->mnt_opts);
		return;
	}
}

/* Are there counters to hold direct I/O against? */
static void put_counters(struct reader *reader, const char *scratch)
{
	if (environment_disk_bytes(scratch).read == SAMPLE_NONE)
		put(reader, "scratch.disk_counters",
		    "none: direct I/O is not checked against the host's disk",
		    "/sys/dev/block");
}

static void put_disk(struct reader *reader, const char *scratch)
{
	char path[128], link[512];
	struct stat info;
	ssize_t length;

	if (!scratch || stat(scratch, &info))
		return;
	put_mount(reader, scratch);
	put_counters(reader, scratch);
	(void)snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(info.st_dev),
		       minor(info.st_dev));
	length = readlink(path, link, sizeof(link) - 1);
	if (length <= 0)
		return;
	link[length] = '\0';
	put(reader, "scratch.block_device", strrchr(link, '/') + 1, path);
	(void)snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/queue/scheduler",
		       major(info.st_dev), minor(info.st_dev));
	put_file(reader, "scratch.io_scheduler", path);
	(void)snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/queue/rotational",
		       major(info.st_dev), minor(info.st_dev));
	put_file(reader, "scratch.rotational", path);
}

/* dpkg-query complains when one of them is not installed, and still names the others. */
static void put_packages(struct reader *reader)
{
	static const char *const argv[] = {"dpkg-query",  "-W",
					   "-f",	  "${Package} ${Version}\n",
					   "libvirt0",	  "qemu-system-x86",
					   "seabios",	  "liblxc1",
					   "fio",	  "libhwloc15",
					   "libgsl27",	  "libsqlite3-0",
					   "gnuplot-nox", NULL};
	cleanup(free) char *text = calloc(1, FILE_MAX);
	cleanup(fd) int fd = memfd_create("packages", MFD_CLOEXEC);
	char output[64];
	const struct program query = {.argv = argv, .output = output};
	struct err ignored = {0};

	(void)snprintf(output, sizeof(output), "/proc/%d/fd/%d", getpid(), fd);
	if (!text || fd < 0)
		return;
	(void)program_run(&query, &ignored);
	if (pread(fd, text, FILE_MAX - 1, 0) > 0)
		put(reader, "packages", text, argv[0]);
}

static void put_image(struct reader *reader, const struct image *image)
{
	static const char *const keys[] = {"tree_sha256",    "agent_sha256",
					   "fio_sha256",     "fio_version",
					   "kernel_version", "kernel_package"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = image_manifest(image, keys[i]);
		char name[64];

		(void)snprintf(name, sizeof(name), "image.%s", keys[i]);
		if (value)
			put(reader, name, value, "manifest");
	}
}

static void put_noise(struct reader *reader)
{
	struct noise noise[NOISE_MAX];
	size_t nr = environment_noise(noise);

	for (size_t i = 0; i < nr; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "noise.%.*s",
			       (int)sizeof(noise[i].what) - 1, noise[i].what);
		put_format(reader, name, "doctor", "%s (%s)", noise[i].value,
			   noise[i].advice);
	}
}

int environment_read(const struct topology *topology, const struct image *image,
		     const char *scratch, struct facts *into, struct err *err)
{
	cleanup(free) char *xml = NULL;
	struct reader reader = {.into = into};
	struct err ignored = {0};

	put(&reader, "tare", TARE_VERSION, "version.h");
	put_kernel(&reader);
	put_cpu(&reader, topology);
	put_mitigations(&reader);
	put_memory(&reader);
	put_cgroups(&reader);
	put_hypervisor(&reader);
	put_disk(&reader, scratch);
	put_packages(&reader);
	if (image)
		put_image(&reader, image);
	put_noise(&reader);
	if (!topology_xml(topology, &xml, &ignored))
		put(&reader, "hwloc.xml", xml, "hwloc");
	return reader.rc ? err_fail(err, ENOMEM, "no memory for the environment") : 0;
}
