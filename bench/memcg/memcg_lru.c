/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a neighbour who streams evict what another group read? */
#include "bench/memcg/memcg_stream.h"

#define LIMIT_BYTES (32 * MIB)
#define ABOVE_BYTES (48 * MIB)
#define KEPT_PERCENT 95.0
#define LOST_PERCENT 50.0

enum finding memcg_lru_judge(double same_percent, double apart_percent)
{
	/* where both share a group the set must go, or nothing was at stake */
	if (same_percent > LOST_PERCENT)
		return FINDING_INCONCLUSIVE;
	return apart_percent >= KEPT_PERCENT ? FINDING_HOLDS : FINDING_FAILS;
}

MEMCG_EXPERIMENT(lru)
{
	const struct memcg_stream same = {
		.curve = "one group", .same_group = true, .own_limit_bytes = LIMIT_BYTES};
	const struct memcg_stream apart = {.curve = "two groups, a limit each",
					   .same_group = context->reversed,
					   .own_limit_bytes = LIMIT_BYTES};
	const struct memcg_stream common = {.curve = "two groups under one limit",
					    .above_limit_bytes = ABOVE_BYTES};
	double in_one, in_two, in_common;
	int rc = memcg_stream_past(context, &same, result, &in_one, err);

	if (!rc)
		rc = memcg_stream_past(context, &apart, result, &in_two, err);
	if (!rc)
		rc = memcg_stream_past(context, &common, result, &in_common, err);
	if (rc)
		return rc;
	memcg_result_count(result, "set_bytes", MEMCG_SET_BYTES);
	memcg_result_count(result, "streamed_bytes", MEMCG_STREAM_BYTES);
	memcg_result_number(result, "one_group_left_percent", in_one);
	memcg_result_number(result, "two_groups_left_percent", in_two);
	memcg_result_number(result, "common_limit_left_percent", in_common);
	memcg_result_say(
		result, memcg_lru_judge(in_one, in_two),
		"Of a set of %.0f MiB read once, %.0f %% stayed cached when a neighbour "
		"with a group and limit (%.0f MiB) of its own had streamed %.0f MiB, "
		"%.0f "
		"%% when it streamed in the same group, and %.0f %% when both groups "
		"were "
		"held by one limit (%.0f MiB) above them.",
		IN_MIB(MEMCG_SET_BYTES), in_two, IN_MIB(LIMIT_BYTES),
		IN_MIB(MEMCG_STREAM_BYTES), in_one, in_common, IN_MIB(ABOVE_BYTES));
	return 0;
}
