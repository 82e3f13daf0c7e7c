/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/study/neighbours.h"

static const char procedure[] =
	"two instances of the platform on one CPU; rounds of four windows, the first one "
	"alone, beside the second, beside it, alone; its rate beside over its rate "
	"alone, 95 % interval by bootstrap over rounds; how long its slices took and "
	"what the second one had (the host's account of all that serves it, in the "
	"windows in which it worked): medians over rounds, 95 % interval by order "
	"statistics, of fewer than 6 rounds by Student's t";

enum finding neighbours_judge(const struct neighbour_finding *finding, const char **why)
{
	*why = "";
	if (finding->unavailable)
		return FINDING_UNAVAILABLE;
	return finding->limit->judge(finding->limit, &finding->seen, why);
}

static int add_reading(json_t *root, const char *key,
		       const struct neighbour_reading *reading)
{
	return json_object_set_new(
		root, key,
		json_pack("{s:o, s:o, s:o}", "value", json_finite(reading->value), "low",
			  json_finite(reading->low), "high", json_finite(reading->high)));
}

/* Of what the limit is for; null where none was asked. */
static int add_got(json_t *root, const struct neighbour_finding *finding)
{
	const struct neighbour_seen *seen = &finding->seen;
	const struct neighbour_limit_def *limit = finding->limit;
	const struct neighbour_usage *usage = &neighbour_usages[finding->resource];
	char asked_key[48], got_key[48];

	(void)snprintf(asked_key, sizeof(asked_key), "asked_%s", usage->name);
	(void)snprintf(got_key, sizeof(got_key), "aggressor_%s", usage->name);
	return json_object_set_new(root, "resource", json_string(usage->name)) |
	       json_object_set_new(root, "unit", json_string(usage->unit)) |
	       json_object_set_new(root, asked_key,
				   limit->set ? json_real(limit->asked) : json_null()) |
	       json_object_set_new(root, got_key, json_finite(seen->got.value)) |
	       json_object_set_new(root, "got_low", json_finite(seen->got.low)) |
	       json_object_set_new(root, "got_high", json_finite(seen->got.high)) |
	       json_object_set_new(root, "limit_hits", json_finite(seen->hits)) |
	       add_reading(root, "victim_cached", &seen->cached);
}

static int add_times(json_t *root, const struct neighbour_seen *seen)
{
	return add_reading(root, "p50_alone_ns", &seen->p50_ns[false]) |
	       add_reading(root, "p50_beside_ns", &seen->p50_ns[true]) |
	       add_reading(root, "p99_alone_ns", &seen->p99_ns[false]) |
	       add_reading(root, "p99_beside_ns", &seen->p99_ns[true]);
}

/* Where fio is one of them. */
static int add_disk(json_t *root, const struct neighbour_finding *finding)
{
	const struct neighbour_seen *seen = &finding->seen;

	return json_object_set_new(root, "path", json_string(finding->path)) |
	       add_reading(root, "aggressor_iops", &seen->operations) |
	       add_reading(root, "accounted_mib_per_s", &seen->accounted) |
	       add_reading(root, "host_mib_per_s", &seen->host) |
	       add_reading(root, "overlap", &seen->overlap) |
	       json_object_set_new(root, "rounds_dropped",
				   json_integer((int)seen->dropped));
}

/* "a tenth of the weight" beside "weight": what a reader is told. */
static int add_names(json_t *root, const struct neighbour_finding *finding)
{
	const struct neighbour_limit_def *limit = finding->limit;

	return json_object_set_new(root, "victim",
				   json_string(finding->pair->victim->name)) |
	       json_object_set_new(root, "aggressor",
				   json_string(finding->pair->aggressor->name)) |
	       json_object_set_new(root, "limit", json_string(limit->name)) |
	       json_object_set_new(root, "limit_summary", json_string(limit->summary));
}

static int add_ratio(json_t *root, const struct stats_ratio *ratio)
{
	return json_object_set_new(root, "ratio", json_real(ratio->ratio)) |
	       json_object_set_new(root, "low", json_real(ratio->low)) |
	       json_object_set_new(root, "high", json_real(ratio->high)) |
	       json_object_set_new(root, "rounds", json_integer((int)ratio->blocks));
}

static char *numbers(const struct neighbour_finding *finding, const char *why)
{
	cleanup(json) json_t *root = json_object();
	int rc = add_names(root, finding);

	if (!finding->unavailable)
		rc |= add_ratio(root, &finding->seen.ratio) | add_got(root, finding) |
		      add_times(root, &finding->seen);
	if (!finding->unavailable && finding->path)
		rc |= add_disk(root, finding);
	if (*why)
		rc |= json_object_set_new(root, "undecided", json_string(why));
	return rc ? NULL : json_dumps(root, JSON_COMPACT);
}

/* "the neighbour's int had 20 % of a CPU (19 to 21)" */
static void put_got(FILE *to, const struct neighbour_finding *finding)
{
	const struct neighbour_usage *usage = &neighbour_usages[finding->resource];
	const struct neighbour_reading *got = &finding->seen.got;

	if (!isfinite(got->value))
		return;
	fprintf(to, "; the neighbour's %s had %.0f %s (%.0f to %.0f)",
		finding->pair->aggressor->name, got->value / usage->shown, usage->words,
		got->low / usage->shown, got->high / usage->shown);
	if (finding->limit->set && finding->seen.hits > 0)
		fprintf(to, " and ran into its limit %.0f times", finding->seen.hits);
}

static void put_times(FILE *to, const struct neighbour_seen *seen, bool disk)
{
	fprintf(to,
		"; its %s take %.2f ms (median) and %.2f ms (p99), alone %.2f and "
		"%.2f",
		disk ? "I/Os" : "slices", seen->p50_ns[true].value / NS_PER_MS,
		seen->p99_ns[true].value / NS_PER_MS,
		seen->p50_ns[false].value / NS_PER_MS,
		seen->p99_ns[false].value / NS_PER_MS);
}

static void put_answer(FILE *to, const struct neighbour_finding *finding, const char *why)
{
	const struct neighbour_seen *seen = &finding->seen;

	if (finding->unavailable) {
		fprintf(to, "%s", finding->unavailable);
		return;
	}
	fprintf(to, "%s keeps %.0f %% of its rate (%.0f to %.0f)",
		finding->pair->victim->name, 100 * seen->ratio.ratio,
		100 * seen->ratio.low, 100 * seen->ratio.high);
	put_times(to, seen, finding->pair->victim->fio);
	put_got(to, finding);
	if (isfinite(seen->cached.value))
		fprintf(to, "; %.0f %% of the victim's set stayed cached",
			100 * seen->cached.value);
	if (*why)
		fprintf(to, "; undecided: %s", why);
}

static char *answer_text(const struct neighbour_finding *finding, const char *why)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	put_answer(to, finding, why);
	return fclose(to) ? NULL : text;
}

int neighbours_store(struct session *session, const struct neighbour_finding *finding,
		     struct err *err)
{
	const char *why;
	enum finding verdict = neighbours_judge(finding, &why);
	cleanup(free) char *json = numbers(finding, why);
	cleanup(free) char *answer = answer_text(finding, why);
	char condition[96];
	struct store_experiment row = {
		.chapter = "neighbours",
		.name = finding->name,
		.platform = finding->place->platform->name,
		.condition = condition,
		.emulated = finding->place->probe.state == EMULATED,
		.verdict = verdict,
		.answer = answer,
		.procedure = procedure,
		.numbers = json,
		.begin_ns = session->begin_ns,
		.end_ns = clock_now_ns(),
	};
	int64_t id;

	if (!json || !answer)
		return err_fail(err, ENOMEM, "no memory for a finding");
	(void)snprintf(condition, sizeof(condition), "limit: %s", finding->limit->name);
	return store_experiment_add(session->store, session->run, &row, &id, err);
}
