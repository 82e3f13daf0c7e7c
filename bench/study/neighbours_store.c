/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/study/neighbours.h"

#define TOLERANCE 0.1 /* of a CPU */
#define KEPT_SHARE 0.9

static const char procedure[] =
	"two instances of the platform on one CPU; rounds of four windows, the first one "
	"alone, beside the second, beside it, alone; its rate beside over its rate "
	"alone, "
	"95 % interval by bootstrap over rounds; the second's share of a CPU is the "
	"host's "
	"account of all that serves it, over the windows in which it worked";

static enum finding judge_victim(const struct stats_ratio *ratio, double share)
{
	if (ratio->low >= KEPT_SHARE * share)
		return FINDING_HOLDS;
	return ratio->high < KEPT_SHARE * share ? FINDING_FAILS : FINDING_INCONCLUSIVE;
}

enum finding neighbours_judge(const struct neighbour_finding *finding)
{
	switch (finding->limit) {
	case LIMIT_QUOTA:
		return finding->got <= finding->asked + TOLERANCE ? FINDING_HOLDS
								  : FINDING_FAILS;
	case LIMIT_WEIGHT:
		return judge_victim(&finding->ratio, 1 - finding->asked);
	case LIMIT_CPUSET:
		return judge_victim(&finding->ratio, 1);
	default:
		return FINDING_INCONCLUSIVE;
	}
}

static char *numbers(const struct neighbour_finding *finding)
{
	cleanup(json) json_t *root = json_pack(
		"{s:s, s:s, s:s, s:f, s:f, s:f, s:i, s:f, s:f}", "victim",
		finding->pair->victim->name, "aggressor", finding->pair->aggressor->name,
		"limit", neighbour_limit_name(finding->limit), "ratio",
		finding->ratio.ratio, "low", finding->ratio.low, "high",
		finding->ratio.high, "rounds", (int)finding->ratio.blocks,
		"aggressor_cpu", finding->got, "asked_cpu", finding->asked);

	return root ? json_dumps(root, JSON_COMPACT) : NULL;
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
	(void)snprintf(condition, sizeof(condition), "limit: %s",
		       neighbour_limit_name(finding->limit));
	(void)snprintf(
		answer, sizeof(answer),
		"%s keeps %.0f %% of its rate (%.0f to %.0f); the neighbour's %s had "
		"%.0f %% of a CPU, asked at most %.0f %%",
		finding->pair->victim->name, 100 * finding->ratio.ratio,
		100 * finding->ratio.low, 100 * finding->ratio.high,
		finding->pair->aggressor->name, 100 * finding->got, 100 * finding->asked);
	return store_experiment_add(session->store, session->run, &row, &id, err);
}
