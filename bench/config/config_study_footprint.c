/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites of `tare footprint`. */
#include <errno.h>

#include "bench/config/config_study_keys.h"
#include "bench/config/footprint_settings.h"

#define MIB (1ull << 20)
#define GROUPS_LEAST 50
#define GROUPS_MOST 10000 /* a memory cgroup's number has 16 bits, on the whole host */

static int read_instances(struct yaml_at at, void *into, struct err *err)
{
	struct footprint_settings *settings = into;

	return study_read_number(at, 1, STUDY_INSTANCES_MAX, &settings->instances, err);
}

static int read_rounds(struct yaml_at at, void *into, struct err *err)
{
	struct footprint_settings *settings = into;

	return study_read_number(at, FOOTPRINT_ROUNDS_MIN, FOOTPRINT_STEPS_MAX,
				 &settings->rounds, err);
}

static int read_touch(struct yaml_at at, void *into, struct err *err)
{
	struct footprint_settings *settings = into;
	uint64_t bytes;
	int rc = yaml_bytes(at, MIB, 1024 * MIB, &bytes, err);

	if (!rc && (bytes & (bytes - 1)))
		rc = yaml_fail(at, err, EINVAL, "a power of two is expected");
	if (!rc)
		settings->touch_bytes = bytes;
	return rc;
}

static int read_sharers(struct yaml_at at, void *into, struct err *err)
{
	struct footprint_settings *settings = into;

	return study_read_repeats(at, FOOTPRINT_SHARERS_MAX, &settings->sharers, err);
}

static int read_share_rounds(struct yaml_at at, void *into, struct err *err)
{
	struct footprint_settings *settings = into;

	return study_read_repeats(at, FOOTPRINT_STEPS_MAX, &settings->share_rounds, err);
}

static int read_file(struct yaml_at at, void *into, struct err *err)
{
	struct footprint_settings *settings = into;

	return yaml_bytes(at, MIB, 256 * MIB, &settings->file_bytes, err);
}

static int read_groups(struct yaml_at at, void *into, struct err *err)
{
	struct footprint_settings *settings = into;

	return study_read_number(at, GROUPS_LEAST, GROUPS_MOST, &settings->groups, err);
}

static const struct yaml_key keys[] = {
	STUDY_KEYS,
	{"instances", read_instances, true},
	{"rounds", read_rounds, true},
	{"touch", read_touch, true},
	{"sharers", read_sharers, true},
	{"share_rounds", read_share_rounds, true},
	{"file", read_file, true},
	{"groups", read_groups, true},
	{0},
};

/* A file that is read whole, and what is touched, must fit inside. */
static int check(struct yaml_at root, const void *read, struct err *err)
{
	const struct footprint_settings *settings = read;
	uint64_t most = settings->head.memory_bytes / 4;

	if (settings->touch_bytes > most || settings->file_bytes > most)
		return yaml_fail(root, err, ERANGE,
				 "touch and file may be a quarter of memory at most");
	return 0;
}

const struct study_kind study_footprint = {.name = "footprint",
					   .keys = keys,
					   .size = sizeof(struct footprint_settings),
					   .check = check};
