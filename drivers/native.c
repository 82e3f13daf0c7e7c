/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/native.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/host/channel.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"

#define HELLO_NS (30 * NS_PER_S)

static int hear_hello(const struct driver *driver, struct instance *instance,
		      struct err *err)
{
	struct start start = {.channel = -1};
	struct proto_hello hello;
	int rc = driver->start(instance, &start, err);

	if (!rc) {
		struct channel channel = {.fd = start.channel};

		rc = channel_hello(&channel, HELLO_NS, &hello, err);
		(void)close(start.channel);
	}
	return rc;
}

int native_probe(const struct driver *driver, const struct spec *spec, struct probe *ret,
		 struct err *err)
{
	struct instance *instance = NULL;
	struct err why = {0}, ignored = {0};
	int rc = driver->open(spec, &instance, &why);

	(void)err;
	if (!rc)
		rc = hear_hello(driver, instance, &why);
	if (instance)
		(void)driver->stop(instance, &ignored);
	driver->close(instance);
	memset(ret, 0, sizeof(*ret));
	ret->state = rc ? UNAVAILABLE : READY;
	(void)snprintf(ret->reason, sizeof(ret->reason), "%.380s",
		       rc ? why.text : "the agent answered");
	for (size_t i = 0; i < DRIVER_PATHS_MAX && driver->paths[i].name; i++) {
		ret->paths[i].state = ret->state;
		(void)snprintf(ret->paths[i].reason, sizeof(ret->paths[i].reason),
			       "%.250s", rc ? why.text : driver->paths[i].summary);
	}
	return 0;
}

/* As the kernel writes it: "0-2,5". */
static void list_set(const cpu_set_t *set, char *to, size_t size)
{
	size_t used = 0;

	to[0] = '\0';
	for (int first = 0; first < CPU_SETSIZE && used < size; first++) {
		int last = first;

		if (!CPU_ISSET(first, set))
			continue;
		while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
			last++;
		used += (size_t)snprintf(to + used, size - used, "%s%d", used ? "," : "",
					 first);
		if (last > first && used < size)
			used += (size_t)snprintf(to + used, size - used, "-%d", last);
		first = last;
	}
}

void native_list_cpus(const struct spec *spec, char *ret, size_t size)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (size_t i = 0; i < spec->cpu_nr; i++)
		CPU_SET(spec->cpus[i], &set);
	list_set(&set, ret, size);
}

int native_observe_affinity(pid_t pid, const struct spec *spec, struct facts *into)
{
	char asked[256], got[256] = "";
	cpu_set_t have;

	native_list_cpus(spec, asked, sizeof(asked));
	if (!sched_getaffinity(pid, sizeof(have), &have))
		list_set(&have, got, sizeof(got));
	return facts_add(into, "affinity", spec->cpu_nr ? asked : NULL, got,
			 "sched_getaffinity(2)");
}

void native_account(pid_t pid, uint64_t *last_ns, struct account *ret)
{
	launch_account(pid, ret);
	if (ret->cpu_ns < *last_ns)
		ret->cpu_ns = *last_ns;
	*last_ns = ret->cpu_ns;
}
