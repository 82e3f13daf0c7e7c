/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/config/config_suite.h"
#include "bench/config/config_workload.h"

#define MIB 1048576ull
#define TIB (1048576 * MIB)
#define HOUR_NS (3600 * NS_PER_S)
#define BUDGET_MAX_NS (168 * HOUR_NS) /* a week */
#define PRECISION_MIN 0.0001
#define PRECISION_MAX 0.5
#define INJECTED_MAX 0.5
/* An interval over epochs needs two of them; the schema counts in 32 bits. */
#define REPEATS_MIN 2
#define REPEATS_MAX 100000

static const struct suite defaults = {
	.precision = 0.01,
	.aa = true,
	.injected = 0.01,
	.disk_bytes = 1024 * MIB,
	.disk_slice_ms = 1000,
	.disk_blocks = 3,
	.native_epochs = 8,
	.epoch_ms = 300,
};

void suite_release(struct suite *suite)
{
	for (size_t i = 0; i < suite->workload_nr; i++)
		suite_workload_release(&suite->workloads[i]);
	for (size_t i = 0; i < suite->injected_nr; i++)
		free(suite->injected_in[i]);
	free(suite->workloads);
	free(suite->injected_in);
	free(suite->on);
	free(suite->text);
	free(suite->file);
	free(suite->description);
	free(suite->name);
	*suite = (struct suite){0};
}

/* --- keys --- */

static int read_description(struct yaml_at at, void *into, struct err *err)
{
	return yaml_copy(at, &((struct suite *)into)->description, err);
}

int suite_read_budget(struct yaml_at at, struct suite *suite, struct err *err)
{
	return yaml_duration(at, NS_PER_S, BUDGET_MAX_NS, &suite->budget_ns, err);
}

static int read_budget(struct yaml_at at, void *into, struct err *err)
{
	return suite_read_budget(at, into, err);
}

static int read_precision(struct yaml_at at, void *into, struct err *err)
{
	return yaml_percent(at, PRECISION_MIN, PRECISION_MAX,
			    &((struct suite *)into)->precision, err);
}

int suite_read_seed(struct yaml_at at, struct suite *suite, struct err *err)
{
	return yaml_count(at, 1, INT64_MAX, &suite->seed, err);
}

static int read_seed(struct yaml_at at, void *into, struct err *err)
{
	return suite_read_seed(at, into, err);
}

static int read_emulation(struct yaml_at at, void *into, struct err *err)
{
	const char *word;
	int rc = yaml_choice(at, "allowed|refused", &word, err);

	if (!rc)
		((struct suite *)into)->emulation_allowed = !strcmp(word, "allowed");
	return rc;
}

static int read_family(struct yaml_at at, void *into, struct err *err)
{
	const char *word;
	int rc = yaml_choice(at, "memcg", &word, err);

	if (!rc)
		((struct suite *)into)->family = workload_family_name(FAMILY_MEMCG);
	return rc;
}

static int read_on(struct yaml_at at, void *into, struct err *err)
{
	return yaml_copy(at, &((struct suite *)into)->on, err);
}

static int read_u32(struct yaml_at at, uint32_t *ret, struct err *err)
{
	uint64_t value;
	int rc = yaml_count(at, REPEATS_MIN, REPEATS_MAX, &value, err);

	if (!rc)
		*ret = (uint32_t)value;
	return rc;
}

static int read_ms(struct yaml_at at, uint64_t least_ms, uint64_t most_ms, uint32_t *ret,
		   struct err *err)
{
	uint64_t ns;
	int rc = yaml_duration(at, least_ms * NS_PER_MS, most_ms * NS_PER_MS, &ns, err);

	if (!rc)
		*ret = (uint32_t)(ns / NS_PER_MS);
	return rc;
}

static int read_epochs(struct yaml_at at, void *into, struct err *err)
{
	return read_u32(at, &((struct suite *)into)->native_epochs, err);
}

static int read_epoch(struct yaml_at at, void *into, struct err *err)
{
	return read_ms(at, 20, 60000, &((struct suite *)into)->epoch_ms, err);
}

/* --- controls --- */

static int read_aa(struct yaml_at at, void *into, struct err *err)
{
	return yaml_bool(at, &((struct suite *)into)->aa, err);
}

static int read_injected(struct yaml_at at, void *into, struct err *err)
{
	return yaml_percent(at, 0, INJECTED_MAX, &((struct suite *)into)->injected, err);
}

static int read_injected_name(struct yaml_at at, void *into, struct err *err)
{
	struct suite *suite = into;
	const struct workload *workload;
	char **names;
	int rc = suite_workload_find(at, &workload, err);

	if (rc)
		return rc;
	if (!workload->native || workload->family == FAMILY_CONTROL)
		return yaml_fail(
			at, err, EINVAL,
			"'%s' cannot do more work than asked: only CPU and memory "
			"workloads can",
			workload->name);
	names = reallocarray(suite->injected_in, suite->injected_nr + 1, sizeof(*names));
	if (!names)
		return err_fail(err, ENOMEM, "no memory for a suite");
	suite->injected_in = names;
	rc = yaml_copy(at, &names[suite->injected_nr], err);
	if (!rc)
		suite->injected_nr++;
	return rc;
}

static int read_injected_in(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, read_injected_name, into, err);
}

static const struct yaml_key control_keys[] = {
	{"aa", read_aa, false},
	{"injected", read_injected, false},
	{"injected_in", read_injected_in, false},
	{0},
};

static int read_controls(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_map(at, control_keys, into, err);
}

/* --- disk --- */

static int read_disk_size(struct yaml_at at, void *into, struct err *err)
{
	struct suite *suite = into;
	int rc = yaml_bytes(at, 16 * MIB, TIB, &suite->disk_bytes, err);

	if (!rc && suite->disk_bytes % MIB)
		return yaml_fail(at, err, EINVAL, "must be a multiple of 1 MiB");
	return rc;
}

static int read_disk_slice(struct yaml_at at, void *into, struct err *err)
{
	return read_ms(at, 100, 60000, &((struct suite *)into)->disk_slice_ms, err);
}

static int read_disk_blocks(struct yaml_at at, void *into, struct err *err)
{
	return read_u32(at, &((struct suite *)into)->disk_blocks, err);
}

static const struct yaml_key disk_keys[] = {
	{"size", read_disk_size, false},
	{"slice", read_disk_slice, false},
	{"blocks", read_disk_blocks, false},
	{0},
};

static int read_disk(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_map(at, disk_keys, into, err);
}

/* --- workloads --- */

static int add_workload(struct yaml_at at, void *into, struct err *err)
{
	struct suite *suite = into;
	struct suite_workload *list =
		reallocarray(suite->workloads, suite->workload_nr + 1, sizeof(*list));
	int rc;

	if (!list)
		return err_fail(err, ENOMEM, "no memory for a suite");
	suite->workloads = list;
	rc = suite_workload_read(at, &list[suite->workload_nr], err);
	if (!rc)
		suite->workload_nr++;
	return rc;
}

static int read_workloads(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_workload, into, err);
}

static const struct yaml_key suite_keys[] = {
	{"description", read_description, true},
	{"budget", read_budget, true},
	{"precision", read_precision, false},
	{"seed", read_seed, false},
	{"emulation", read_emulation, false},
	{"family", read_family, false},
	{"on", read_on, false},
	{"controls", read_controls, false},
	{"epochs", read_epochs, false},
	{"epoch", read_epoch, false},
	{"disk", read_disk, false},
	{"workloads", read_workloads, true},
	{0},
};

/* --- the file --- */

CLEANUP_DEFINE(suite, struct suite *, suite_release)
CLEANUP_DEFINE(yaml, struct yaml *, yaml_close)

/* text NULL: read the file */
static int load(const char *file, const char *text, struct suite *ret, struct err *err)
{
	struct suite suite = defaults;
	cleanup(suite) struct suite *guard = &suite;
	cleanup(yaml) struct yaml *yaml = NULL;
	int rc = suite_open(file, text, &suite, &yaml, err);

	if (!rc)
		rc = suite_check_study(yaml_root(yaml), NULL, err);
	if (!rc)
		rc = yaml_read_map(yaml_root(yaml), suite_keys, &suite, err);
	if (rc)
		return rc;
	*ret = suite;
	guard = NULL;
	return 0;
}

int suite_parse(const char *name, const char *text, struct suite *ret, struct err *err)
{
	return load(name, text, ret, err);
}

int suite_load(const char *config_dir, const char *which, struct suite *ret,
	       struct err *err)
{
	cleanup(free) char *file = NULL;
	int rc = suite_find(config_dir, which, &file, err);

	return rc ? rc : load(file, NULL, ret, err);
}
