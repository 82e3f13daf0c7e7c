/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_experiment.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "bench/memcg/memcg_group.h"

int memcg_context_open(struct memcg_context *context, struct err *err)
{
	int rc = cgroup_hierarchies_of("memory", &context->all, err);

	if (rc)
		return rc;
	context->unified = context->all.list[0].unified;
	context->random = context->seed;
	context->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	return 0;
}

void memcg_context_close(struct memcg_context *context)
{
	size_t removed = 0;

	if (context->all.nr)
		(void)cgroup_reap(&context->all, MEMCG_PARENT, &removed,
				  &(struct err){0});
	context->all.nr = 0;
}

uint64_t memcg_random(struct memcg_context *context, uint64_t below)
{
	/* Knuth's MMIX generator; its high bits are the good ones */
	context->random = context->random * 6364136223846793005u + 1442695040888963407u;
	return (context->random >> 33) % below;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double memcg_median(double *values, size_t nr)
{
	qsort(values, nr, sizeof(*values), by_value);
	return values[nr / 2];
}

int memcg_check_stop(const struct memcg_context *context, struct err *err)
{
	return context->stop && *context->stop ? err_fail(err, EINTR, "interrupted") : 0;
}

void memcg_result_release(struct memcg_result *result)
{
	for (size_t i = 0; i < result->series_nr; i++)
		free(result->series[i].points);
	json_decref(result->numbers);
	*result = (struct memcg_result){0};
}

void memcg_result_say(struct memcg_result *result, enum finding verdict,
		      const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void)vsnprintf(result->answer, sizeof(result->answer), format, list);
	va_end(list);
	result->verdict = verdict;
}

void memcg_result_count(struct memcg_result *result, const char *name, uint64_t value)
{
	json_object_set_new(result->numbers, name, json_integer((json_int_t)value));
}

void memcg_result_number(struct memcg_result *result, const char *name, double value)
{
	json_object_set_new(result->numbers, name, json_real(value));
}

static struct memcg_series *series_of(struct memcg_result *result, const char *curve)
{
	struct memcg_series *last;

	for (size_t i = 0; i < result->series_nr; i++)
		if (!strcmp(result->series[i].name, curve))
			return &result->series[i];
	if (result->series_nr == MEMCG_SERIES_MAX)
		return NULL;
	last = &result->series[result->series_nr++];
	(void)snprintf(last->name, sizeof(last->name), "%s", curve);
	return last;
}

int memcg_result_point(struct memcg_result *result, const char *curve, double x, double y,
		       struct err *err)
{
	struct memcg_series *series = series_of(result, curve);
	struct store_point *points;
	size_t room;

	if (!series)
		return err_fail(err, EOVERFLOW, "too many curves");
	if (series->nr == series->room) {
		room = series->room ? series->room * 2 : 64;
		points = reallocarray(series->points, room, sizeof(*points));
		if (!points)
			return err_fail(err, ENOMEM, "no memory for a curve");
		series->points = points;
		series->room = room;
	}
	series->points[series->nr++] =
		(struct store_point){.x = x, .y = y, .low = NAN, .high = NAN};
	return 0;
}

int memcg_experiment_run(const struct memcg_experiment *experiment,
			 struct memcg_context *context, struct memcg_result *result,
			 struct err *err)
{
	struct err own = {0};
	int rc;

	*result = (struct memcg_result){.verdict = FINDING_INCONCLUSIVE,
					.numbers = json_object(),
					.begin_ns = clock_now_ns()};
	rc = result->numbers ? experiment->run(context, result, &own) : -ENOMEM;
	result->end_ns = clock_now_ns();
	if (rc == -EINTR || rc == -ENOMEM) {
		memcg_result_release(result);
		return err_fail(err, -rc, "%s: %s", experiment->name,
				own.code ? own.text : "no memory for its numbers");
	}
	if (rc)
		memcg_result_say(result, FINDING_INCONCLUSIVE, "it could not be done: %s",
				 own.text);
	return 0;
}

static int store_curves(const struct memcg_result *result, struct store *store,
			int64_t row, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < result->series_nr; i++)
		rc = store_series_add(store, row, result->series[i].name,
				      result->series[i].points, result->series[i].nr,
				      err);
	return rc;
}

int memcg_experiment_store(const struct memcg_experiment *experiment,
			   const struct memcg_context *context,
			   const struct memcg_result *result, struct store *store,
			   int64_t run, struct err *err)
{
	cleanup(free) char *numbers = json_dumps(result->numbers, JSON_COMPACT);
	cleanup(free) char *procedure = NULL;
	char condition[80];
	struct store_experiment row = {
		.chapter = MEMCG_CHAPTER,
		.name = experiment->claim ? experiment->claim : experiment->name,
		.condition = condition,
		.emulated = context->emulated,
		.verdict = result->verdict,
		.answer = result->answer,
		.numbers = numbers,
		.begin_ns = result->begin_ns,
		.end_ns = result->end_ns,
	};
	int64_t id = 0;
	int rc;

	if (!numbers || asprintf(&procedure, "Statement: %s. %s", experiment->title,
				 experiment->procedure) < 0)
		return err_fail(err, ENOMEM, "no memory for an experiment's record");
	row.procedure = procedure;
	(void)snprintf(condition, sizeof(condition), "cgroup v%d: %s",
		       context->unified ? 2 : 1, experiment->name);
	rc = store_begin(store, err);
	if (rc)
		return rc;
	rc = store_experiment_add(store, run, &row, &id, err);
	if (!rc)
		rc = store_curves(result, store, id, err);
	return store_end(store, rc, err);
}
