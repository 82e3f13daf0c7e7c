/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ratios of performance as evidence: of a cell on one platform against another. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/claims/claims_private.h"

static bool is_listed(char *const *words, size_t nr, const char *text)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(words[i], text))
			return true;
	return false;
}

static bool is_native(const struct result *result)
{
	return strcmp(result->family, workload_family_name(FAMILY_DISK)) != 0;
}

static bool is_of_claim(const struct result *result, const struct claim *claim)
{
	return is_listed(claim->cells, claim->cell_nr, result->label) ||
	       is_listed(claim->cells, claim->cell_nr, result->workload) ||
	       is_listed(claim->families, claim->family_nr, result->family);
}

/* Native cells do not depend on the path to the disk. */
static bool is_side(const struct result *result, const struct claim_side *side)
{
	return !strcmp(result->role, arm_role_name(ROLE_PLATFORM)) &&
	       !strcmp(result->platform, side->platform) &&
	       (!side->path || is_native(result) || !strcmp(result->path, side->path));
}

static const struct result *find(const struct results *results, const char *label,
				 const struct claim_side *side)
{
	for (size_t i = 0; i < results->nr; i++)
		if (!strcmp(results->list[i].label, label) &&
		    is_side(&results->list[i], side))
			return &results->list[i];
	return NULL;
}

/* The logarithm of a ratio, and how far its interval reaches to either side. */
struct measured {
	double log, down, up, floor; /* floor NaN: none */
	bool known, emulated;
	const char *why;
};

static struct measured measured_of(const struct result *result)
{
	if (!result)
		return (struct measured){
			.why = "the run has no such cell to compare with"};
	if (!result->known)
		return (struct measured){.emulated = result->emulated,
					 .why = result->why};
	return (struct measured){.log = log(result->stats.ratio),
				 .down = log(result->stats.ratio / result->stats.low),
				 .up = log(result->stats.high / result->stats.ratio),
				 .floor = result->floor,
				 .known = true,
				 .emulated = result->emulated};
}

/* Errors are taken for independent, which is on the safe side where both ratios share
 * their baseline's. The floor of one cell is counted once. */
static struct measured divided(struct measured a, struct measured b, bool other_cell)
{
	if (!a.known || !b.known) {
		a.why = a.known ? b.why : a.why;
		a.known = false;
		return a;
	}
	if (other_cell && isfinite(a.floor) && isfinite(b.floor))
		a.floor = hypot(a.floor, b.floor);
	a.log -= b.log;
	a.down = hypot(a.down, b.up);
	a.up = hypot(a.up, b.down);
	return a;
}

struct pair {
	struct measured measured;
	bool all_emulated, any_emulated;
};

/* The platform against the other in one cell. */
static struct pair pair_of(const struct results *results, const struct claim *claim,
			   const struct result *result)
{
	const struct result *other = NULL;
	struct pair pair = {.measured = measured_of(result)};

	pair.any_emulated = result->emulated;
	if (!claim->against.platform)
		return pair;
	other = find(results, result->label, &claim->against);
	pair.measured = divided(pair.measured, measured_of(other), false);
	pair.any_emulated |= other && other->emulated;
	pair.all_emulated = result->emulated && other && other->emulated;
	return pair;
}

static struct pair relative_of(const struct results *results, const struct claim *claim,
			       const struct claim_side *side, const struct result *result)
{
	struct pair pair = pair_of(results, claim, result), base;
	const struct result *cell;

	if (!claim->relative_to)
		return pair;
	cell = find(results, claim->relative_to, side);
	if (!cell) {
		pair.measured = measured_of(NULL);
		return pair;
	}
	base = pair_of(results, claim, cell);
	pair.measured = divided(pair.measured, base.measured, true);
	return pair;
}

/* Why the pair decides nothing of this claim; NULL: it may. */
static const char *objection(const struct evidence *evidence, const struct claim *claim,
			     const struct pair *pair)
{
	if (!pair->measured.known)
		return pair->measured.why;
	if (evidence->emulated_host)
		return "the host was emulated: its times mean nothing";
	if (claim->kind == CLAIM_TIME && pair->any_emulated)
		return "the guest was emulated: that says nothing about hardware KVM's "
		       "times";
	if (pair->any_emulated && !pair->all_emulated)
		return "only one side was emulated: that decides no order";
	return NULL;
}

static void judge(const struct evidence *evidence, const struct claim *claim,
		  const struct pair *pair, struct claim_reading *reading)
{
	const struct measured *measured = &pair->measured;
	const char *why = objection(evidence, claim, pair);
	struct claim_interval interval;

	if (measured->known) {
		reading->value = exp(measured->log);
		interval =
			claim_widen(reading->value, exp(measured->log - measured->down),
				    exp(measured->log + measured->up), measured->floor);
		reading->low = interval.low;
		reading->high = interval.high;
	}
	if (why)
		claim_say(reading->reason, "%s", why);
	else if (measured->known)
		reading->verdict = claim->kind == CLAIM_TIME
					   ? claim_judge_value(claim, interval)
					   : claim_judge_order(claim, interval);
	if (!why && reading->verdict == CLAIM_INCONCLUSIVE)
		claim_say(reading->reason, "the interval is too wide: more budget");
}

static void name_side(const char *platform, const char *path, bool native, char to[96])
{
	(void)snprintf(to, 96, "%.46s%s%.46s", platform, native || !path ? "" : ":",
		       native || !path ? "" : path);
}

static int add(struct evidence *evidence, const struct claim *claim,
	       const struct claim_side *side, const struct result *result,
	       struct readings *into)
{
	struct pair pair = relative_of(&evidence->results, claim, side, result);
	struct claim_reading *reading = readings_add(into, evidence);
	bool native = is_native(result);

	if (!reading)
		return -ENOMEM;
	(void)snprintf(reading->cell, sizeof(reading->cell), "%s", result->label);
	name_side(result->platform, result->path, native, reading->platform);
	if (claim->against.platform)
		name_side(claim->against.platform, claim->against.path, native,
			  reading->against);
	reading->emulated = pair.any_emulated;
	reading->samples = result->samples;
	judge(evidence, claim, &pair, reading);
	return 0;
}

static int add_side(struct evidence *evidence, const struct claim *claim,
		    const struct claim_side *side, struct readings *into, bool *ret_known)
{
	const struct results *results = &evidence->results;
	int rc = 0;

	*ret_known = false;
	for (size_t i = 0; !rc && i < results->nr; i++) {
		const struct result *result = &results->list[i];

		if (!is_of_claim(result, claim) || !is_side(result, side))
			continue;
		rc = add(evidence, claim, side, result, into);
		*ret_known |= !rc && isfinite(into->list[into->nr - 1].value);
	}
	return rc;
}

/* What stands in for a platform counts only where the platform itself was not measured.
 */
static int add_sides(struct evidence *evidence, const struct claim *claim,
		     struct readings *into)
{
	size_t before = into->nr;
	bool known = false;
	int rc = 0;

	for (size_t i = 0; !rc && !known && i < claim->side_nr; i++) {
		struct readings more = {0};

		rc = add_side(evidence, claim, &claim->sides[i], &more, &known);
		if (!rc && known)
			into->nr = before; /* the earlier ones have no number */
		for (size_t k = 0; !rc && k < more.nr; k++) {
			struct claim_reading *copy = readings_add(into, evidence);

			if (copy)
				*copy = more.list[k];
			else
				rc = -ENOMEM;
		}
		free(more.list);
	}
	return rc;
}

int claim_read_ratios(struct evidence *evidence, const struct claim *claim,
		      struct readings *into, struct err *err)
{
	int rc = 0;

	if (!evidence->loaded)
		rc = results_load(evidence->store, evidence->run, &evidence->results,
				  err);
	if (rc)
		return rc;
	evidence->loaded = true;
	rc = add_sides(evidence, claim, into);
	return rc ? err_fail(err, ENOMEM, "no memory for a claim's evidence") : 0;
}
