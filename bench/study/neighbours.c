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
	const struct neighbour_pair *what;
	struct places *places;
	const struct place *place;
	struct neighbour_host host;
	struct runner victim, aggressor;
	struct neighbour_group victim_group, aggressor_group;
	struct err unlimited; /* why they sit in no groups; its code 0: they do */
};

static void pair_stop(struct pair *pair)
{
	runner_release(&pair->aggressor);
	runner_release(&pair->victim);
	neighbour_group_close(&pair->aggressor_group);
	neighbour_group_close(&pair->victim_group);
}

/* What it floods first of all: the rest it takes along. */
static enum neighbour_resource taken_by(const struct neighbour_pair *what)
{
	(void)what;
	return RESOURCE_CPU;
}

/* Of the suite's limits those that are for what the aggressor takes; a pair's own list
 * says it all. Bare metal has none: that is what it is. */
static bool is_wanted(const struct pair *pair, enum neighbour_limit limit)
{
	const struct neighbour_pair *what = pair->what;
	unsigned limits = what->limits ? what->limits : pair->settings->limits;

	if (!(limits & 1u << limit) || limit == LIMIT_NONE)
		return limits & 1u << limit;
	return !pair->place->baseline &&
	       (what->limits || neighbour_limits[limit].resource == taken_by(what));
}

/* Of all that is wanted, some maybe twice. */
static void list_controllers(const struct pair *pair,
			     const char *ret[static NEIGHBOUR_CONTROLLERS_MAX])
{
	size_t nr = 0;

	for (enum neighbour_limit i = LIMIT_NONE + 1; i < NEIGHBOUR_LIMIT_NR; i++) {
		const char *const *name =
			neighbour_usages[neighbour_limits[i].resource].controllers;

		for (; is_wanted(pair, i) && *name && nr < NEIGHBOUR_CONTROLLERS_MAX - 1;
		     name++)
			ret[nr++] = *name;
	}
	ret[nr] = NULL;
}

/* Where this host has no such controllers the pair is measured without limits. */
static int put_in_groups(struct pair *pair, struct err *err)
{
	const char *controllers[NEIGHBOUR_CONTROLLERS_MAX];
	int rc;

	list_controllers(pair, controllers);
	if (!controllers[0])
		return 0;
	rc = neighbour_group_open(&pair->victim_group, &pair->host, controllers,
				  pair->victim.id, pair->victim.start.pid,
				  &pair->unlimited);
	if (!rc)
		rc = neighbour_group_open(&pair->aggressor_group, &pair->host,
					  controllers, pair->aggressor.id,
					  pair->aggressor.start.pid, &pair->unlimited);
	if (rc && rc != -ENOTSUP)
		return err_fail(err, -rc, "%s", pair->unlimited.text);
	return 0;
}

static int pair_start(struct pair *pair, struct err *err)
{
	const struct neighbour_pair *what = pair->what;
	uint64_t seed = pair->session->plan.seed;
	int rc = places_start(pair->places, pair->place, &pair->victim, err);

	if (!rc)
		rc = places_start(pair->places, pair->place, &pair->aggressor, err);
	if (!rc)
		rc = put_in_groups(pair, err);
	if (!rc)
		rc = parallel_open(&pair->victim, what->victim, what->victim_bytes, seed,
				   err);
	if (!rc)
		rc = parallel_open(&pair->aggressor, what->aggressor,
				   what->aggressor_bytes, seed, err);
	return rc;
}

/* Of one combination. */
struct tally {
	uint64_t victim_ops, aggressor_ops;
	enum neighbour_resource resource;
	struct stats_block blocks[NEIGHBOUR_ROUNDS_MAX];
	double got[NEIGHBOUR_ROUNDS_MAX];
	size_t nr;
};

/* What the aggressor had so far of the resource that is looked at. */
static int usage_of(struct pair *pair, const struct tally *tally, double *ret,
		    struct err *err)
{
	return neighbour_usages[tally->resource].read(&pair->aggressor,
						      &pair->aggressor_group, ret, err);
}

/* What it had of it between two readings, by the time between them where it counts. */
static double had(const struct tally *tally, double before, double after, uint64_t ns)
{
	return neighbour_usages[tally->resource].counter
		       ? (after - before) * NS_PER_S / (double)ns
		       : after;
}

static int run_members(struct parallel_member *members, size_t nr,
		       const struct pair *pair, struct err *err)
{
	int rc = parallel_run(members, nr, pair->settings->window_ns, err);

	if (!rc && *pair->session->options->stop)
		rc = err_fail(err, EINTR, "interrupted");
	for (size_t i = 0; !rc && i < nr; i++)
		if (members[i].rc)
			rc = err_fail(err, members[i].err.code, "%s",
				      members[i].err.text);
	return rc;
}

/* The victim's rate in one window, and what the aggressor had in it. */
static int window(struct pair *pair, bool beside, const struct tally *tally, double *rate,
		  double *got, struct err *err)
{
	struct parallel_member members[] = {
		{.runner = &pair->victim, .ops = tally->victim_ops},
		{.runner = &pair->aggressor, .ops = tally->aggressor_ops}};
	uint64_t begin_ns;
	double before, after;
	int rc = beside ? runner_resume(&pair->aggressor, err)
			: runner_pause(&pair->aggressor, err);

	if (!rc)
		rc = usage_of(pair, tally, &before, err);
	begin_ns = clock_now_ns();
	if (!rc)
		rc = run_members(members, beside ? 2 : 1, pair, err);
	if (!rc)
		rc = usage_of(pair, tally, &after, err);
	if (rc)
		return rc;
	*rate = members[0].ops_per_s;
	*got = had(tally, before, after, clock_now_ns() - begin_ns);
	return 0;
}

static int round_of(struct pair *pair, struct tally *tally, struct err *err)
{
	static const bool order[] = {false, true, true, false};
	double logs[2] = {0, 0}, gots[2] = {0, 0}, rate = 0, got = 0;
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(order) / sizeof(order[0]); i++) {
		rc = window(pair, order[i], tally, &rate, &got, err);
		logs[order[i]] += log(rate) / 2;
		gots[order[i]] += got / 2;
	}
	if (rc)
		return rc;
	tally->blocks[tally->nr] = (struct stats_block){
		.log_ratio = logs[true] - logs[false], .epoch = tally->nr};
	tally->got[tally->nr++] = gots[true];
	return 0;
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

static int measure(struct pair *pair, struct neighbour_finding *finding,
		   struct tally *tally, struct err *err)
{
	int rc = 0;

	tally->nr = 0;
	tally->resource = finding->resource;
	progress_show(&pair->session->progress, 0, 0, pair->place->platform->name,
		      pair->what->name, 0);
	while (!rc && tally->nr < pair->settings->rounds)
		rc = round_of(pair, tally, err);
	if (!rc)
		rc = stats_ratio(tally->blocks, tally->nr, pair->session->plan.seed,
				 &finding->seen.ratio, err);
	if (!rc)
		finding->seen.got = stats_mean(tally->got, tally->nr);
	return rc ? rc : neighbours_store(pair->session, finding, err);
}

/* -ENOTSUP with the reason: it cannot be set here. */
static int set_limit(const struct pair *pair, const struct neighbour_limit_def *limit,
		     bool on, struct err *err)
{
	if (!limit->set)
		return 0;
	*err = pair->unlimited;
	return err->code ? -err->code
			 : limit->set(limit, &pair->aggressor_group, on, err);
}

static int measure_limited(struct pair *pair, const struct neighbour_limit_def *limit,
			   struct tally *tally, struct err *err)
{
	struct neighbour_finding finding = {
		.place = pair->place,
		.pair = pair->what,
		.limit = limit,
		.resource = limit->set ? limit->resource : taken_by(pair->what)};
	struct err why = {0}, ignored = {0};
	int rc = set_limit(pair, limit, true, &why);

	if (rc == -ENOTSUP) {
		finding.unavailable = why.text;
		return neighbours_store(pair->session, &finding, err);
	}
	if (rc)
		return err_fail(err, -rc, "limit %s: %s", limit->name, why.text);
	rc = measure(pair, &finding, tally, err);
	(void)set_limit(pair, limit, false, &ignored);
	return rc;
}

static int measure_pair(struct pair *pair, struct err *err)
{
	struct tally tally = {0};
	int rc = pair_start(pair, err);

	if (!rc)
		rc = calibrate(pair, &tally, err);
	for (enum neighbour_limit i = 0; !rc && i < NEIGHBOUR_LIMIT_NR; i++)
		if (is_wanted(pair, i))
			rc = measure_limited(pair, &neighbour_limits[i], &tally, err);
	pair_stop(pair);
	return rc;
}

/* One that fails is a remark; the others go on. */
static int measure_place(struct session *session, struct places *places,
			 const struct place *place,
			 const struct neighbour_settings *settings, struct err *err)
{
	for (size_t i = 0; i < settings->pair_nr; i++) {
		struct pair pair = {
			.session = session,
			.settings = settings,
			.what = &settings->pairs[i],
			.places = places,
			.place = place,
			.host = {.home = places->cpu, .other = places->service_cpu},
			.victim.channel.fd = -1,
			.aggressor.channel.fd = -1,
		};
		int rc = measure_pair(&pair, err);

		if (rc == -EINTR || *session->options->stop)
			return rc;
		if (rc)
			progress_note(&session->progress, "%s, %s: %s",
				      place->platform->name, pair.what->name, err->text);
		err_clear(err);
	}
	return 0;
}

int neighbours_run(struct session *session, const struct neighbour_settings *settings,
		   struct err *err)
{
	struct places places = {0};
	int rc =
		places_open(session, settings->head.memory_bytes, SIZE_MAX, &places, err);

	for (size_t i = 0; !rc && i < places.nr; i++)
		rc = measure_place(session, &places, &places.list[i], settings, err);
	places_release(&places);
	return rc;
}
