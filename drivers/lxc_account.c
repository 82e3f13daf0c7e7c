/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a container costs its host: CPU time and disk bytes by its groups' counters, the
 * monitor's included; context switches and memory of the processes that live.
 */
#include "drivers/lxc_instance.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/account.h"

static void add_known(uint64_t *sum, uint64_t value)
{
	if (*sum != UINT64_MAX)
		*sum += value;
}

static void add_cpu(const struct instance *instance, const char *group, uint64_t *sum)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(&instance->groups, "cpuacct");
	uint64_t value;

	if (where && !cgroup_number(where, group, "cpuacct.usage", NULL, &value)) {
		add_known(sum, value);
		return;
	}
	/* version 2 counts CPU time in every group, without a controller */
	for (size_t i = 0; i < instance->groups.nr; i++) {
		where = &instance->groups.list[i];
		if (where->unified &&
		    !cgroup_number(where, group, "cpu.stat", "usage_usec", &value)) {
			add_known(sum, value * NS_PER_US);
			return;
		}
	}
	*sum = UINT64_MAX;
}

/* "8:0 Read 4096" lines of version 1, "8:0 rbytes=4096 wbytes=0 …" of version 2. */
static void add_io_line(const char *line, struct account *account)
{
	const char *reads = strstr(line, "rbytes="), *writes = strstr(line, "wbytes=");
	uint64_t bytes;

	if (reads && sscanf(reads, "rbytes=%" SCNu64, &bytes) == 1)
		account->read_bytes += bytes;
	if (writes && sscanf(writes, "wbytes=%" SCNu64, &bytes) == 1)
		account->write_bytes += bytes;
	if (sscanf(line, "%*s Read %" SCNu64, &bytes) == 1)
		account->read_bytes += bytes;
	if (sscanf(line, "%*s Write %" SCNu64, &bytes) == 1)
		account->write_bytes += bytes;
}

static void add_io(const struct instance *instance, struct account *account)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(&instance->groups, "blkio");
	const char *file = "blkio.throttle.io_service_bytes_recursive";
	cleanup(file) FILE *stream = NULL;
	char path[LXC_PATH_MAX], line[256];
	bool counted = !where; /* version 2 counts always */

	if (!where) {
		where = cgroup_hierarchy_with(&instance->groups, "io");
		file = "io.stat";
	}
	if (where && snprintf(path, sizeof(path), "%s/%s/%s", where->dir,
			      instance->payload, file) < (int)sizeof(path))
		stream = fopen(path, "re");
	if (!stream) {
		account->read_bytes = account->write_bytes = UINT64_MAX;
		return;
	}
	while (fgets(line, sizeof(line), stream)) {
		add_io_line(line, account);
		/* newer kernels keep version 1's counters only where a limit is set */
		counted |= strstr(line, " Read ") != NULL;
	}
	if (!counted)
		account->read_bytes = account->write_bytes = UINT64_MAX;
}

static void add_switches(const char *path, struct account *account)
{
	cleanup(file) FILE *stream = fopen(path, "re");
	char line[256];
	uint64_t value;

	while (stream && fgets(line, sizeof(line), stream)) {
		if (sscanf(line, "voluntary_ctxt_switches: %" SCNu64, &value) == 1)
			account->voluntary += value;
		if (sscanf(line, "nonvoluntary_ctxt_switches: %" SCNu64, &value) == 1)
			account->involuntary += value;
	}
}

struct sum {
	struct account *account;
	const char *role; /* of whoever is not the container's first process */
	pid_t init;
};

static void add_process(pid_t pid, void *data)
{
	const struct sum *sum = data;
	cleanup(dir) DIR *tasks = NULL;
	const struct dirent *task;
	char path[LXC_PATH_MAX];

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks && (task = readdir(tasks))) {
		if (task->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)pid,
			       task->d_name);
		add_switches(path, sum->account);
	}
	account_add_process(sum->account, pid == sum->init ? "agent" : sum->role, pid);
}

int lxc_account(struct instance *instance, struct account *ret, struct err *err)
{
	struct account account = {.exits = UINT64_MAX,
				  .io_exits = UINT64_MAX,
				  .mmio_exits = UINT64_MAX,
				  .halt_exits = UINT64_MAX,
				  .injections = UINT64_MAX};
	struct sum inside = {&account, "worker", instance->init};
	struct sum outside = {&account, "LXC monitor", 0};

	(void)err;
	add_cpu(instance, instance->payload, &account.cpu_ns);
	add_cpu(instance, instance->monitor_group, &account.cpu_ns);
	add_io(instance, &account);
	cgroup_each(&instance->groups, instance->payload, add_process, &inside);
	cgroup_each(&instance->groups, instance->monitor_group, add_process, &outside);
	*ret = account;
	return 0;
}
