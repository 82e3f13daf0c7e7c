/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the container really got, read from the host's side: its control groups, and
 * /proc of its first process.  liblxc drops keys of the wrong cgroup version in
 * silence, so nothing is taken from the configuration.
 */
#include "drivers/lxc_instance.h"

#include <errno.h>
#include <inttypes.h>
#include <lxc/lxccontainer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/cleanup.h"

#define TEXT_MAX 512

/* Facts of one instance being collected. */
struct survey {
	struct instance *instance;
	struct facts *facts;
};

static int add(const struct survey *survey, const char *name, const char *asked,
	       const char *got, const char *source)
{
	return facts_add(survey->facts, name, asked, got, source);
}

static bool asks(const struct survey *survey, const char *setting, const char *value)
{
	const char *have = platform_setting(survey->instance->spec->platform, setting);

	return have && !strcmp(have, value);
}

/* /proc/<init>/<file> */
static FILE *open_proc(const struct survey *survey, const char *file)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)survey->instance->init,
		       file);
	return fopen(path, "re");
}

/* Value behind "Name:\t" in the init's status; "unknown" where there is none. */
static void status_value(const struct survey *survey, const char *name,
			 char ret[static TEXT_MAX])
{
	cleanup(file) FILE *stream = open_proc(survey, "status");
	size_t length = strlen(name);
	char line[TEXT_MAX];

	(void)snprintf(ret, TEXT_MAX, "unknown");
	while (stream && fgets(line, sizeof(line), stream)) {
		if (strncmp(line, name, length) || line[length] != ':')
			continue;
		line[strcspn(line, "\n")] = '\0';
		(void)snprintf(ret, TEXT_MAX, "%s",
			       line + length + 1 + strspn(line + length + 1, " \t"));
		return;
	}
}

static int observe_status(const struct survey *survey)
{
	char cpus[LXC_CPUS_MAX], got[TEXT_MAX];
	bool pinned = asks(survey, "cpuset", "pinned");
	const struct spec *spec = survey->instance->spec;
	int rc = lxc_cpus_text(spec->cpus, spec->cpu_nr, cpus);

	status_value(survey, "Cpus_allowed_list", got);
	if (!rc)
		rc = add(survey, "cpus allowed", pinned ? cpus : NULL, got,
			 "/proc/<init>/status");
	status_value(survey, "Seccomp", got);
	if (!rc)
		rc = add(survey, "seccomp mode",
			 asks(survey, "seccomp", "default") ? "2" : NULL, got,
			 "/proc/<init>/status");
	status_value(survey, "CapBnd", got);
	if (!rc)
		rc = add(survey, "capabilities", NULL, got, "/proc/<init>/status");
	return rc;
}

/* First line of a process's map as "<host first>:<count>". */
static void read_idmap(FILE *stream, char *ret, size_t size)
{
	uint32_t outside = 0, count = 0;

	if (stream && fscanf(stream, "%*u %" SCNu32 " %" SCNu32, &outside, &count) == 2)
		(void)snprintf(ret, size, "%" PRIu32 ":%" PRIu32, outside, count);
	else
		(void)snprintf(ret, size, "unknown");
}

static int observe_idmap(const struct survey *survey)
{
	cleanup(file) FILE *inside = open_proc(survey, "uid_map");
	cleanup(file) FILE *own = fopen("/proc/self/uid_map", "re");
	const struct lxc_idmap *map = &survey->instance->idmap;
	char asked[64], got[64];

	read_idmap(inside, got, sizeof(got));
	if (map->count)
		(void)snprintf(asked, sizeof(asked), "%" PRIu32 ":%" PRIu32,
			       map->host_first, map->count);
	else /* nothing asked: as it is outside */
		read_idmap(own, asked, sizeof(asked));
	return add(survey, "idmap", asked, got, "/proc/<init>/uid_map");
}

/* Has the container a namespace of its own of this kind? */
static bool has_own(const struct survey *survey, const char *kind)
{
	char ours[64], theirs[64];
	struct stat a, b;

	(void)snprintf(ours, sizeof(ours), "/proc/self/ns/%s", kind);
	(void)snprintf(theirs, sizeof(theirs), "/proc/%d/ns/%s",
		       (int)survey->instance->init, kind);
	return !stat(ours, &a) && !stat(theirs, &b) && a.st_ino != b.st_ino;
}

static int observe_namespaces(const struct survey *survey)
{
	static const char *const kinds[] = {"cgroup", "ipc",  "mnt", "net",
					    "pid",    "user", "uts"};
	char got[TEXT_MAX] = "";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (has_own(survey, kinds[i]))
			(void)snprintf(got + strlen(got), sizeof(got) - strlen(got),
				       "%s%s", got[0] ? " " : "", kinds[i]);
	return add(survey, "namespaces", NULL, got, "/proc/<init>/ns");
}

/* Interfaces that the container sees besides lo. */
static unsigned interface_nr(const struct survey *survey)
{
	cleanup(file) FILE *stream = open_proc(survey, "net/dev");
	char line[TEXT_MAX];
	unsigned nr = 0;

	while (stream && fgets(line, sizeof(line), stream)) {
		const char *name = line + strspn(line, " ");

		nr += strchr(name, ':') && strncmp(name, "lo:", 3);
	}
	return nr;
}

static int observe_network(const struct survey *survey)
{
	char got[64];

	if (!has_own(survey, "net"))
		(void)snprintf(got, sizeof(got), "none");
	else if (!interface_nr(survey))
		(void)snprintf(got, sizeof(got), "empty");
	else
		(void)snprintf(got, sizeof(got), "%u interfaces", interface_nr(survey));
	return add(survey, "network",
		   platform_setting(survey->instance->spec->platform, "network"), got,
		   "/proc/<init>/ns/net, net/dev");
}

/* Options ("ro", "rw") and file system of a mount point inside; false: not mounted. */
static bool find_mount(const struct survey *survey, const char *where,
		       char ret[static TEXT_MAX])
{
	cleanup(file) FILE *stream = open_proc(survey, "mounts");
	char line[1024], point[256], type[64], options[256];
	bool found = false;

	/* a later line covers an earlier one */
	while (stream && fgets(line, sizeof(line), stream)) {
		if (sscanf(line, "%*s %255s %63s %255s", point, type, options) != 3 ||
		    strcmp(point, where))
			continue;
		(void)snprintf(ret, TEXT_MAX, "%.2s", options);
		found = true;
	}
	return found;
}

static int observe_mounts(const struct survey *survey)
{
	char got[TEXT_MAX];
	int rc;

	if (!find_mount(survey, "/", got))
		(void)snprintf(got, sizeof(got), "not mounted");
	rc = add(survey, "root", "ro", got, "/proc/<init>/mounts");
	if (rc || !survey->instance->spec->scratch || !survey->instance->spec->disk_bytes)
		return rc;
	if (!find_mount(survey, LXC_SCRATCH, got))
		(void)snprintf(got, sizeof(got), "not mounted");
	return add(survey, "scratch " LXC_SCRATCH, "rw", got, "/proc/<init>/mounts");
}

static int observe_confinement(const struct survey *survey)
{
	cleanup(file) FILE *stream = open_proc(survey, "attr/current");
	char got[TEXT_MAX] = "";

	if (stream && fgets(got, sizeof(got), stream))
		got[strcspn(got, "\n")] = '\0';
	return add(survey, "security label", NULL, got[0] ? got : "none",
		   "/proc/<init>/attr/current");
}

/* A limit asked for, or none, against the file that the kernel enforces. */
static int observe_limit(const struct survey *survey, const char *controller,
			 const char *file, const char *asked)
{
	const struct instance *instance = survey->instance;
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(&instance->groups, controller);
	char got[TEXT_MAX] = "", source[TEXT_MAX];

	if (!where)
		return add(survey, file, asked, "no such controller here", "mountinfo");
	(void)snprintf(source, sizeof(source), "%s/%s/%s", where->dir, instance->payload,
		       file);
	if (cgroup_read(where, instance->payload, file, got, sizeof(got)))
		(void)snprintf(got, sizeof(got), "unreadable");
	return add(survey, file, asked, got, source);
}

static bool is_unified(const struct survey *survey, const char *controller)
{
	const struct cgroup_hierarchy *where =
		cgroup_hierarchy_with(&survey->instance->groups, controller);

	return where && where->unified;
}

static int observe_limits(const struct survey *survey)
{
	const struct spec *spec = survey->instance->spec;
	char cpus[LXC_CPUS_MAX], memory[32];
	int rc = lxc_cpus_text(spec->cpus, spec->cpu_nr, cpus);

	(void)snprintf(memory, sizeof(memory), "%" PRIu64, lxc_memory_limit(spec));
	if (!rc)
		rc = observe_limit(survey, "cpuset", "cpuset.cpus",
				   asks(survey, "cpuset", "pinned") ? cpus : NULL);
	if (!rc)
		rc = observe_limit(survey, "memory",
				   is_unified(survey, "memory") ? "memory.max"
								: "memory.limit_in_bytes",
				   asks(survey, "memory", "limit") ? memory : NULL);
	return rc;
}

int lxc_observe(struct instance *instance, struct facts *into, struct err *err)
{
	static int (*const parts[])(const struct survey *survey) = {
		observe_limits,	 observe_status, observe_idmap,	     observe_namespaces,
		observe_network, observe_mounts, observe_confinement};
	struct survey survey = {instance, into};
	int rc;

	if (!instance->init)
		return err_fail(err, ESRCH, "the container does not run");
	rc = add(&survey, "liblxc", NULL, lxc_get_version(), "liblxc");
	for (size_t i = 0; !rc && i < sizeof(parts) / sizeof(parts[0]); i++)
		rc = parts[i](&survey);
	return rc ? err_fail(err, -rc, "cannot read the container's limits back: %s",
			     strerror(-rc))
		  : 0;
}
