/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/claims/claims.h"

const char *claim_kind_name(enum claim_kind kind)
{
	static const char *const names[] = {[CLAIM_TIME] = "time",
					    [CLAIM_ORDER] = "order",
					    [CLAIM_COUNT] = "count",
					    [CLAIM_BEHAVIOUR] = "behaviour"};

	return names[kind];
}

const char *claim_verdict_name(enum claim_verdict verdict)
{
	static const char *const names[CLAIM_VERDICT_NR] = {
		[CLAIM_UNTESTABLE] = "not testable here",
		[CLAIM_INCONCLUSIVE] = "inconclusive",
		[CLAIM_CONTRADICTED] = "contradicted",
		[CLAIM_REPRODUCED] = "reproduced"};

	return names[verdict];
}

const char *claim_metric_name(enum claim_metric metric)
{
	static const char *const names[] = {[CLAIM_PERFORMANCE] = "performance",
					    [CLAIM_START] = "start time",
					    [CLAIM_EXITS] = "VM exits per I/O",
					    [CLAIM_PORT_EXITS] = "port accesses per I/O",
					    [CLAIM_SWITCHES] =
						    "host context switches per I/O"};

	return names[metric];
}
