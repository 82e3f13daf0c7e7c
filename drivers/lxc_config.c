/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/lxc_config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

static bool setting_is(const struct spec *spec, const char *name, const char *value)
{
	const char *have = platform_setting(spec->platform, name);

	return have && !strcmp(have, value);
}

/* Digits only, up to `end`; returns what follows, or NULL. */
static const char *parse_id(const char *text, char end, uint32_t *ret)
{
	unsigned long long value = 0;

	if (!isdigit((unsigned char)*text))
		return NULL;
	for (; isdigit((unsigned char)*text); text++) {
		value = value * 10 + (unsigned long long)(*text - '0');
		if (value > UINT32_MAX)
			return NULL;
	}
	*ret = (uint32_t)value;
	return *text == end ? text + (end != '\0') : NULL;
}

int lxc_idmap_parse(const char *text, struct lxc_idmap *ret, struct err *err)
{
	struct lxc_idmap map = {0};
	const char *rest;

	if (!strcmp(text, "none")) {
		*ret = map;
		return 0;
	}
	rest = parse_id(text, ':', &map.host_first);
	if (!rest || !parse_id(rest, '\0', &map.count))
		return err_fail(err, EINVAL,
				"idmap '%s': expected 'none' or "
				"'<first host id>:<count>' such as 100000:65536",
				text);
	if (!map.host_first || !map.count || map.count > UINT32_MAX - map.host_first)
		return err_fail(err, EINVAL,
				"idmap '%s': ids must be above 0 and at most "
				"%" PRIu32,
				text, UINT32_MAX);
	*ret = map;
	return 0;
}

static int compare_cpus(const void *left, const void *right)
{
	unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;

	return a < b ? -1 : a > b;
}

/* Writes one range of a cpu list; returns the new length. */
static size_t append_range(char *text, size_t used, unsigned first, unsigned last)
{
	const char *comma = used ? "," : "";
	int wrote;

	if (first == last)
		wrote = snprintf(text + used, LXC_CPUS_MAX - used, "%s%u", comma, first);
	else
		wrote = snprintf(text + used, LXC_CPUS_MAX - used, "%s%u-%u", comma,
				 first, last);
	used += wrote > 0 ? (size_t)wrote : 0;
	return used < LXC_CPUS_MAX ? used : LXC_CPUS_MAX;
}

int lxc_cpus_text(const unsigned *cpus, size_t nr, char ret[static LXC_CPUS_MAX])
{
	cleanup(free) unsigned *sorted = calloc(nr ? nr : 1, sizeof(*sorted));
	size_t used = 0;

	ret[0] = '\0';
	if (!sorted)
		return -ENOMEM;
	if (nr)
		memcpy(sorted, cpus, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), compare_cpus);
	for (size_t i = 0, end; i < nr; i = end) {
		for (end = i + 1; end < nr && sorted[end] <= sorted[end - 1] + 1;)
			end++;
		used = append_range(ret, used, sorted[i], sorted[end - 1]);
	}
	return used < LXC_CPUS_MAX ? 0 : -E2BIG;
}

uint64_t lxc_memory_limit(const struct spec *spec)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return spec->memory_bytes / page * page;
}

/* A list being built; the first failure stays. */
struct builder {
	struct lxc_items *items;
	int failed; /* errno */
};

static __attribute__((format(printf, 3, 4))) void
add(struct builder *builder, const char *key, const char *format, ...)
{
	struct lxc_items *items = builder->items;
	struct lxc_item item = {.key = strdup(key)};
	va_list args;

	va_start(args, format);
	if (vasprintf(&item.value, format, args) < 0)
		item.value = NULL;
	va_end(args);
	if (item.key && item.value && items->nr < LXC_ITEMS_MAX) {
		items->list[items->nr++] = item;
		return;
	}
	builder->failed = items->nr < LXC_ITEMS_MAX ? ENOMEM : E2BIG;
	free(item.key);
	free(item.value);
}

void lxc_items_release(struct lxc_items *items)
{
	for (size_t i = 0; i < items->nr; i++) {
		free(items->list[i].key);
		free(items->list[i].value);
	}
	items->nr = 0;
}

/* Paths in mount entries are written as in fstab. Malloc'ed; NULL: no memory. */
static char *escape(const char *path)
{
	char *text = malloc(strlen(path) * 4 + 1), *out = text;

	for (; text && *path; path++) {
		if (strchr(" \t\n\\", *path))
			out += snprintf(out, 5, "\\%03o", (unsigned)(unsigned char)*path);
		else
			*out++ = *path;
	}
	if (text)
		*out = '\0';
	return text;
}

static void add_basics(struct builder *builder, const struct spec *spec,
		       const struct lxc_place *place)
{
	/* first: what fails later says so there */
	add(builder, "lxc.log.file", "%s", place->log);
	add(builder, "lxc.log.level", "ERROR");
	add(builder, "lxc.uts.name", "tare");
	add(builder, "lxc.net.0.type", "%s", platform_setting(spec->platform, "network"));
	add(builder, "lxc.autodev", "1");
	add(builder, "lxc.tty.max", "0");
	add(builder, "lxc.pty.max", "1");
	add(builder, "lxc.console.path", "none");
	/* kernels without AppArmor's mount rules would be refused otherwise; the label
	 * that the container got is read back */
	if (place->apparmor)
		add(builder, "lxc.apparmor.allow_incomplete", "1");
	if (place->seccomp)
		add(builder, "lxc.seccomp.profile", "%s", place->seccomp);
}

static void add_ids(struct builder *builder, const struct lxc_idmap *map)
{
	if (map->count) {
		add(builder, "lxc.idmap", "u 0 %" PRIu32 " %" PRIu32, map->host_first,
		    map->count);
		add(builder, "lxc.idmap", "g 0 %" PRIu32 " %" PRIu32, map->host_first,
		    map->count);
	} else {
		/* what Debian's common.conf takes from a privileged container */
		add(builder, "lxc.cap.drop",
		    "mac_admin mac_override sys_time sys_module sys_rawio");
	}
}

/* The data file alone; a folder to make files in as it is. */
static void add_data(struct builder *builder, const char *scratch, bool file, bool mapped)
{
	const char *map = mapped ? ",idmap=container" : "";

	if (!file) {
		add(builder, "lxc.mount.entry", "%s %s none bind%s 0 0", scratch,
		    LXC_DATA + 1, map);
		return;
	}
	add(builder, "lxc.mount.entry", "tmpfs %s tmpfs nosuid,nodev,mode=0755 0 0",
	    LXC_DATA + 1);
	add(builder, "lxc.mount.entry", "%s/disk.img %s none bind,create=file%s 0 0",
	    scratch, LXC_SCRATCH + 1, map);
}

static void add_mounts(struct builder *builder, const struct spec *spec, bool mapped)
{
	cleanup(free) char *scratch = spec->scratch ? escape(spec->scratch) : NULL;

	/* one tree for every platform: nobody may change it */
	add(builder, "lxc.rootfs.path", "dir:%s", spec->image->root);
	add(builder, "lxc.rootfs.options", mapped ? "ro,idmap=container" : "ro");
	add(builder, "lxc.mount.auto", "proc:mixed sys:mixed");
	add(builder, "lxc.mount.entry", "tmpfs tmp tmpfs nosuid,nodev,mode=1777 0 0");
	add(builder, "lxc.mount.entry", "tmpfs run tmpfs nosuid,nodev,mode=0755 0 0");
	if (spec->scratch && !scratch)
		builder->failed = ENOMEM;
	if (scratch)
		add_data(builder, scratch, spec->disk_bytes > 0, mapped);
}

/* As Debian's common.conf has it: nodes may be made, only these be opened. Without it a
 * privileged container opens the host's disks. */
static void add_devices(struct builder *builder)
{
	static const char *const allowed[] = {
		"c *:* m",   "b *:* m",	  "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm",
		"c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm",
	};

	add(builder, "lxc.cgroup.devices.deny", "a");
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		add(builder, "lxc.cgroup.devices.allow", "%s", allowed[i]);
}

static void add_groups(struct builder *builder, const struct spec *spec,
		       const struct lxc_place *place)
{
	char cpus[LXC_CPUS_MAX];

	if (place->relative)
		add(builder, "lxc.cgroup.relative", "1");
	add(builder, "lxc.cgroup.dir.container", "%s" LXC_PAYLOAD, spec->id);
	add(builder, "lxc.cgroup.dir.monitor", "%s" LXC_MONITOR, spec->id);
	add(builder, "lxc.cgroup.dir.monitor.pivot", "%s" LXC_PIVOT, spec->id);
	if (setting_is(spec, "cpuset", "pinned")) {
		if (lxc_cpus_text(spec->cpus, spec->cpu_nr, cpus))
			builder->failed = E2BIG;
		add(builder,
		    place->cpuset_unified ? "lxc.cgroup2.cpuset.cpus"
					  : "lxc.cgroup.cpuset.cpus",
		    "%s", cpus);
	}
	if (setting_is(spec, "memory", "limit"))
		add(builder,
		    place->memory_unified ? "lxc.cgroup2.memory.max"
					  : "lxc.cgroup.memory.limit_in_bytes",
		    "%" PRIu64, lxc_memory_limit(spec));
}

int lxc_items_build(const struct spec *spec, const struct lxc_place *place,
		    struct lxc_items *ret, struct err *err)
{
	struct lxc_items items = {.nr = 0};
	struct builder builder = {.items = &items};
	struct lxc_idmap map;
	int rc = lxc_idmap_parse(platform_setting(spec->platform, "idmap"), &map, err);

	if (rc)
		return err_because(err, "%s", spec->platform->file);
	add_basics(&builder, spec, place);
	add_ids(&builder, &map);
	add_mounts(&builder, spec, map.count > 0);
	add_groups(&builder, spec, place);
	if (place->devices && !map.count)
		add_devices(&builder);
	if (builder.failed) {
		lxc_items_release(&items);
		return err_fail(err, builder.failed, "cannot write the configuration: %s",
				strerror(builder.failed));
	}
	*ret = items;
	return 0;
}
