/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/footprint.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

#define MIB 1048576.0

static const struct {
	const char *name, *title;
	bool own;
} fields[FOOTPRINT_NR] = {
	[FOOTPRINT_PSS] = {"pss_bytes", "PSS of its processes", true},
	[FOOTPRINT_USED] = {"used_bytes", "fall of available memory", false},
	[FOOTPRINT_ANON] = {"anonymous_bytes", "anonymous memory", false},
	[FOOTPRINT_CACHE] = {"page_cache_bytes", "page cache", false},
	[FOOTPRINT_SHMEM] = {"shmem_bytes", "shmem", false},
	[FOOTPRINT_SLAB] = {"slab_bytes", "slab", false},
	[FOOTPRINT_PAGE_TABLES] = {"page_tables_bytes", "page tables", false},
	[FOOTPRINT_STACKS] = {"kernel_stacks_bytes", "kernel stacks", false},
	[FOOTPRINT_PERCPU] = {"percpu_bytes", "per-CPU memory", false},
	[FOOTPRINT_GROUPS] = {"memory_groups", "memory cgroups", true},
};

/* Lines of /proc/meminfo; two of one field are added up. */
static const struct {
	const char *key;
	enum footprint_field field;
	int sign; /* -1: what is there falls when it is used */
} lines[] = {
	{"MemAvailable:", FOOTPRINT_USED, -1},
	{"AnonPages:", FOOTPRINT_ANON, 1},
	{"Cached:", FOOTPRINT_CACHE, 1},
	{"Shmem:", FOOTPRINT_SHMEM, 1},
	{"Slab:", FOOTPRINT_SLAB, 1},
	{"PageTables:", FOOTPRINT_PAGE_TABLES, 1},
	{"SecPageTables:", FOOTPRINT_PAGE_TABLES, 1},
	{"KernelStack:", FOOTPRINT_STACKS, 1},
	{"Percpu:", FOOTPRINT_PERCPU, 1},
};

const char *footprint_name(enum footprint_field field)
{
	return fields[field].name;
}

const char *footprint_title(enum footprint_field field)
{
	return fields[field].title;
}

bool footprint_is_own(enum footprint_field field)
{
	return fields[field].own;
}

static void take_line(const char *line, struct footprint_reading *into)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t length = strlen(lines[i].key);
		unsigned long long kib;

		if (!strncmp(line, lines[i].key, length) &&
		    sscanf(line + length, "%llu", &kib) == 1)
			into->values[lines[i].field] +=
				lines[i].sign * 1024.0 * (double)kib;
	}
}

double footprint_zone_pages(const char *line)
{
	unsigned long long pages;

	return sscanf(line, " count: %llu", &pages) == 1 ? (double)pages : 0;
}

/* Pages that a CPU keeps for its next allocation are free, and in no line of meminfo: an
 * instance that takes what the last one gave back is not seen in MemAvailable. Since
 * Linux 6.7 such a list holds up to hundreds of MiB. */
static double kept_by_cpus(void)
{
	cleanup(file) FILE *file = fopen("/proc/zoneinfo", "re");
	char line[256];
	double pages = 0;

	while (file && fgets(line, sizeof(line), file))
		pages += footprint_zone_pages(line);
	return pages * (double)sysconf(_SC_PAGESIZE);
}

int footprint_read(struct footprint_reading *ret, struct err *err)
{
	cleanup(file) FILE *file = fopen("/proc/meminfo", "re");
	struct footprint_reading reading = {.at_ns = clock_now_ns()};
	char line[256];

	if (!file)
		return err_fail(err, errno, "cannot read '/proc/meminfo': %m");
	while (fgets(line, sizeof(line), file))
		take_line(line, &reading);
	reading.values[FOOTPRINT_USED] -= kept_by_cpus();
	*ret = reading;
	return 0;
}

void footprint_difference(const struct footprint_reading *before,
			  const struct footprint_reading *with,
			  const struct footprint_reading *after, unsigned instances,
			  struct footprint_reading *ret)
{
	uint64_t all_ns = after->at_ns - before->at_ns;
	double share =
		all_ns ? (double)(with->at_ns - before->at_ns) / (double)all_ns : 0.5;

	*ret = (struct footprint_reading){.at_ns = with->at_ns};
	for (size_t i = 0; i < FOOTPRINT_NR; i++) {
		double rise = after->values[i] - before->values[i];
		double without = before->values[i] + share * rise;

		ret->values[i] = (with->values[i] - without) / instances;
	}
}

static struct footprint_role *find_role(struct footprint *footprint, const char *name)
{
	struct footprint_role *fresh;

	for (size_t i = 0; i < footprint->role_nr; i++)
		if (!strcmp(footprint->roles[i].name, name))
			return &footprint->roles[i];
	if (footprint->role_nr == ACCOUNT_ROLES_MAX)
		return &footprint->roles[ACCOUNT_ROLES_MAX - 1];
	fresh = &footprint->roles[footprint->role_nr++];
	*fresh = (struct footprint_role){.name = name};
	return fresh;
}

static void add_roles(struct footprint *footprint, const struct account *account,
		      unsigned instances)
{
	size_t step = footprint->nr;

	for (size_t i = 0; i < account->role_nr; i++) {
		const struct account_role *from = &account->roles[i];
		struct footprint_role *role = find_role(footprint, from->name);

		role->processes[step] += (double)from->processes / instances;
		role->pss[step] += (double)from->pss_bytes / instances;
		role->page_tables[step] += (double)from->page_table_bytes / instances;
	}
}

void footprint_add(struct footprint *footprint, const struct footprint_reading *step,
		   const struct account *accounts, unsigned instances)
{
	struct footprint_reading *into = &footprint->steps[footprint->nr];

	if (footprint->nr == FOOTPRINT_STEPS_MAX || !instances)
		return;
	*into = *step;
	into->values[FOOTPRINT_PSS] = 0;
	for (unsigned i = 0; i < instances; i++) {
		add_roles(footprint, &accounts[i], instances);
		into->values[FOOTPRINT_PSS] += (double)accounts[i].pss_bytes / instances;
	}
	footprint->nr++;
}

void footprint_add_control(struct footprint *footprint,
			   const struct footprint_reading *control)
{
	if (footprint->control_nr < FOOTPRINT_STEPS_MAX)
		footprint->controls[footprint->control_nr++] = *control;
}

static struct stats_mean mean_of(const struct footprint_reading *list, size_t nr,
				 enum footprint_field field)
{
	double values[FOOTPRINT_STEPS_MAX];

	for (size_t i = 0; i < nr; i++)
		values[i] = list[i].values[field];
	return stats_mean(values, nr);
}

struct stats_mean footprint_mean(const struct footprint *footprint,
				 enum footprint_field field)
{
	return mean_of(footprint->steps, footprint->nr, field);
}

double footprint_floor(const struct footprint *footprint, enum footprint_field field)
{
	struct stats_mean over =
		mean_of(footprint->controls, footprint->control_nr, field);

	if (footprint_is_own(field) || isnan(over.low))
		return NAN;
	return fmax(fabs(over.low), fabs(over.high));
}

const char *footprint_words(const struct stats_mean *over, double floor,
			    char buffer[static FOOTPRINT_WORDS_MAX])
{
	if (isfinite(floor) && fabs(over->mean) <= floor)
		(void)snprintf(buffer, FOOTPRINT_WORDS_MAX,
			       "below noise (floor ±%.2f MiB)", floor / MIB);
	else if (over->low <= 0 && over->high >= 0)
		(void)snprintf(buffer, FOOTPRINT_WORDS_MAX,
			       "undecided (%.2f to %.2f MiB)", over->low / MIB,
			       over->high / MIB);
	else if (isnan(over->low))
		(void)snprintf(buffer, FOOTPRINT_WORDS_MAX, "%.2f MiB", over->mean / MIB);
	else
		(void)snprintf(buffer, FOOTPRINT_WORDS_MAX, "%.2f MiB [%.2f, %.2f]",
			       over->mean / MIB, over->low / MIB, over->high / MIB);
	return buffer;
}
