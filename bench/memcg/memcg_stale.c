/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.stat after a change: how long until it says what is so. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "bench/memcg/memcg_behaviour.h"

#define SMALL_PAGES 16
#define LARGE_PAGES 4096
#define AGREES 0.98
#define POLL_US 5000
#define WAIT_NS (5 * NS_PER_S)
#define QUIET_MS 2500 /* the kernel sums up every two seconds */
#define PERIOD_MS 2000
#define TURNS_MAX 10
#define LARGE_TURNS 3
#define CURVES 3 /* that are kept of a size */

struct turns {
	size_t small, large;
};
struct range {
	uint64_t from, pages;
};

struct lag {
	double first; /* share of the change that the first reading had */
	double ms;    /* until it agreed; < 0: it did not in time */
};

/* Both are of the group and those below it: what version 1 calls rss, of the group alone,
 * older kernels add up when they are asked. */
static const char *key_of(const struct memcg_context *context)
{
	return context->unified ? "anon" : "total_rss";
}

/* Reads until it agrees. `curve` NULL: no points. */
static int follow(struct memcg_actor *actor, uint64_t before, uint64_t changed_bytes,
		  const char *curve, struct lag *ret, struct memcg_result *result,
		  struct err *err)
{
	const char *key = key_of(actor->group.context);
	uint64_t begin_ns = clock_now_ns(), now;
	int rc = 0;

	*ret = (struct lag){.first = -1, .ms = -1};
	while (!rc && ret->ms < 0 && clock_now_ns() - begin_ns < WAIT_NS) {
		double share, ms;

		rc = memcg_group_get(&actor->group, &memcg_stat, key, &now, err);
		if (rc)
			break;
		ms = (double)(clock_now_ns() - begin_ns) / NS_PER_MS;
		share = ((double)now - (double)before) / (double)changed_bytes;
		ret->first = ret->first < 0 ? share : ret->first;
		ret->ms = share >= AGREES ? ms : -1;
		rc = memcg_check_stop(actor->group.context, err);
		if (!rc && curve)
			rc = memcg_result_point(result, curve, ms, 100 * share, err);
		(void)usleep(POLL_US);
	}
	return rc;
}

/* One change at a moment that has nothing to do with when the kernel sums up. */
static int change(struct memcg_context *context, struct memcg_actor *actor,
		  struct range range, const char *curve, struct lag *ret,
		  struct memcg_result *result, struct err *err)
{
	const struct memcg_order touch = {MEMCG_TOUCH, range.from, range.pages, ""};
	uint64_t before = 0;
	int rc;

	(void)usleep((unsigned)memcg_random(context, PERIOD_MS) * 1000);
	rc = memcg_group_get(&actor->group, &memcg_stat, key_of(context), &before, err);
	if (!rc)
		rc = memcg_child_tell(&actor->child, &touch, NULL, err);
	if (!rc && context->reversed)
		(void)usleep(QUIET_MS * 1000);
	return rc ? rc
		  : follow(actor, before, range.pages * context->page_bytes, curve, ret,
			   result, err);
}

/* Several times; their lags in ms, sorted. A lag of 0: it agreed at once. */
static int repeat(struct memcg_context *context, struct memcg_actor *actor,
		  struct range range, size_t turns, double *ret_ms,
		  struct memcg_result *result, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < turns; i++, range.from += range.pages) {
		char name[40];
		struct lag lag;

		(void)snprintf(name, sizeof(name), "%" PRIu64 " pages, change %zu",
			       range.pages, i + 1);
		rc = change(context, actor, range, i < CURVES ? name : NULL, &lag, result,
			    err);
		if (!rc && lag.ms < 0)
			rc = err_fail(err, EIO, "memory.stat did not agree within %llu s",
				      WAIT_NS / NS_PER_S);
		if (!rc)
			ret_ms[i] = lag.first >= AGREES ? 0 : lag.ms;
	}
	if (!rc)
		(void)memcg_median(ret_ms, turns);
	return rc;
}

static int measure(struct memcg_context *context, const struct turns *turns,
		   double *ret_small_ms, double *ret_large_ms,
		   struct memcg_result *result, struct err *err)
{
	cleanup(memcg_actor) struct memcg_actor actor = MEMCG_ACTOR_NONE;
	const struct range small = {0, SMALL_PAGES},
			   large = {SMALL_PAGES * TURNS_MAX, LARGE_PAGES};
	const struct memcg_order map = {
		MEMCG_MAP,
		(TURNS_MAX * SMALL_PAGES + LARGE_TURNS * LARGE_PAGES) *
			context->page_bytes,
		0, ""};
	int rc = memcg_actor_start(context, NULL, 0, &actor, err);

	if (!rc)
		rc = memcg_child_tell(&actor.child, &map, NULL, err);
	/* until the process's own beginnings are summed up */
	(void)usleep(QUIET_MS * 1000);
	if (!rc)
		rc = repeat(context, &actor, small, turns->small, ret_small_ms, result,
			    err);
	return rc ? rc
		  : repeat(context, &actor, large, turns->large, ret_large_ms, result,
			   err);
}

MEMCG_EXPERIMENT(stale)
{
	static const struct turns once = {1, 1}, quick = {3, 1},
				  full = {TURNS_MAX, LARGE_TURNS};
	const struct turns *turns = context->reversed ? &once
				    : context->quick  ? &quick
						      : &full;
	double small[TURNS_MAX], large[TURNS_MAX], small_ms, large_ms;
	int rc = measure(context, turns, small, large, result, err);

	if (rc)
		return rc;
	small_ms = small[turns->small / 2];
	large_ms = large[turns->large / 2];
	memcg_result_count(result, "small_pages", SMALL_PAGES);
	memcg_result_count(result, "small_changes", turns->small);
	memcg_result_number(result, "small_lag_median_ms", small_ms);
	memcg_result_number(result, "small_lag_max_ms", small[turns->small - 1]);
	memcg_result_count(result, "large_pages", LARGE_PAGES);
	memcg_result_count(result, "large_changes", turns->large);
	memcg_result_number(result, "large_lag_median_ms", large_ms);
	memcg_result_say(
		result, small_ms > 0 ? FINDING_HOLDS : FINDING_FAILS,
		"memory.stat showed a change of %d pages after %.0f ms (median, n = %zu; "
		"longest %.0f ms) and one of %d pages after %.0f ms (n = %zu); 0 ms: in "
		"the "
		"first reading.",
		SMALL_PAGES, small_ms, turns->small, small[turns->small - 1], LARGE_PAGES,
		large_ms, turns->large);
	return 0;
}
