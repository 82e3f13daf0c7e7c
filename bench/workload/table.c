/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "workload.h"

#define WORKLOAD(name) extern const struct workload workload_##name;
#include "workloads.def"
#undef WORKLOAD

const struct workload *const workloads[] = {
#define WORKLOAD(name) &workload_##name,
#include "workloads.def"
#undef WORKLOAD
};
const size_t workload_nr = sizeof(workloads) / sizeof(workloads[0]);

const struct workload *workload_find(const char *name)
{
	for (size_t i = 0; i < workload_nr; i++)
		if (!strcmp(workloads[i]->name, name))
			return workloads[i];
	return NULL;
}

const char *workload_family_name(enum workload_family family)
{
	static const char *const names[] = {[FAMILY_CONTROL] = "control",
					    [FAMILY_CPU] = "cpu",
					    [FAMILY_MEMORY] = "memory",
					    [FAMILY_DISK] = "disk"};

	return names[family];
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
