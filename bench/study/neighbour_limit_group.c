/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the limits on processes and memory are set. */
#include <stdio.h>

#include "bench/study/neighbour_limit.h"

#define V1_NONE "-1" /* no limit of memory, in version 1 */

int neighbour_set_pids(const struct neighbour_limit_def *limit,
		       const struct neighbour_group *group, bool on, struct err *err)
{
	char most[24] = "max";

	if (on)
		(void)snprintf(most, sizeof(most), "%.0f", limit->asked);
	return neighbour_group_put(
		group, "pids",
		&(struct neighbour_file){"pids.max", most, "pids.max", most}, err);
}

int neighbour_set_memory(const struct neighbour_limit_def *limit,
			 const struct neighbour_group *group, bool on, struct err *err)
{
	char most[24];

	(void)snprintf(most, sizeof(most), "%.0f", limit->asked);
	return neighbour_group_put(group, "memory",
				   &(struct neighbour_file){
					   .v1 = "memory.limit_in_bytes",
					   .v1_value = on ? most : V1_NONE,
					   .v2 = "memory.max",
					   .v2_value = on ? most : "max",
				   },
				   err);
}

int neighbour_set_low(const struct neighbour_limit_def *limit,
		      const struct neighbour_group *group, bool on, struct err *err)
{
	char least[24];

	(void)snprintf(least, sizeof(least), "%.0f", limit->asked);
	return neighbour_group_put(group, "memory",
				   &(struct neighbour_file){
					   .v1 = "memory.soft_limit_in_bytes",
					   .v1_value = on ? least : V1_NONE,
					   .v2 = "memory.low",
					   .v2_value = on ? least : "0",
				   },
				   err);
}
