/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PLAN_MAKING_H
#define TARE_PLAN_MAKING_H

/* What plan.c and plan_platforms.c share; nobody else includes this. */
#include "bench/plan/plan.h"
#include "bench/plan/plan_select.h"

/* What is being made, and what it is made of. */
struct making {
	const struct suite *suite;
	const struct topology *topology;
	struct plan *plan;
	const struct platform_set *set;
	const struct selected *selected; /* per plan platform */
	struct selected *own; /* per platform of the set: the workload's own choice */
	bool by_user;	      /* `selected` is what the user wants and no more */
	size_t baseline;      /* among the plan's platforms */
};

int plan_no_memory(struct err *err);
/* A zeroed slot behind the last one of the list at `list`; NULL: no memory. */
void *plan_grow(void *list, size_t *nr, size_t size);

/* Fills in the plan's platforms. `selected`: one per platform of the set, zeroed; it is
 * left as one per platform of the plan. */
int plan_select_platforms(struct making *making, const char *on,
			  struct selected *selected, struct err *err);
/* The platforms that an entry of the suite names for itself, one per platform of the set.
 */
int plan_select_own(const struct making *making, const struct suite_workload *entry,
		    struct selected *ret, struct err *err);
/* What is selected of plan platform i for a workload: what the suite names for it, as far
 * as the user wants it. */
const struct selected *plan_selection(const struct making *making, size_t i);

#endif
