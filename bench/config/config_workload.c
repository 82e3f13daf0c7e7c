/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/config_workload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/config/nearest.h"
#include "bench/base/units.h"

#define THREADS_MAX 64
#define SIZE_LENGTH_MAX 15 /* as it fits into a cell's size_name */
#define SIZE_LEAST 4096u
#define SIZE_MOST (64ull << 30)

void suite_workload_release(struct suite_workload *workload)
{
	for (size_t i = 0; i < workload->size_nr; i++)
		free(workload->sizes[i]);
	free(workload->sizes);
	free(workload->on);
	*workload = (struct suite_workload){0};
}

int suite_workload_find(struct yaml_at at, const struct workload **ret, struct err *err)
{
	const struct workload *workload;
	struct nearest nearest;
	const char *name;
	char hint[400];
	int rc = yaml_text(at, &name, err);

	if (rc)
		return rc;
	workload = workload_find(name);
	if (workload) {
		*ret = workload;
		return 0;
	}
	nearest_init(&nearest, name);
	for (size_t i = 0; i < workload_nr; i++)
		nearest_feed(&nearest, workloads[i]->name);
	return yaml_fail(at, err, EINVAL, "there is no workload '%.40s'%s", name,
			 nearest_hint(&nearest, hint, sizeof(hint)));
}

static int read_name(struct yaml_at at, void *into, struct err *err)
{
	return suite_workload_find(at, &((struct suite_workload *)into)->workload, err);
}

/* topology_size decides how large they are here. */
static bool is_size_name(const char *text)
{
	static const char *const names[] = {"l1", "l2", "l3", "dram", "4xllc"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], text))
			return true;
	return false;
}

static int check_size(struct yaml_at at, struct err *err)
{
	struct err not_bytes = {0};
	const char *text;
	uint64_t bytes;
	int rc = yaml_text(at, &text, err);

	if (rc || is_size_name(text))
		return rc;
	if (strlen(text) > SIZE_LENGTH_MAX || units_parse_bytes(text, &bytes, &not_bytes))
		return yaml_fail(
			at, err, EINVAL,
			"'%.40s' is not a size: expected l1, l2, l3, dram, 4xllc or "
			"bytes as in 64MiB",
			text);
	return yaml_bytes(at, SIZE_LEAST, SIZE_MOST, &bytes, err);
}

static int add_size(struct yaml_at at, void *into, struct err *err)
{
	struct suite_workload *workload = into;
	char **sizes;
	int rc = check_size(at, err);

	if (rc)
		return rc;
	sizes = reallocarray(workload->sizes, workload->size_nr + 1, sizeof(*sizes));
	if (!sizes)
		return err_fail(err, ENOMEM, "no memory for a suite");
	workload->sizes = sizes;
	rc = yaml_copy(at, &sizes[workload->size_nr], err);
	if (!rc)
		workload->size_nr++;
	return rc;
}

static int read_sizes(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_size, into, err);
}

static int read_threads(struct yaml_at at, void *into, struct err *err)
{
	uint64_t value;
	int rc = yaml_count(at, 1, THREADS_MAX, &value, err);

	if (!rc)
		((struct suite_workload *)into)->threads = (uint32_t)value;
	return rc;
}

static int read_precision(struct yaml_at at, void *into, struct err *err)
{
	return yaml_percent(at, 0.0001, 0.5, &((struct suite_workload *)into)->precision,
			    err);
}

static int read_on(struct yaml_at at, void *into, struct err *err)
{
	return yaml_copy(at, &((struct suite_workload *)into)->on, err);
}

static const struct yaml_key keys[] = {
	{"name", read_name, true},	  {"sizes", read_sizes, false},
	{"threads", read_threads, false}, {"precision", read_precision, false},
	{"on", read_on, false},		  {0},
};

static int check(struct yaml_at at, const struct suite_workload *entry, struct err *err)
{
	if (entry->sizes && !entry->workload->sized)
		return yaml_fail(at, err, EINVAL, "'%s' takes no sizes",
				 entry->workload->name);
	if (entry->threads > 1 && !entry->workload->native)
		return yaml_fail(at, err, EINVAL,
				 "'%s' takes no threads: a disk workload "
				 "has a queue depth instead",
				 entry->workload->name);
	return 0;
}

CLEANUP_DEFINE(entry, struct suite_workload *, suite_workload_release)

int suite_workload_read(struct yaml_at at, struct suite_workload *ret, struct err *err)
{
	struct suite_workload entry = {.threads = 1, .line = yaml_line(at)};
	cleanup(entry) struct suite_workload *guard = &entry;
	int rc;

	if (yaml_is_map(at))
		rc = yaml_read_map(at, keys, &entry, err);
	else
		rc = read_name(at, &entry, err);
	if (!rc)
		rc = check(at, &entry, err);
	if (rc)
		return rc;
	*ret = entry;
	guard = NULL;
	return 0;
}
