/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbours.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"

/* Two instances of a place, side by side. */
struct pair {
	struct session *session;
	const struct neighbour_settings *settings;
	struct places *places;
	const struct place *place;
	unsigned other; /* CPU for LIMIT_CPUSET; the same as home: there is none */
	struct runner victim, aggressor;
	struct neighbour_group victim_group, aggressor_group;
	bool limited; /* both sit in groups */
};

static void pair_stop(struct pair *pair)
{
	runner_release(&pair->aggressor);
	runner_release(&pair->victim);
	neighbour_group_close(&pair->aggressor_group);
	neighbour_group_close(&pair->victim_group);
	pair->limited = false;
}

static int put_in_groups(struct pair *pair, struct err *err)
{
	unsigned home = pair->places->cpu;
	int rc = neighbour_group_open(&pair->victim_group, pair->victim.id,
				      pair->victim.start.pid, home, err);

	if (!rc)
		rc = neighbour_group_open(&pair->aggressor_group, pair->aggressor.id,
					  pair->aggressor.start.pid, home, err);
	pair->limited = !rc;
	return rc;
}

static int pair_start(struct pair *pair, const struct neighbour_pair *what,
		      struct err *err)
{
	uint64_t seed = pair->session->plan.seed;
	int rc = places_start(pair->places, pair->place, &pair->victim, err);

	if (!rc)
		rc = places_start(pair->places, pair->place, &pair->aggressor, err);
	/* bare metal has no limits: that is what it is */
	if (!rc && !pair->place->baseline)
		rc = put_in_groups(pair, err);
	if (!rc)
		rc = parallel_open(&pair->victim, what->victim, what->victim_bytes, seed,
				   err);
	if (!rc)
		rc = parallel_open(&pair->aggressor, what->aggressor,
				   what->aggressor_bytes, seed, err);
	return rc;
}

static uint64_t cpu_of(struct runner *runner)
{
	struct account account = {0};
	struct err ignored = {0};

	(void)runner->driver->account(runner->instance, &account, &ignored);
	return account.cpu_ns;
}

/* Of one combination. */
struct tally {
	uint64_t victim_ops, aggressor_ops, aggressor_cpu_ns, beside_ns;
	struct stats_block blocks[NEIGHBOUR_ROUNDS_MAX];
	size_t nr;
};

/* The victim's rate in one window. */
static int window(struct pair *pair, bool beside, struct tally *tally, double *ret,
		  struct err *err)
{
	struct parallel_member members[] = {
		{.runner = &pair->victim, .ops = tally->victim_ops},
		{.runner = &pair->aggressor, .ops = tally->aggressor_ops}};
	uint64_t cpu_ns = cpu_of(&pair->aggressor), begin_ns = clock_now_ns();
	int rc = beside ? runner_resume(&pair->aggressor, err)
			: runner_pause(&pair->aggressor, err);

	if (!rc)
		rc = parallel_run(members, beside ? 2 : 1, pair->settings->window_ns,
				  err);
	if (rc)
		return rc;
	if (*pair->session->options->stop)
		return err_fail(err, EINTR, "interrupted");
	for (size_t i = 0; i < (beside ? 2u : 1u); i++)
		if (members[i].rc)
			return err_fail(err, members[i].err.code, "%s",
					members[i].err.text);
	if (beside) {
		tally->aggressor_cpu_ns += cpu_of(&pair->aggressor) - cpu_ns;
		tally->beside_ns += clock_now_ns() - begin_ns;
	}
	*ret = members[0].ops_per_s;
	return 0;
}

static int round_of(struct pair *pair, struct tally *tally, struct err *err)
{
	static const bool order[] = {false, true, true, false};
	double logs[2] = {0, 0}, rate = 0;
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(order) / sizeof(order[0]); i++) {
		rc = window(pair, order[i], tally, &rate, err);
		logs[order[i]] += log(rate) / 2;
	}
	if (!rc)
		tally->blocks[tally->nr] = (struct stats_block){
			.log_ratio = logs[true] - logs[false], .epoch = tally->nr};
	if (!rc)
		tally->nr++;
	return rc;
}

static int calibrate(struct pair *pair, struct tally *tally, struct err *err)
{
	int rc = runner_resume(&pair->victim, err);

	if (!rc)
		rc = runner_resume(&pair->aggressor, err);
	if (!rc)
		rc = parallel_calibrate(&pair->victim, pair->settings->victim_slice_ns,
					&tally->victim_ops, err);
	if (!rc)
		rc = parallel_calibrate(&pair->aggressor,
					pair->settings->aggressor_slice_ns,
					&tally->aggressor_ops, err);
	return rc;
}

static int measure(struct pair *pair, const struct neighbour_pair *what,
		   enum neighbour_limit limit, struct tally *tally, struct err *err)
{
	struct neighbour_finding finding = {.place = pair->place,
					    .pair = what,
					    .limit = limit,
					    .asked = neighbour_limit_share(limit)};
	int rc = pair->limited
			 ? neighbour_group_limit(&pair->aggressor_group, limit,
						 pair->places->cpu, pair->other, err)
			 : 0;

	tally->nr = tally->aggressor_cpu_ns = tally->beside_ns = 0;
	progress_show(&pair->session->progress, 0, 0, pair->place->platform->name,
		      what->name, 0);
	while (!rc && tally->nr < pair->settings->rounds)
		rc = round_of(pair, tally, err);
	if (!rc)
		rc = stats_ratio(tally->blocks, tally->nr, pair->session->plan.seed,
				 &finding.ratio, err);
	if (rc)
		return rc;
	finding.got = (double)tally->aggressor_cpu_ns / (double)tally->beside_ns;
	return neighbours_store(pair->session, &finding, err);
}

static bool is_wanted(const struct pair *pair, const struct neighbour_pair *what,
		      enum neighbour_limit limit)
{
	unsigned limits = what->limits ? what->limits : pair->settings->limits;

	return limits & 1u << limit && (limit == LIMIT_NONE || pair->limited);
}

static int measure_pair(struct pair *pair, const struct neighbour_pair *what,
			struct err *err)
{
	struct tally tally = {0};
	int rc = pair_start(pair, what, err);

	if (!rc)
		rc = calibrate(pair, &tally, err);
	for (enum neighbour_limit limit = 0; !rc && limit < NEIGHBOUR_LIMIT_NR; limit++) {
		if (!is_wanted(pair, what, limit))
			continue;
		if (limit == LIMIT_CPUSET && pair->other == pair->places->cpu)
			continue;
		rc = measure(pair, what, limit, &tally, err);
	}
	pair_stop(pair);
	return rc;
}

/* One that fails is a remark; the others go on. */
static int measure_place(struct pair *pair, struct err *err)
{
	for (size_t i = 0; i < pair->settings->pair_nr; i++) {
		const struct neighbour_pair *what = &pair->settings->pairs[i];
		int rc = measure_pair(pair, what, err);

		if (rc == -EINTR || *pair->session->options->stop)
			return rc;
		if (rc)
			progress_note(&pair->session->progress, "%s, %s: %s",
				      pair->place->platform->name, what->name, err->text);
		err_clear(err);
	}
	return 0;
}

int neighbours_run(struct session *session, const struct neighbour_settings *settings,
		   struct err *err)
{
	struct places places = {0};
	int rc = places_open(session, settings->head.memory_bytes, &places, err);

	for (size_t i = 0; !rc && i < places.nr; i++) {
		struct pair pair = {.session = session,
				    .settings = settings,
				    .places = &places,
				    .place = &places.list[i],
				    .other = places.service_cpu};

		pair.victim.channel.fd = pair.aggressor.channel.fd = -1;
		rc = measure_place(&pair, err);
	}
	places_release(&places);
	return rc;
}
