/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What families, charges and metrics are called. Not beside the table, which a test may
 * replace by one of its own. */
#include "bench/workload/workload.h"

const char *workload_family_name(enum workload_family family)
{
	static const char *const names[] = {
		[FAMILY_CONTROL] = "control", [FAMILY_CPU] = "cpu",
		[FAMILY_MEMORY] = "memory",   [FAMILY_MEMCG] = "memcg",
		[FAMILY_DISK] = "disk",	      [FAMILY_START] = "start"};

	return names[family];
}

const char *workload_charge_name(enum workload_charge charge)
{
	static const char *const names[] = {[CHARGE_NONE] = "none",
					    [CHARGE_PAGE] = "page",
					    [CHARGE_OBJECT] = "object",
					    [CHARGE_SOCKET] = "socket"};

	return names[charge];
}

const char *workload_metric_name(enum workload_metric metric)
{
	static const char *const names[] = {[METRIC_CPU_TIME] = "cpu time",
					    [METRIC_WALL_TIME] = "wall time",
					    [METRIC_ROUND_TRIP] = "round trip",
					    [METRIC_IOPS] = "IOPS",
					    [METRIC_BYTES_PER_SECOND] = "B/s"};

	return names[metric];
}

const char *workload_metric_unit(enum workload_metric metric)
{
	static const char *const units[] = {[METRIC_CPU_TIME] = "ns/op",
					    [METRIC_WALL_TIME] = "ns/op",
					    [METRIC_ROUND_TRIP] = "ns/op",
					    [METRIC_IOPS] = "IOPS",
					    [METRIC_BYTES_PER_SECOND] = "B/s"};

	return units[metric];
}
