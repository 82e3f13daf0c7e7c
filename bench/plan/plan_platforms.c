/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which platforms a plan has, and which of them a workload wants. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/plan/plan_making.h"

int plan_no_memory(struct err *err)
{
	return err_fail(err, ENOMEM, "no memory for the plan");
}

void *plan_grow(void *list, size_t *nr, size_t size)
{
	char *old, *grown;

	memcpy(&old, list, sizeof(old)); /* of whatever pointer type it is */
	grown = reallocarray(old, *nr + 1, size);
	if (!grown)
		return NULL; /* the list still owns the old one */
	memcpy(list, &grown, sizeof(grown));
	memset(grown + *nr * size, 0, size);
	return grown + (*nr)++ * size;
}

const struct selected *plan_selection(const struct making *making, size_t i)
{
	static const struct selected none;
	const struct plan_platform *platform = &making->plan->platforms[i];

	if (!making->own)
		return &making->selected[i];
	if (making->by_user && !making->selected[i].used)
		return &none;
	return &making->own[platform->platform - making->set->list];
}

int plan_select_own(const struct making *making, const struct suite_workload *entry,
		    struct selected *ret, struct err *err)
{
	char where[160];

	(void)snprintf(where, sizeof(where), "%.100s:%d: %.30s: on", making->suite->file,
		       entry->line, entry->workload->name);
	return plan_select(making->set, entry->on, where, ret, err);
}

/* Index of the baseline in the set, which need not be ordered. */
static int find_baseline(const struct platform_set *set, size_t *ret, struct err *err)
{
	for (size_t i = 0; i < set->nr; i++) {
		if (set->list[i].driver != drivers[0])
			continue;
		if (set->list[i].handicap > 0)
			return err_fail(err, EINVAL,
					"'%s' cannot have a handicap: all are compared "
					"with it",
					set->list[i].name);
		*ret = i;
		return 0;
	}
	return err_fail(err, EINVAL,
			"no platform has the driver '%s', with which all are compared: "
			"put it back into the folder of platforms",
			drivers[0]->name);
}

/* Keeps what is selected; `selected` is compacted alongside. */
static int add_platforms(struct making *making, size_t baseline,
			 struct selected *selected, const struct selected *extra,
			 struct err *err)
{
	const struct platform_set *set = making->set;
	struct plan *plan = making->plan;

	for (size_t i = 0; i < set->nr; i++) {
		struct plan_platform *platform;

		if (!selected[i].used && !extra[i].used && i != baseline)
			continue;
		platform = plan_grow(&plan->platforms, &plan->platform_nr,
				     sizeof(*plan->platforms));
		if (!platform)
			return plan_no_memory(err);
		platform->platform = &set->list[i];
		platform->baseline = i == baseline;
		if (platform->baseline)
			making->baseline = plan->platform_nr - 1;
		selected[plan->platform_nr - 1] = selected[i];
	}
	return 0;
}

#define WHERE_MAX 128
static void name_own_list(const struct suite *suite, char where[static WHERE_MAX])
{
	(void)snprintf(where, WHERE_MAX, "%.100s: on", suite->file);
}

/* A suite with a wrong word is wrong also where --on stands in for it. */
static int check_own_list(const struct making *making, struct err *err)
{
	cleanup(free) struct selected *ignored =
		calloc(making->set->nr + 1, sizeof(*ignored));
	char where[WHERE_MAX];

	if (!ignored)
		return plan_no_memory(err);
	name_own_list(making->suite, where);
	return making->suite->on
		       ? plan_select(making->set, making->suite->on, where, ignored, err)
		       : 0;
}

/* Platforms that only some workloads name; none where the user says which. */
static int select_extra(const struct making *making, struct selected *ret,
			struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && !making->by_user && i < making->suite->workload_nr; i++)
		if (making->suite->workloads[i].on)
			rc = plan_select_own(making, &making->suite->workloads[i], ret,
					     err);
	return rc;
}

int plan_select_platforms(struct making *making, const char *on,
			  struct selected *selected, struct err *err)
{
	cleanup(free) struct selected *extra =
		calloc(making->set->nr + 1, sizeof(*extra));
	char where[WHERE_MAX] = "--on";
	size_t baseline = 0;
	int rc = find_baseline(making->set, &baseline, err);

	if (!rc && on)
		rc = check_own_list(making, err);
	if (rc || !extra)
		return rc ? rc : plan_no_memory(err);
	making->by_user = on != NULL;
	if (!on) {
		on = making->suite->on;
		name_own_list(making->suite, where);
	}
	rc = plan_select(making->set, on, where, selected, err);
	if (!rc)
		rc = select_extra(making, extra, err);
	return rc ? rc : add_platforms(making, baseline, selected, extra, err);
}
