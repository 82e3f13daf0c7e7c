/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charges are borrowed ahead, a batch a CPU: what the counter says against what is held.
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <string.h>

#include "bench/memcg/memcg_behaviour.h"

#define TABLE_PAGES 512u /* pages that one page table maps (x86-64) */
#define RUN_PAGES (TABLE_PAGES - 1)
/* Kernel objects of the process itself come and go beside the pages that are counted. */
#define SLACK_PAGES 4

#define REVERSED_PAGES 64 /* giving back takes its time */
#define ATTEMPTS 5

struct rig {
	struct memcg_context *context;
	struct memcg_group *group;
	struct memcg_child *child;
	cpu_set_t cpus;
};
struct trace {
	uint64_t counter[RUN_PAGES], base_bytes, after_bytes; /* the two: drained */
	size_t nr;
};

uint64_t memcg_batch_step(const uint64_t *counter, size_t nr, uint64_t page_bytes)
{
	uint64_t step = 0;

	for (size_t i = 1; i < nr; i++) {
		uint64_t pages = counter[i] > counter[i - 1]
					 ? (counter[i] - counter[i - 1]) / page_bytes
					 : 0;

		step = pages > step ? pages : step;
	}
	return step;
}

double memcg_batch_error(const uint64_t *counter, size_t nr, uint64_t base_bytes,
			 uint64_t page_bytes, double *ret_mean)
{
	double most = 0, sum = 0;

	for (size_t i = 0; i < nr; i++) {
		double held = (double)base_bytes + (double)((i + 1) * page_bytes);
		double error = ((double)counter[i] - held) / (double)page_bytes;

		most = fabs(error) > fabs(most) ? error : most;
		sum += error;
	}
	*ret_mean = nr ? sum / (double)nr : 0;
	return most;
}

static int drained(const struct rig *rig, uint64_t *ret_bytes, struct err *err)
{
	int rc = memcg_group_drain(rig->group, err);

	return rc ? rc : memcg_group_usage(rig->group, ret_bytes, err);
}

static int touch_one(struct rig *rig, uint64_t page, struct err *err)
{
	return memcg_child_tell(rig->child,
				&(struct memcg_order){MEMCG_TOUCH_TRACE, page, 1, ""},
				NULL, err);
}

/* The next CPU that we may use. */
static int run_on_next(struct rig *rig, int *cpu, struct err *err)
{
	do
		*cpu = (*cpu + 1) % CPU_SETSIZE;
	while (!CPU_ISSET(*cpu, &rig->cpus));
	return memcg_child_tell(rig->child,
				&(struct memcg_order){MEMCG_CPU, (uint64_t)*cpu, 0, ""},
				NULL, err);
}

/* Two tables' worth of memory whose page tables are there already. */
static int prepare(struct rig *rig, struct err *err)
{
	struct memcg_order counter = {.what = MEMCG_COUNTER};
	const struct memcg_order map = {
		MEMCG_MAP, 2 * TABLE_PAGES * rig->context->page_bytes, 0, ""};
	int cpu = -1, rc = run_on_next(rig, &cpu, err);

	memcg_group_path(rig->group,
			 rig->context->unified ? memcg_usage.v2 : memcg_usage.v1,
			 counter.path, sizeof(counter.path));
	if (!rc)
		rc = memcg_child_tell(rig->child, &counter, NULL, err);
	if (!rc)
		rc = memcg_child_tell(rig->child, &map, NULL, err);
	for (uint64_t page = 0; !rc && page < 2 * TABLE_PAGES; page += TABLE_PAGES)
		rc = touch_one(rig, page, err);
	return rc ? rc : touch_one(rig, 2 * TABLE_PAGES - 1, err);
}

/* Page by page on one CPU, in one order: nothing else happens in the group. */
static int on_one_cpu(struct rig *rig, struct trace *trace, struct err *err)
{
	const struct memcg_order touch = {MEMCG_TOUCH_TRACE, 1, RUN_PAGES, ""};
	int rc = drained(rig, &trace->base_bytes, err);

	trace->nr = RUN_PAGES;
	if (!rc)
		rc = memcg_child_tell(rig->child, &touch, NULL, err);
	if (rc)
		return rc;
	memcpy(trace->counter, rig->child->trace, sizeof(trace->counter));
	return drained(rig, &trace->after_bytes, err);
}

/* The next page on the next CPU: every CPU borrows for itself. */
static int on_all_cpus(struct rig *rig, struct trace *trace, struct err *err)
{
	int cpu = -1, rc = drained(rig, &trace->base_bytes, err);

	trace->nr = rig->context->reversed ? REVERSED_PAGES : RUN_PAGES - 1;
	for (size_t i = 0; !rc && i < trace->nr; i++) {
		rc = run_on_next(rig, &cpu, err);
		if (!rc)
			rc = touch_one(rig, TABLE_PAGES + 1 + i, err);
		if (!rc && rig->context->reversed)
			rc = memcg_group_drain(rig->group, err);
		if (!rc)
			rc = memcg_group_usage(rig->group, &trace->counter[i], err);
	}
	return rc ? rc : drained(rig, &trace->after_bytes, err);
}

/* How far the drained counter is from our own count of pages: the check of both. */
static double unexplained(const struct rig *rig, const struct trace *trace)
{
	return ((double)trace->after_bytes - (double)trace->base_bytes) /
		       (double)rig->context->page_bytes -
	       (double)trace->nr;
}

/* What the CPUs give back comes late on a busy host: then it is done again. */
static int measure(struct rig *rig, struct trace *one, struct trace *all, struct err *err)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		int rc = memcg_check_stop(rig->context, err);

		if (!rc)
			rc = prepare(rig, err);
		if (!rc)
			rc = on_one_cpu(rig, one, err);
		if (!rc)
			rc = on_all_cpus(rig, all, err);
		if (rc || (fabs(unexplained(rig, one)) <= SLACK_PAGES &&
			   fabs(unexplained(rig, all)) <= SLACK_PAGES))
			return rc;
	}
	return err_fail(err, EAGAIN,
			"the counter, once given back to, was %.0f and %.0f pages from "
			"what was touched",
			unexplained(rig, one), unexplained(rig, all));
}

/* Adds the curve and the numbers; returns the largest error in pages. */
static double describe(const struct rig *rig, const struct trace *trace,
		       const char *curve, const char *name, struct memcg_result *result)
{
	uint64_t page = rig->context->page_bytes;
	double mean, most = memcg_batch_error(trace->counter, trace->nr,
					      trace->base_bytes, page, &mean);
	char text[64];

	for (size_t i = 0; i < trace->nr; i++)
		(void)memcg_result_point(
			result, curve, (double)((i + 1) * page) / 1024,
			((double)trace->counter[i] - (double)trace->base_bytes) / 1024,
			&(struct err){0});
	(void)snprintf(text, sizeof(text), "%s_error_max_pages", name);
	memcg_result_number(result, text, most);
	(void)snprintf(text, sizeof(text), "%s_error_mean_pages", name);
	memcg_result_number(result, text, mean);
	(void)snprintf(text, sizeof(text), "%s_unexplained_pages", name);
	memcg_result_number(result, text, unexplained(rig, trace));
	return most;
}

static void judge(const struct rig *rig, const struct trace *one, const struct trace *all,
		  struct memcg_result *result)
{
	const struct memcg_context *context = rig->context;
	int cpus = CPU_COUNT(&rig->cpus);
	double kib = (double)context->page_bytes / 1024;
	double step =
		(double)memcg_batch_step(one->counter, one->nr, context->page_bytes);
	double bound = step * cpus, ahead, most, mean;
	bool holds;

	ahead = describe(rig, one, "one CPU", "one_cpu", result);
	most = describe(rig, all, "all CPUs in turn", "all_cpus", result);
	mean = json_number_value(
		json_object_get(result->numbers, "all_cpus_error_mean_pages"));
	holds = step > 1 && mean > step / 4 && most <= bound + SLACK_PAGES;
	memcg_result_number(result, "step_pages", step);
	memcg_result_number(result, "bound_pages", bound);
	memcg_result_count(result, "cpus", (uint64_t)cpus);
	memcg_result_say(result, holds ? FINDING_HOLDS : FINDING_FAILS,
			 "The counter moves in steps of %.0f pages (%.0f KiB); it is "
			 "ahead of what "
			 "is held by up to %.0f pages with one CPU charging and by up to "
			 "%.0f with "
			 "%d CPUs in turn%s; step × CPUs is %.0f pages (%.0f KiB).",
			 step, step * kib, ahead, most, cpus,
			 context->reversed ? ", given back after every page" : "", bound,
			 bound * kib);
}

int memcg_batch(struct memcg_context *context, struct memcg_result *result,
		struct err *err)
{
	cleanup(memcg_group) struct memcg_group group = {0};
	cleanup(memcg_child) struct memcg_child child = {.fd = -1};
	struct rig rig = {.context = context, .group = &group, .child = &child};
	struct trace one, all;
	int rc = memcg_group_make(context, NULL, 0, &group, err);

	if (!rc)
		rc = memcg_child_start(&group, &child, err);
	if (!rc && sched_getaffinity(0, sizeof(rig.cpus), &rig.cpus))
		rc = err_fail(err, errno, "cannot list the CPUs: %m");
	if (!rc)
		rc = measure(&rig, &one, &all, err);
	if (!rc)
		judge(&rig, &one, &all, result);
	return rc;
}
