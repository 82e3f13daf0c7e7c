/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites of `tare neighbours`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/config/config_study_keys.h"
#include "bench/config/neighbour_settings.h"

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

static int read_victim(struct yaml_at at, void *into, struct err *err)
{
	return study_read_workload(at, &((struct neighbour_pair *)into)->victim, err);
}

static int read_aggressor(struct yaml_at at, void *into, struct err *err)
{
	return study_read_workload(at, &((struct neighbour_pair *)into)->aggressor, err);
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

static int check_sizes(struct yaml_at at, const struct neighbour_pair *pair,
		       struct err *err)
{
	int rc = study_check_size(at, pair->victim, pair->victim_bytes, err);

	return rc ? rc
		  : study_check_size(at, pair->aggressor, pair->aggressor_bytes, err);
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

static const struct yaml_key keys[] = {
	STUDY_KEYS,
	{"pairs", read_pairs, true},
	{"limits", read_limits, true},
	{"rounds", read_rounds, true},
	{"window", read_window, true},
	{"victim_slice", read_victim_slice, true},
	{"aggressor_slice", read_aggressor_slice, true},
	{0},
};

const struct study_kind study_neighbours = {
	.name = "neighbours", .keys = keys, .size = sizeof(struct neighbour_settings)};
