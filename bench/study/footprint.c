/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/footprint.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/store/store_experiment.h"

static const struct {
	const char *name, *key; /* in /proc/meminfo, with the colon */
	int sign;		/* -1: what is there falls when it is used */
} fields[FOOTPRINT_NR] = {
	[FOOTPRINT_PSS] = {"pss_bytes", NULL, 1},
	[FOOTPRINT_USED] = {"used_bytes", "MemAvailable:", -1},
	[FOOTPRINT_ANON] = {"anonymous_bytes", "AnonPages:", 1},
	[FOOTPRINT_CACHE] = {"page_cache_bytes", "Cached:", 1},
	[FOOTPRINT_SHMEM] = {"shmem_bytes", "Shmem:", 1},
	[FOOTPRINT_SLAB] = {"slab_bytes", "Slab:", 1},
	[FOOTPRINT_PAGE_TABLES] = {"page_tables_bytes", "PageTables:", 1},
	[FOOTPRINT_STACKS] = {"kernel_stacks_bytes", "KernelStack:", 1},
	[FOOTPRINT_PERCPU] = {"percpu_bytes", "Percpu:", 1},
};

const char *footprint_name(enum footprint_field field)
{
	return fields[field].name;
}

static void take_line(const char *line, struct footprint_reading *into)
{
	for (size_t i = 0; i < FOOTPRINT_NR; i++) {
		unsigned long long kib;

		if (fields[i].key &&
		    !strncmp(line, fields[i].key, strlen(fields[i].key)) &&
		    sscanf(line + strlen(fields[i].key), "%llu", &kib) == 1)
			into->bytes[i] = fields[i].sign * 1024.0 * (double)kib;
	}
}

int footprint_read(struct footprint_reading *ret, struct err *err)
{
	cleanup(file) FILE *file = fopen("/proc/meminfo", "re");
	struct footprint_reading reading = {{0}};
	char line[256];

	if (!file)
		return err_fail(err, errno, "cannot read '/proc/meminfo': %m");
	while (fgets(line, sizeof(line), file))
		take_line(line, &reading);
	*ret = reading;
	return 0;
}

void footprint_add(struct footprint *footprint, const struct footprint_reading *before,
		   const struct footprint_reading *after, unsigned instances,
		   double pss_bytes)
{
	struct footprint_reading *step = &footprint->steps[footprint->nr];

	if (footprint->nr == FOOTPRINT_STEPS_MAX || !instances)
		return;
	for (size_t i = 0; i < FOOTPRINT_NR; i++)
		step->bytes[i] = (after->bytes[i] - before->bytes[i]) / instances;
	step->bytes[FOOTPRINT_PSS] = pss_bytes;
	footprint->nr++;
}

struct stats_mean footprint_mean(const struct footprint *footprint,
				 enum footprint_field field)
{
	double values[FOOTPRINT_STEPS_MAX];

	for (size_t i = 0; i < footprint->nr; i++)
		values[i] = footprint->steps[i].bytes[field];
	return stats_mean(values, footprint->nr);
}

static json_t *field_json(const struct footprint *footprint, enum footprint_field field)
{
	struct stats_mean over = footprint_mean(footprint, field);
	json_t *entry =
		json_pack("{s:f, s:i}", "mean", over.mean, "steps", (int)footprint->nr);

	json_object_set_new(entry, "low",
			    isnan(over.low) ? json_null() : json_real(over.low));
	json_object_set_new(entry, "high",
			    isnan(over.high) ? json_null() : json_real(over.high));
	return entry;
}

static char *numbers(const struct footprint *footprint)
{
	cleanup(json) json_t *root = json_object();

	for (size_t i = 0; i < FOOTPRINT_NR; i++)
		json_object_set_new(root, fields[i].name,
				    field_json(footprint, (enum footprint_field)i));
	return json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
}

int footprint_store(struct session *session, const struct footprint *footprint,
		    const char *platform, bool emulated, uint64_t begin_ns,
		    struct err *err)
{
	cleanup(free) char *json = footprint->nr ? numbers(footprint) : NULL;
	struct store_experiment row = {
		.chapter = "footprint",
		.name = "idle",
		.platform = platform,
		.condition = "",
		.emulated = emulated,
		.verdict = FINDING_INCONCLUSIVE, /* nothing was claimed */
		.procedure =
			"start more idle instances and read PSS of their processes "
			"and /proc/meminfo before and after; the difference is divided "
			"by their number; mean and Student's t interval over steps",
		.numbers = json,
		.begin_ns = begin_ns,
		.end_ns = clock_now_ns(),
	};
	struct stats_mean pss, used;
	char answer[200], range[64];
	int64_t id;

	if (!footprint->nr)
		return 0;
	if (!json)
		return err_fail(err, ENOMEM, "no memory for a footprint");
	pss = footprint_mean(footprint, FOOTPRINT_PSS);
	used = footprint_mean(footprint, FOOTPRINT_USED);
	(void)snprintf(range, sizeof(range), " (%.1f to %.1f)", used.low / 1048576,
		       used.high / 1048576);
	(void)snprintf(
		answer, sizeof(answer),
		"an idle instance: %.1f MiB PSS of its processes; memory available "
		"fell by %.1f MiB%s",
		pss.mean / 1048576, used.mean / 1048576, isnan(used.low) ? "" : range);
	row.answer = answer;
	return store_experiment_add(session->store, session->run, &row, &id, err);
}
