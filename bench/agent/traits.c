/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/agent/traits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/agent/agent.h"
#include "bench/agent/stream.h"

static void put_first_line(FILE *to, const char *key, const char *path)
{
	char line[128] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return;
	if (fgets(line, sizeof(line), file))
		fprintf(to, "%s=%.*s\n", key, (int)strcspn(line, "\n"), line);
	(void)fclose(file);
}

/* Of the first CPU, as programs read them to choose block sizes. */
static void put_caches(FILE *to)
{
	static const char *const what[] = {"level", "type", "size", "shared_cpu_list"};

	for (int i = 0; i < 6; i++)
		for (size_t k = 0; k < sizeof(what) / sizeof(what[0]); k++) {
			char path[128], key[64];

			(void)snprintf(path, sizeof(path),
				       "/sys/devices/system/cpu/cpu0/cache/index%d/%s", i,
				       what[k]);
			(void)snprintf(key, sizeof(key), "cache.%d.%s", i, what[k]);
			put_first_line(to, key, path);
		}
}

static void put_limits(FILE *to)
{
	static const struct {
		const char *name;
		int resource;
	} limits[] = {{"as", RLIMIT_AS},
		      {"core", RLIMIT_CORE},
		      {"cpu", RLIMIT_CPU},
		      {"data", RLIMIT_DATA},
		      {"fsize", RLIMIT_FSIZE},
		      {"locks", RLIMIT_LOCKS},
		      {"memlock", RLIMIT_MEMLOCK},
		      {"msgqueue", RLIMIT_MSGQUEUE},
		      {"nice", RLIMIT_NICE},
		      {"nofile", RLIMIT_NOFILE},
		      {"nproc", RLIMIT_NPROC},
		      {"rss", RLIMIT_RSS},
		      {"rtprio", RLIMIT_RTPRIO},
		      {"rttime", RLIMIT_RTTIME},
		      {"sigpending", RLIMIT_SIGPENDING},
		      {"stack", RLIMIT_STACK}};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)limits[i].resource, &limit))
			continue;
		fprintf(to, "limit.%s=%lld %lld\n", limits[i].name,
			limit.rlim_cur == RLIM_INFINITY ? -1ll
							: (long long)limit.rlim_cur,
			limit.rlim_max == RLIM_INFINITY ? -1ll
							: (long long)limit.rlim_max);
	}
}

void traits_machine(FILE *to)
{
	fprintf(to, "cpu.online=%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
	fprintf(to, "cpu.configured=%ld\n", sysconf(_SC_NPROCESSORS_CONF));
	put_first_line(to, "cpu.package",
		       "/sys/devices/system/cpu/cpu0/topology/physical_package_id");
	put_first_line(to, "cpu.siblings",
		       "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list");
	put_first_line(to, "cpu.nodes", "/sys/devices/system/node/online");
	put_caches(to);
	put_limits(to);
}

int traits_answer(int channel, const char *target)
{
	char *text = NULL;
	size_t length = 0;
	FILE *to = open_memstream(&text, &length);
	int rc;

	if (!to)
		return stream_write(channel, PROTO_TRAITS, NULL, 0, NULL, 0);
	if (target[0]) {
		traits_disk(target, to);
	} else {
		traits_machine(to);
		traits_syscalls(to);
		traits_files(to);
	}
	(void)fclose(to);
	if (length > PROTO_TEXT_MAX)
		length = PROTO_TEXT_MAX;
	rc = stream_write(channel, PROTO_TRAITS, text, length, NULL, 0);
	free(text);
	return rc;
}
