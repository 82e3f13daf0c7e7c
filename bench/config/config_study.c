/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/config_study.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/config/config_dir.h"
#include "bench/config/config_study_keys.h"
#include "bench/config/config_suite.h"
#include "bench/config/config_workload.h"

#define MIB 1048576ull
#define GIB (1024 * MIB)

/* Whose it is was looked at before all else. */
int study_key_name(struct yaml_at at, void *into, struct err *err)
{
	(void)at;
	(void)into;
	(void)err;
	return 0;
}

static struct suite *suite_of(void *into)
{
	return &((struct study_head *)into)->suite;
}

int study_key_description(struct yaml_at at, void *into, struct err *err)
{
	return yaml_copy(at, &suite_of(into)->description, err);
}

int study_key_budget(struct yaml_at at, void *into, struct err *err)
{
	return suite_read_budget(at, suite_of(into), err);
}

int study_key_seed(struct yaml_at at, void *into, struct err *err)
{
	return suite_read_seed(at, suite_of(into), err);
}

int study_key_on(struct yaml_at at, void *into, struct err *err)
{
	return yaml_copy(at, &suite_of(into)->on, err);
}

int study_key_memory(struct yaml_at at, void *into, struct err *err)
{
	return yaml_bytes(at, 128 * MIB, 64 * GIB,
			  &((struct study_head *)into)->memory_bytes, err);
}

static int add_count(struct yaml_at at, void *into, struct err *err)
{
	struct study_counts *counts = into;
	unsigned least = counts->nr ? counts->list[counts->nr - 1] + 1 : counts->least;
	uint64_t value;
	int rc = yaml_count(at, least, STUDY_INSTANCES_MAX, &value, err);

	if (!rc && counts->nr == counts->room)
		rc = yaml_fail(at, err, E2BIG, "more than %zu numbers", counts->room);
	if (!rc)
		counts->list[counts->nr++] = (unsigned)value;
	return rc;
}

int study_read_counts(struct yaml_at at, struct study_counts *counts, struct err *err)
{
	counts->nr = 0;
	return yaml_read_list(at, add_count, counts, err);
}

int study_read_window(struct yaml_at at, uint64_t *ret_ns, struct err *err)
{
	return yaml_duration(at, NS_PER_MS, 60 * NS_PER_S, ret_ns, err);
}

int study_read_size(struct yaml_at at, uint64_t *ret, struct err *err)
{
	return yaml_bytes(at, 4096, 64 * GIB, ret, err);
}

int study_read_number(struct yaml_at at, unsigned least, unsigned most, unsigned *ret,
		      struct err *err)
{
	uint64_t value;
	int rc = yaml_count(at, least, most, &value, err);

	if (!rc)
		*ret = (unsigned)value;
	return rc;
}

int study_read_repeats(struct yaml_at at, unsigned most, unsigned *ret, struct err *err)
{
	return study_read_number(at, 2, most, ret, err);
}

int study_read_workload(struct yaml_at at, const struct workload **ret, struct err *err)
{
	const struct workload *workload;
	int rc = suite_workload_find(at, &workload, err);

	if (rc)
		return rc;
	if (!workload->native || workload->family == FAMILY_CONTROL)
		return yaml_fail(at, err, EINVAL,
				 "'%s' cannot be asked for slices: only CPU and memory "
				 "workloads can",
				 workload->name);
	*ret = workload;
	return 0;
}

int study_check_size(struct yaml_at at, const struct workload *workload, uint64_t bytes,
		     struct err *err)
{
	return bytes && !workload->sized
		       ? yaml_fail(at, err, EINVAL, "'%s' takes no size", workload->name)
		       : 0;
}

/* --- the file --- */

struct loaded {
	struct study_head *head; /* of kind->size bytes */
	struct yaml *yaml;
};

static void loaded_release(struct loaded *loaded)
{
	if (loaded->head)
		suite_release(&loaded->head->suite);
	free(loaded->head);
	yaml_close(loaded->yaml);
}
CLEANUP_DEFINE(loaded, struct loaded *, loaded_release)

/* text NULL: read the file */
static int load(const char *file, const char *text, const struct study_kind *kind,
		void *ret, struct err *err)
{
	struct loaded loaded = {.head = calloc(1, kind->size)};
	cleanup(loaded) struct loaded *guard = &loaded;
	int rc;

	if (!guard->head)
		return err_fail(err, ENOMEM, "no memory for a suite");
	rc = suite_open(file, text, &loaded.head->suite, &loaded.yaml, err);
	if (!rc)
		rc = suite_check_study(yaml_root(loaded.yaml), kind->name, err);
	if (!rc)
		rc = yaml_read_map(yaml_root(loaded.yaml), kind->keys, loaded.head, err);
	if (!rc && kind->check)
		rc = kind->check(yaml_root(loaded.yaml), loaded.head, err);
	if (rc)
		return rc;
	memcpy(ret, loaded.head, kind->size);
	loaded.head->suite = (struct suite){0};
	return 0;
}

int study_parse(const char *name, const char *text, const struct study_kind *kind,
		void *ret, struct err *err)
{
	return load(name, text, kind, ret, err);
}

int study_load(const char *config_dir, const char *which, const struct study_kind *kind,
	       void *ret, struct err *err)
{
	cleanup(free) char *file = NULL;
	int rc = suite_find(config_dir, which, &file, err);

	return rc ? rc : load(file, NULL, kind, ret, err);
}
