/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of one claim. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/claims/claims_keys.h"

#define CELLS_MAX 64
#define NUMBER_MAX 12 /* characters of a claimed value */
#define NUMBER_LEAST 1e-6
#define HOST_MAX 4096 /* CPUs */

#define TEXT_KEY(key)                                                         \
	static int read_##key(struct yaml_at at, void *into, struct err *err) \
	{                                                                     \
		return yaml_copy(at, &((struct claim *)into)->key, err);      \
	}
TEXT_KEY(says)
TEXT_KEY(source)
TEXT_KEY(conditions)
TEXT_KEY(relative_to)
TEXT_KEY(command)
TEXT_KEY(untestable)
TEXT_KEY(mark)

static bool is_id(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length && length < 64 && !text[length];
}

static int read_id(struct yaml_at at, void *into, struct err *err)
{
	const char *text;
	int rc = yaml_text(at, &text, err);

	if (!rc && !is_id(text))
		rc = yaml_fail(at, err, EINVAL,
			       "'%.40s' is no id: expected a-z, 0-9 and '-'", text);
	return rc ? rc : yaml_copy(at, &((struct claim *)into)->id, err);
}

static int read_confidence(struct yaml_at at, void *into, struct err *err)
{
	const char *word;
	int rc = yaml_choice(at, "read|secondary|talk", &word, err);

	return rc ? rc : yaml_copy(at, &((struct claim *)into)->confidence, err);
}

static int read_kind(struct yaml_at at, void *into, struct err *err)
{
	struct claim *claim = into;
	const char *word;
	int rc = yaml_choice(at, "time|order|count|behaviour", &word, err);

	for (int i = CLAIM_TIME; !rc && i <= CLAIM_BEHAVIOUR; i++)
		if (!strcmp(word, claim_kind_name((enum claim_kind)i)))
			claim->kind = (enum claim_kind)i;
	return rc;
}

static int read_metric(struct yaml_at at, void *into, struct err *err)
{
	static const char *const words[] = {[CLAIM_PERFORMANCE] = "performance",
					    [CLAIM_START] = "start",
					    [CLAIM_EXITS] = "exits",
					    [CLAIM_PORT_EXITS] = "port-exits",
					    [CLAIM_SWITCHES] = "switches"};
	struct claim *claim = into;
	const char *word;
	int rc = yaml_choice(at, "performance|start|exits|port-exits|switches", &word,
			     err);

	for (size_t i = 0; !rc && i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i]))
			claim->metric = (enum claim_metric)i;
	return rc;
}

static int read_order(struct yaml_at at, void *into, struct err *err)
{
	const char *word;
	int rc = yaml_choice(at, "above|below", &word, err);

	if (!rc)
		((struct claim *)into)->below = !strcmp(word, "below");
	return rc;
}

static int read_holds_in(struct yaml_at at, void *into, struct err *err)
{
	const char *word;
	int rc = yaml_choice(at, "some|every", &word, err);

	if (!rc)
		((struct claim *)into)->every = !strcmp(word, "every");
	return rc;
}

/* "0.99", "12": digits and at most one point, so that strtod has nothing to interpret. */
static int read_claimed(struct yaml_at at, void *into, struct err *err)
{
	const char *text, *point;
	double value;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	point = strchr(text, '.');
	value = strtod(text, NULL);
	if (strlen(text) > NUMBER_MAX || text[strspn(text, "0123456789.")] ||
	    (point && (point == text || !point[1] || strchr(point + 1, '.'))) ||
	    value < NUMBER_LEAST)
		return yaml_fail(at, err, EINVAL,
				 "'%.40s' is no ratio: expected a number as in 0.99",
				 text);
	((struct claim *)into)->claimed = value;
	return 0;
}

static int read_tolerance(struct yaml_at at, void *into, struct err *err)
{
	return yaml_percent(at, 0.0001, 0.9, &((struct claim *)into)->tolerance, err);
}

static int read_host(struct yaml_at at, uint32_t *ret, struct err *err)
{
	uint64_t value;
	int rc = yaml_count(at, 1, HOST_MAX, &value, err);

	if (!rc)
		*ret = (uint32_t)value;
	return rc;
}

static int read_cpus(struct yaml_at at, void *into, struct err *err)
{
	return read_host(at, &((struct claim *)into)->cpus, err);
}

static int read_packages(struct yaml_at at, void *into, struct err *err)
{
	return read_host(at, &((struct claim *)into)->packages, err);
}

/* --- sides and cells --- */

static int read_side(struct yaml_at at, struct claim_side *ret, struct err *err)
{
	const char *text, *colon;
	int rc = yaml_text(at, &text, err);

	if (rc)
		return rc;
	colon = strchr(text, ':');
	if (colon == text || (colon && !colon[1]))
		return yaml_fail(at, err, EINVAL,
				 "'%.40s' is no platform: expected name or name:path",
				 text);
	ret->platform = colon ? strndup(text, (size_t)(colon - text)) : strdup(text);
	ret->path = colon ? strdup(colon + 1) : NULL;
	if (ret->platform && (!colon || ret->path))
		return 0;
	free(ret->platform);
	free(ret->path);
	*ret = (struct claim_side){0};
	return err_fail(err, ENOMEM, "no memory for a claim");
}

static int add_side(struct yaml_at at, void *into, struct err *err)
{
	struct claim *claim = into;
	int rc;

	if (claim->side_nr == CLAIM_SIDES_MAX)
		return yaml_fail(at, err, E2BIG, "more than %d platforms",
				 CLAIM_SIDES_MAX);
	rc = read_side(at, &claim->sides[claim->side_nr], err);
	claim->side_nr += !rc;
	return rc;
}

static int read_platform(struct yaml_at at, void *into, struct err *err)
{
	return yaml_is_list(at) ? yaml_read_list(at, add_side, into, err)
				: add_side(at, into, err);
}

static int read_against(struct yaml_at at, void *into, struct err *err)
{
	return read_side(at, &((struct claim *)into)->against, err);
}

static int add_word(struct yaml_at at, char ***list, size_t *nr, struct err *err)
{
	char **grown;
	int rc;

	if (*nr == CELLS_MAX)
		return yaml_fail(at, err, E2BIG, "more than %d entries", CELLS_MAX);
	grown = reallocarray(*list, *nr + 1, sizeof(*grown));
	if (!grown)
		return err_fail(err, ENOMEM, "no memory for a claim");
	*list = grown;
	rc = yaml_copy(at, &grown[*nr], err);
	*nr += !rc;
	return rc;
}

static int add_cell(struct yaml_at at, void *into, struct err *err)
{
	struct claim *claim = into;

	return add_word(at, &claim->cells, &claim->cell_nr, err);
}

static int add_family(struct yaml_at at, void *into, struct err *err)
{
	struct claim *claim = into;
	const char *word;
	int rc = yaml_choice(at, "cpu|memory|disk", &word, err);

	return rc ? rc : add_word(at, &claim->families, &claim->family_nr, err);
}

static int read_cells(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_cell, into, err);
}

static int read_families(struct yaml_at at, void *into, struct err *err)
{
	return yaml_read_list(at, add_family, into, err);
}

/* --- a claim --- */

const struct yaml_key claim_keys[] = {
	{"id", read_id, true},
	{"says", read_says, true},
	{"confidence", read_confidence, true},
	{"kind", read_kind, true},
	{"conditions", read_conditions, true},
	{"source", read_source, false},
	{"platform", read_platform, false},
	{"against", read_against, false},
	{"metric", read_metric, false},
	{"cells", read_cells, false},
	{"families", read_families, false},
	{"relative_to", read_relative_to, false},
	{"claimed", read_claimed, false},
	{"tolerance", read_tolerance, false},
	{"order", read_order, false},
	{"holds_in", read_holds_in, false},
	{"cpus", read_cpus, false},
	{"packages", read_packages, false},
	{"command", read_command, false},
	{"untestable", read_untestable, false},
	{"mark", read_mark, false},
	{0},
};
