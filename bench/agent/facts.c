/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program sees of its platform, as "key=value" lines. */
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/agent/agent.h"
#include "bench/agent/stream.h"

static void put_line(FILE *to, const char *key, const char *value)
{
	fprintf(to, "%s=%.*s\n", key, (int)strcspn(value, "\n"), value);
}

static void put_file(FILE *to, const char *key, const char *path)
{
	char line[512] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return;
	if (fgets(line, sizeof(line), file))
		put_line(to, key, line);
	(void)fclose(file);
}

/* Lines "key<separator>value" of a file, those whose key is asked for. */
static void put_keyed(FILE *to, const char *path, const char *key, const char *name)
{
	char line[8192];
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		char *value = strchr(line, ':');

		if (!value || strncmp(line, key, strlen(key)))
			continue;
		value++;
		put_line(to, name, value + strspn(value, " \t"));
		break;
	}
	if (file)
		(void)fclose(file);
}

static void put_names(FILE *to)
{
	struct utsname names;

	if (uname(&names))
		return;
	put_line(to, "kernel", names.release);
	put_line(to, "kernel_build", names.version);
	put_line(to, "machine", names.machine);
}

static void put_cpus(FILE *to)
{
	cpu_set_t set;

	fprintf(to, "cpus_online=%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	fprintf(to, "cpus_allowed=%d\n", CPU_COUNT(&set));
	fprintf(to, "cpu_list=");
	for (int cpu = 0, first = 1; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set)) {
			fprintf(to, "%s%d", first ? "" : ",", cpu);
			first = 0;
		}
	fprintf(to, "\n");
}

static void put_memory(FILE *to)
{
	struct sysinfo info;

	if (!sysinfo(&info))
		fprintf(to, "memory_total_bytes=%llu\n",
			(unsigned long long)info.totalram * info.mem_unit);
	fprintf(to, "page_bytes=%ld\n", sysconf(_SC_PAGESIZE));
	put_keyed(to, "/proc/meminfo", "Cached", "memory_cached");
	put_keyed(to, "/proc/meminfo", "Buffers", "memory_buffers");
}

static void put_limits(FILE *to)
{
	static const struct {
		const char *name;
		int resource;
	} limits[] = {{"nofile", RLIMIT_NOFILE},
		      {"nproc", RLIMIT_NPROC},
		      {"memlock", RLIMIT_MEMLOCK},
		      {"stack", RLIMIT_STACK}};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit;

		if (!getrlimit((__rlimit_resource_t)limits[i].resource, &limit))
			fprintf(to, "rlimit_%s=%lld\n", limits[i].name,
				limit.rlim_cur == RLIM_INFINITY
					? -1ll
					: (long long)limit.rlim_cur);
	}
}

/* "4:memory:/x" → cgroup.memory=/x; the unified hierarchy's name is empty. */
static void put_cgroups(FILE *to)
{
	char line[512];
	FILE *file = fopen("/proc/self/cgroup", "re");

	while (file && fgets(line, sizeof(line), file)) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		char key[128];

		if (!path)
			continue;
		*path = '\0';
		(void)snprintf(key, sizeof(key), "cgroup.%.100s",
			       controllers[1] ? controllers + 1 : "unified");
		put_line(to, key, path + 1);
	}
	if (file)
		(void)fclose(file);
}

/* Options of what is mounted on the disk paths' folders: msize, cache, trans. */
static void put_mounts(FILE *to)
{
	char line[1024];
	FILE *file = fopen("/proc/self/mounts", "re");

	while (file && fgets(line, sizeof(line), file)) {
		char at[256], type[64], options[512], key[320];

		if (sscanf(line, "%*s %255s %63s %511s", at, type, options) != 3 ||
		    (strncmp(at, "/mnt/", 5) && strcmp(at, "/") && strcmp(at, "/data")))
			continue;
		(void)snprintf(key, sizeof(key), "mount.%s", at);
		fprintf(to, "%s=%s %s\n", key, type, options);
	}
	if (file)
		(void)fclose(file);
}

static void put_all(FILE *to)
{
	put_names(to);
	put_cpus(to);
	put_memory(to);
	put_limits(to);
	put_cgroups(to);
	put_mounts(to);
	put_file(to, "clocksource",
		 "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	put_file(to, "thp", "/sys/kernel/mm/transparent_hugepage/enabled");
	put_file(to, "uid_map", "/proc/self/uid_map");
	put_file(to, "aslr", "/proc/sys/kernel/randomize_va_space");
	put_keyed(to, "/proc/cpuinfo", "model name", "cpu_model");
	put_keyed(to, "/proc/cpuinfo", "flags", "cpu_flags");
	put_keyed(to, "/proc/self/status", "CapEff", "capabilities");
	put_keyed(to, "/proc/self/status", "Seccomp", "seccomp");
}

int facts_answer(int channel, uint64_t begun_ns)
{
	char *text = NULL;
	size_t length = 0;
	FILE *to = open_memstream(&text, &length);
	int rc;

	if (!to)
		return stream_write(channel, PROTO_FACTS, NULL, 0, NULL, 0);
	fprintf(to, "begun_ns=%llu\n", (unsigned long long)begun_ns);
	put_all(to);
	(void)fclose(to);
	if (length > PROTO_TEXT_MAX)
		length = PROTO_TEXT_MAX;
	rc = stream_write(channel, PROTO_FACTS, text, length, NULL, 0);
	free(text);
	return rc;
}
