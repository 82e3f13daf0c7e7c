/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites of `tare neighbours`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/config/config_study_keys.h"
#include "bench/config/config_workload.h"
#include "bench/config/neighbour_settings.h"

#define MIB 1048576ull
#define DISK_BYTES_MIN (4 * MIB)
#define DISK_BYTES_MAX (64ull << 30)
#define DISK_WINDOW_MIN_NS (100 * NS_PER_MS)
#define DISK_WINDOW_MAX_NS (20 * NS_PER_S) /* twice that and some: fio's deadline */

/* In the order of the enumeration. */
static const char limit_names[] = "none"
#define LIMIT(id, name, ...) "|" name
#include "bench/study/neighbour_limits.def"
#undef LIMIT
	;

/* Which of "a|b|c" a word is that is one of them. */
static unsigned position(const char *choices, const char *word)
{
	unsigned at = 0;

	for (; *choices; choices += *choices == '|', at++) {
		size_t length = strcspn(choices, "|");

		if (strlen(word) == length && !memcmp(word, choices, length))
			break;
		choices += length;
	}
	return at;
}

static int add_limit(struct yaml_at at, void *into, struct err *err)
{
	unsigned *limits = into, bit;
	const char *word;
	int rc = yaml_choice(at, limit_names, &word, err);

	if (rc)
		return rc;
	bit = 1u << position(limit_names, word);
	if (*limits & bit)
		return yaml_fail(at, err, EINVAL, "'%s' is there already", word);
	*limits |= bit;
	return 0;
}

/* --- pairs --- */

static int read_name(struct yaml_at at, void *into, struct err *err)
{
	struct neighbour_pair *pair = into;
	const char *text;
	int rc = yaml_text(at, &text, err);

	if (!rc && (!*text || strlen(text) > NEIGHBOUR_NAME_MAX))
		rc = yaml_fail(at, err, EINVAL, "a name has 1 to %d bytes",
			       NEIGHBOUR_NAME_MAX);
	if (!rc)
		(void)snprintf(pair->name, sizeof(pair->name), "%s", text);
	return rc;
}

/* A disk workload too: fio does it where others are asked for slices. */
static int read_workload(struct yaml_at at, const struct workload **ret, struct err *err)
{
	const struct workload *workload;
	int rc = suite_workload_find(at, &workload, err);

	if (!rc && workload->fio)
		*ret = workload;
	return rc || workload->fio ? rc : study_read_workload(at, ret, err);
}

static int read_victim(struct yaml_at at, void *into, struct err *err)
{
	return read_workload(at, &((struct neighbour_pair *)into)->victim, err);
}

static int read_aggressor(struct yaml_at at, void *into, struct err *err)
{
	return read_workload(at, &((struct neighbour_pair *)into)->aggressor, err);
}

static int read_victim_size(struct yaml_at at, void *into, struct err *err)
{
	return study_read_size(at, &((struct neighbour_pair *)into)->victim_bytes, err);
}

static int read_aggressor_size(struct yaml_at at, void *into, struct err *err)
{
	return study_read_size(at, &((struct neighbour_pair *)into)->aggressor_bytes,
			       err);
}

static int read_pair_limits(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_limit, &((struct neighbour_pair *)into)->limits,
			      err);
}

static const struct yaml_key pair_keys[] = {
	{"name", read_name, true},
	{"victim", read_victim, true},
	{"aggressor", read_aggressor, true},
	{"victim_size", read_victim_size, false},
	{"aggressor_size", read_aggressor_size, false},
	{"limits", read_pair_limits, false},
	{0},
};

/* A name is an experiment's in the store, where it may come once. */
static bool is_named(const struct neighbour_settings *settings, const char *name)
{
	for (size_t i = 0; i < settings->pair_nr; i++)
		if (!strcmp(settings->pairs[i].name, name))
			return true;
	return false;
}

static int check_size(struct yaml_at at, const struct workload *workload, uint64_t bytes,
		      struct err *err)
{
	return workload->fio ? 0 : study_check_size(at, workload, bytes, err);
}

static int check_sizes(struct yaml_at at, const struct neighbour_pair *pair,
		       struct err *err)
{
	int rc = check_size(at, pair->victim, pair->victim_bytes, err);

	return rc ? rc : check_size(at, pair->aggressor, pair->aggressor_bytes, err);
}

static int add_pair(struct yaml_at at, void *into, struct err *err)
{
	struct neighbour_settings *settings = into;
	struct neighbour_pair pair = {.limits = 0};
	int rc = yaml_read_map(at, pair_keys, &pair, err);

	if (!rc)
		rc = check_sizes(at, &pair, err);
	if (!rc && is_named(settings, pair.name))
		rc = yaml_fail(at, err, EINVAL, "there is a pair '%s' already",
			       pair.name);
	if (!rc && settings->pair_nr == NEIGHBOUR_PAIRS_MAX)
		rc = yaml_fail(at, err, E2BIG, "more than %d pairs", NEIGHBOUR_PAIRS_MAX);
	if (!rc)
		settings->pairs[settings->pair_nr++] = pair;
	return rc;
}

static int read_pairs(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_pair, into, err);
}

/* --- the rest --- */

static int read_limits(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_limit, &((struct neighbour_settings *)into)->limits,
			      err);
}

static int read_rounds(struct yaml_at at, void *into, struct err *err)
{
	return study_read_repeats(at, NEIGHBOUR_ROUNDS_MAX,
				  &((struct neighbour_settings *)into)->rounds, err);
}

static int read_window(struct yaml_at at, void *into, struct err *err)
{
	return study_read_window(at, &((struct neighbour_settings *)into)->window_ns,
				 err);
}

static int read_victim_slice(struct yaml_at at, void *into, struct err *err)
{
	return study_read_window(
		at, &((struct neighbour_settings *)into)->victim_slice_ns, err);
}

static int read_aggressor_slice(struct yaml_at at, void *into, struct err *err)
{
	return study_read_window(
		at, &((struct neighbour_settings *)into)->aggressor_slice_ns, err);
}

/* --- the disk --- */

static int read_disk_size(struct yaml_at at, void *into, struct err *err)
{
	return yaml_bytes(at, DISK_BYTES_MIN, DISK_BYTES_MAX,
			  &((struct neighbour_disk_settings *)into)->bytes, err);
}

/* fio tells its time in milliseconds, and some of a guest's are lost on its start. */
static int read_disk_window(struct yaml_at at, void *into, struct err *err)
{
	return yaml_duration(at, DISK_WINDOW_MIN_NS, DISK_WINDOW_MAX_NS,
			     &((struct neighbour_disk_settings *)into)->window_ns, err);
}

static int read_disk_rounds(struct yaml_at at, void *into, struct err *err)
{
	return study_read_repeats(at, NEIGHBOUR_ROUNDS_MAX,
				  &((struct neighbour_disk_settings *)into)->rounds, err);
}

static const struct yaml_key disk_keys[] = {
	{"size", read_disk_size, true},
	{"window", read_disk_window, true},
	{"rounds", read_disk_rounds, true},
	{0},
};

static int read_disk(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_map(at, disk_keys, &((struct neighbour_settings *)into)->disk,
			     err);
}

static int check_disk(struct yaml_at root, const void *read, struct err *err)
{
	const struct neighbour_settings *settings = read;

	for (size_t i = 0; i < settings->pair_nr; i++) {
		const struct neighbour_pair *pair = &settings->pairs[i];

		if (!neighbour_pair_uses_disk(pair))
			continue;
		if (!settings->disk.bytes)
			return yaml_fail(root, err, EINVAL,
					 "pair '%s' works on the disk: key 'disk' is "
					 "missing",
					 pair->name);
		if ((pair->victim->fio && pair->victim_bytes > settings->disk.bytes) ||
		    (pair->aggressor->fio &&
		     pair->aggressor_bytes > settings->disk.bytes))
			return yaml_fail(root, err, ERANGE,
					 "pair '%s' uses more than the disk's size",
					 pair->name);
	}
	return 0;
}

static const struct yaml_key keys[] = {
	STUDY_KEYS,
	{"pairs", read_pairs, true},
	{"limits", read_limits, true},
	{"rounds", read_rounds, true},
	{"window", read_window, true},
	{"victim_slice", read_victim_slice, true},
	{"aggressor_slice", read_aggressor_slice, true},
	{"disk", read_disk, false},
	{0},
};

const struct study_kind study_neighbours = {.name = "neighbours",
					    .keys = keys,
					    .size = sizeof(struct neighbour_settings),
					    .check = check_disk};
