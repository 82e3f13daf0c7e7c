/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.low and memory.min (version 1: the soft limit) against a neighbour who streams,
 * both under one limit. */
#include "bench/memcg/memcg_stream.h"

#define ABOVE_BYTES (48 * MIB)
#define PROTECTED_BYTES (24 * MIB)
#define KEPT_PERCENT 95.0
#define LOST_PERCENT 80.0

enum finding memcg_protect_judge(double bare_percent, double low_percent,
				 double min_percent)
{
	if (bare_percent > LOST_PERCENT) /* nothing was at stake */
		return FINDING_INCONCLUSIVE;
	return low_percent >= KEPT_PERCENT && min_percent >= KEPT_PERCENT ? FINDING_HOLDS
									  : FINDING_FAILS;
}

/* The other way round: version 2 without the protection; version 1 with what does
 * protect there, a limit on each, so that the one above is never reached. */
static int with(struct memcg_context *context, const struct memcg_knob *knob,
		const char *curve, struct memcg_result *result, double *ret_percent,
		struct err *err)
{
	struct memcg_stream stream = {.curve = curve,
				      .above_limit_bytes = ABOVE_BYTES,
				      .protection = knob,
				      .protection_bytes = PROTECTED_BYTES};

	if (context->reversed && knob) {
		stream.protection = NULL;
		stream.own_limit_bytes = context->unified ? 0 : PROTECTED_BYTES - MIB;
	}
	return memcg_stream_past(context, &stream, result, ret_percent, err);
}

MEMCG_EXPERIMENT(protect)
{
	static const struct memcg_knob low = {"memory.soft_limit_in_bytes", "memory.low"};
	static const struct memcg_knob min = {"memory.soft_limit_in_bytes", "memory.min"};
	double bare = 0, by_low = 0, by_min;
	const char *name = context->unified ? low.v2 : low.v1;
	int rc = with(context, NULL, "no protection", result, &bare, err);

	if (!rc)
		rc = with(context, &low, name, result, &by_low, err);
	by_min = by_low;
	if (!rc && context->unified)
		rc = with(context, &min, min.v2, result, &by_min, err);
	if (rc)
		return rc;
	memcg_result_count(result, "set_bytes", MEMCG_SET_BYTES);
	memcg_result_count(result, "protected_bytes", PROTECTED_BYTES);
	memcg_result_number(result, "unprotected_left_percent", bare);
	memcg_result_number(
		result, context->unified ? "low_left_percent" : "soft_limit_left_percent",
		by_low);
	if (context->unified)
		memcg_result_number(result, "min_left_percent", by_min);
	memcg_result_say(
		result, memcg_protect_judge(bare, by_low, by_min),
		"Under one limit of %.0f MiB a neighbour that streamed %.0f MiB left "
		"%.0f "
		"%% of a %.0f MiB set read once; with %s of %.0f MiB it left %.0f %%%s.",
		IN_MIB(ABOVE_BYTES), IN_MIB(MEMCG_STREAM_BYTES), bare,
		IN_MIB(MEMCG_SET_BYTES),
		context->unified ? "memory.low (memory.min)" : name,
		IN_MIB(PROTECTED_BYTES), by_low,
		context->unified ? "" : "; version 1 has no memory.low or memory.min");
	return 0;
}
