/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cell of the one run is which of the other, and why some have no partner. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/compare.h"
#include "bench/base/json.h"

static bool has_role(const struct result *result, enum arm_role role)
{
	return !strcmp(result->role, arm_role_name(role));
}

static bool is_same_place(const struct result *a, const struct result *b)
{
	return !strcmp(a->label, b->label) && !strcmp(a->platform, b->platform) &&
	       !strcmp(a->path, b->path) && !strcmp(a->role, b->role);
}

/* --- parameters --- */

static char *value_text(const json_t *value)
{
	return value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("none");
}

/* Names the first parameter in which they differ; false: they are equal. */
static bool find_parameter(json_t *a, json_t *b, char *reason, size_t size)
{
	const char *key;
	json_t *value;

	json_object_foreach (a, key, value) {
		json_t *other = json_object_get(b, key);
		cleanup(free) char *left = NULL, *right = NULL;

		if (other && json_equal(value, other))
			continue;
		left = value_text(value);
		right = value_text(other);
		(void)snprintf(reason, size, "%.40s is %.60s in A and %.60s in B", key,
			       left ? left : "?", right ? right : "?");
		return true;
	}
	return false;
}

static bool differ(const struct result *a, const struct result *b, char *reason,
		   size_t size)
{
	cleanup(json) json_t *left = json_loads(a->parameters, 0, NULL);
	cleanup(json) json_t *right = json_loads(b->parameters, 0, NULL);
	const char *key;
	json_t *value;

	if (strcmp(a->metric, b->metric) != 0 || strcmp(a->unit, b->unit) != 0) {
		(void)snprintf(reason, size, "its metric is %.40s in A and %.40s in B",
			       a->metric, b->metric);
		return true;
	}
	if (find_parameter(left, right, reason, size))
		return true;
	json_object_foreach (right, key, value)
		if (!json_object_get(left, key)) {
			(void)snprintf(reason, size, "%.40s is a parameter in B only",
				       key);
			return true;
		}
	if (a->emulated != b->emulated)
		(void)snprintf(reason, size, "it ran emulated in %s only",
			       a->emulated ? "A" : "B");
	return a->emulated != b->emulated;
}

/* --- pairs --- */

static const struct result *find(const struct results *in, const struct result *like)
{
	for (size_t i = 0; i < in->nr; i++)
		if (is_same_place(&in->list[i], like))
			return &in->list[i];
	return NULL;
}

/* Each run's floor bounds what its ratio may be off by though nothing is there; two
 * independent errors add in squares, which is more than the larger of both. */
static void fill_pair(struct compare_pair *pair)
{
	const struct result *a = pair->a, *b = pair->b;

	pair->floor = hypot(a->floor, b->floor);
	if (isnan(a->floor) || isnan(b->floor)) /* hypot(∞, NaN) is ∞ */
		pair->floor = NAN;
	pair->known = a->known && b->known;
	if (pair->known)
		compare_change(&a->stats, &b->stats, &pair->change);
	else if (!a->known && !b->known)
		(void)snprintf(pair->why, sizeof(pair->why), "no ratio in A and B: %.80s",
			       a->why);
	else
		(void)snprintf(pair->why, sizeof(pair->why), "no ratio in %s: %.80s",
			       a->known ? "B" : "A", a->known ? b->why : a->why);
}

/* The baseline's own performance in either run: ln of it, block by block. */
static void fill_baseline(const struct comparison *comparison, struct compare_pair *pair)
{
	const struct gathered *a = gather_find(&comparison->a.gather, pair->a->arm);
	const struct gathered *b = gather_find(&comparison->b.gather, pair->b->arm);
	struct stats_ratio left, right;
	struct err why = {0};

	pair->floor = NAN;
	pair->known = a && b && !stats_ratio(a->own.blocks, a->own.nr, 1, &left, &why) &&
		      !stats_ratio(b->own.blocks, b->own.nr, 1, &right, &why);
	if (pair->known)
		compare_change(&left, &right, &pair->change);
	else
		(void)snprintf(pair->why, sizeof(pair->why), "%.150s", why.text);
}

static void add_missing(struct comparison *comparison, const struct result *result,
			char run, const char *reason)
{
	struct compare_missing *missing = &comparison->missing[comparison->missing_nr++];

	*missing = (struct compare_missing){.result = result, .run = run};
	(void)snprintf(missing->reason, sizeof(missing->reason), "%s", reason);
}

static void add(struct comparison *comparison, const struct result *a)
{
	const struct result *b = find(&comparison->b.results, a);
	struct compare_pair pair = {.a = a, .b = b};
	char reason[200];

	if (!b)
		add_missing(comparison, a, 'A', "it is in A only");
	else if (differ(a, b, reason, sizeof(reason)))
		add_missing(comparison, a, 'A', reason);
	else if (has_role(a, ROLE_BASELINE)) {
		fill_baseline(comparison, &pair);
		comparison->baselines[comparison->baseline_nr++] = pair;
	} else {
		fill_pair(&pair);
		comparison->pairs[comparison->pair_nr++] = pair;
	}
}

/* Controls are floors here, and no cells. */
static bool takes_part(const struct result *result)
{
	return has_role(result, ROLE_PLATFORM) || has_role(result, ROLE_BASELINE);
}

int compare_pairs(struct comparison *comparison, struct err *err)
{
	const struct results *a = &comparison->a.results, *b = &comparison->b.results;

	comparison->pairs = calloc(a->nr + 1, sizeof(*comparison->pairs));
	comparison->baselines = calloc(a->nr + 1, sizeof(*comparison->baselines));
	comparison->missing = calloc(a->nr + b->nr + 1, sizeof(*comparison->missing));
	if (!comparison->pairs || !comparison->baselines || !comparison->missing)
		return err_fail(err, ENOMEM, "no memory to compare runs");
	for (size_t i = 0; i < a->nr; i++)
		if (takes_part(&a->list[i]))
			add(comparison, &a->list[i]);
	for (size_t i = 0; i < b->nr; i++)
		if (takes_part(&b->list[i]) && !find(a, &b->list[i]))
			add_missing(comparison, &b->list[i], 'B', "it is in B only");
	return 0;
}
