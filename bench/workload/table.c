/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bench/workload/workload.h"

#define WORKLOAD(name) extern const struct workload workload_##name;
#include "bench/workload/workloads.def"
#undef WORKLOAD

const struct workload *const workloads[] = {
#define WORKLOAD(name) &workload_##name,
#include "bench/workload/workloads.def"
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
