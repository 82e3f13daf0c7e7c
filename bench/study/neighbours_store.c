/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/study/neighbours.h"

static const char procedure[] =
	"two instances of the platform on one CPU; rounds of four windows, the first one "
	"alone, beside the second, beside it, alone; its rate beside over its rate "
	"alone, "
	"95 % interval by bootstrap over rounds; what the second one had is the host's "
	"account of all that serves it over the windows in which it worked, its mean "
	"over rounds with Student's 95 % interval";

enum finding neighbours_judge(const struct neighbour_finding *finding)
{
	if (finding->unavailable)
		return FINDING_UNAVAILABLE;
	return finding->limit->judge(finding->limit, &finding->seen);
}

/* Of what the limit is for; null where none was asked. */
static int add_got(json_t *root, const struct neighbour_finding *finding)
{
	const struct stats_mean *got = &finding->seen.got;
	const struct neighbour_limit_def *limit = finding->limit;
	const char *resource = neighbour_usages[finding->resource].name;
	char asked_key[48], got_key[48];

	(void)snprintf(asked_key, sizeof(asked_key), "asked_%s", resource);
	(void)snprintf(got_key, sizeof(got_key), "aggressor_%s", resource);
	return json_object_set_new(root, "resource", json_string(resource)) |
	       json_object_set_new(
		       root, "unit",
		       json_string(neighbour_usages[finding->resource].unit)) |
	       json_object_set_new(root, asked_key,
				   limit->set ? json_real(limit->asked) : json_null()) |
	       json_object_set_new(root, got_key, json_real(got->mean)) |
	       json_object_set_new(root, "got_low", json_real(got->low)) |
	       json_object_set_new(root, "got_high", json_real(got->high));
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

static char *numbers(const struct neighbour_finding *finding)
{
	cleanup(json) json_t *root = json_object();
	int rc = add_names(root, finding);

	if (!finding->unavailable)
		rc |= add_ratio(root, &finding->seen.ratio) | add_got(root, finding);
	return rc ? NULL : json_dumps(root, JSON_COMPACT);
}

static void answer_text(const struct neighbour_finding *finding, char *ret, size_t size)
{
	const struct stats_ratio *ratio = &finding->seen.ratio;
	const struct neighbour_limit_def *limit = finding->limit;
	int length;

	if (finding->unavailable) {
		(void)snprintf(ret, size, "%s", finding->unavailable);
		return;
	}
	length = snprintf(ret, size,
			  "%s keeps %.0f %% of its rate (%.0f to %.0f); the neighbour's "
			  "%s had %.3g %s",
			  finding->pair->victim->name, 100 * ratio->ratio,
			  100 * ratio->low, 100 * ratio->high,
			  finding->pair->aggressor->name, finding->seen.got.mean,
			  neighbour_usages[finding->resource].unit);
	if (limit->set && length > 0 && (size_t)length < size)
		(void)snprintf(ret + length, size - (size_t)length,
			       ", asked at most %.3g", limit->asked);
}

int neighbours_store(struct session *session, const struct neighbour_finding *finding,
		     struct err *err)
{
	cleanup(free) char *json = numbers(finding);
	char answer[240], condition[64];
	struct store_experiment row = {
		.chapter = "neighbours",
		.name = finding->pair->name,
		.platform = finding->place->platform->name,
		.condition = condition,
		.emulated = finding->place->probe.state == EMULATED,
		.verdict = neighbours_judge(finding),
		.answer = answer,
		.procedure = procedure,
		.numbers = json,
		.begin_ns = session->begin_ns,
		.end_ns = clock_now_ns(),
	};
	int64_t id;

	if (!json)
		return err_fail(err, ENOMEM, "no memory for a finding");
	(void)snprintf(condition, sizeof(condition), "limit: %s", finding->limit->name);
	answer_text(finding, answer, sizeof(answer));
	return store_experiment_add(session->store, session->run, &row, &id, err);
}
