/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbours.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/study/neighbour_scene.h"
#include "bench/study/neighbour_tally.h"
#include "bench/study/neighbours_disk.h"

#define CLOSE_TIMEOUT_NS (30 * NS_PER_S)

/* What the aggressor had so far of the resource that is looked at. */
static int usage_of(struct neighbour_scene *scene, enum neighbour_resource resource,
		    double *ret, struct err *err)
{
	return neighbour_usages[resource].read(&scene->aggressor, &scene->aggressor_group,
					       ret, err);
}

static int run_members(struct parallel_member *members, size_t nr,
		       const struct neighbour_scene *scene, struct err *err)
{
	int rc = parallel_run(members, nr, scene->settings->window_ns, err);

	if (!rc && *scene->session->options->stop)
		rc = err_fail(err, EINTR, "interrupted");
	for (size_t i = 0; !rc && i < nr; i++)
		if (members[i].rc)
			rc = err_fail(err, members[i].err.code, "%s",
				      members[i].err.text);
	return rc;
}

/* A window that nobody looks at, of one of the two. */
static int settle(struct neighbour_scene *scene, bool victim, struct err *err)
{
	struct parallel_member member = {
		.runner = victim ? &scene->victim : &scene->aggressor,
		.ops = victim ? scene->victim_ops : scene->aggressor_ops};

	return run_members(&member, 1, scene, err);
}

/* Whether the aggressor has a part in what comes; a victim whose set it has evicted gets
 * it back first, unmeasured. */
static int set_scene(struct neighbour_scene *scene, bool beside,
		     enum neighbour_resource resource, struct err *err)
{
	int rc = beside ? runner_resume(&scene->aggressor, err)
			: runner_pause(&scene->aggressor, err);

	return rc || beside || resource != RESOURCE_MEMORY ? rc
							   : settle(scene, true, err);
}

/* Readings before and after the work of a window. The clock's are around the others, so
 * that no more is had of a CPU than there is. */
struct reading {
	uint64_t begin_ns;
	double had, hits;
};

static int look(struct neighbour_scene *scene, enum neighbour_resource resource,
		struct reading *ret, struct err *err)
{
	ret->begin_ns = clock_now_ns();
	ret->hits = neighbour_hits(&neighbour_usages[resource], &scene->aggressor_group);
	return usage_of(scene, resource, &ret->had, err);
}

static void fill(const struct neighbour_scene *scene, enum neighbour_resource resource,
		 const struct parallel_member *victim, const struct reading *before,
		 const struct reading *after, struct neighbour_window *ret)
{
	double seconds = (double)(clock_now_ns() - before->begin_ns) / NS_PER_S;
	double cached = neighbour_cached_bytes(&scene->victim_group);

	ret->ops_per_s = victim->ops_per_s;
	ret->p50_ns = victim->p50_ns * (double)victim->ops;
	ret->p99_ns = victim->p99_ns * (double)victim->ops;
	ret->hits = after->hits - before->hits;
	ret->got = neighbour_usages[resource].counter
			   ? (after->had - before->had) / seconds
			   : after->had;
	ret->cached = scene->what->victim_bytes && resource == RESOURCE_MEMORY
			      ? fmin(cached / (double)scene->what->victim_bytes, 1)
			      : NAN;
	ret->operations = ret->accounted = ret->host = ret->overlap = NAN;
}

/* The victim's rate in one window, and what the aggressor had in it. */
static int window(struct neighbour_scene *scene, bool beside,
		  enum neighbour_resource resource, struct neighbour_window *ret,
		  struct err *err)
{
	struct parallel_member members[] = {
		{.runner = &scene->victim, .ops = scene->victim_ops},
		{.runner = &scene->aggressor, .ops = scene->aggressor_ops}};
	struct reading before, after;
	int rc = set_scene(scene, beside, resource, err);

	if (!rc)
		rc = look(scene, resource, &before, err);
	if (!rc)
		rc = run_members(members, beside ? 2 : 1, scene, err);
	if (!rc)
		rc = look(scene, resource, &after, err);
	if (!rc)
		fill(scene, resource, &members[0], &before, &after, ret);
	return rc;
}

static int round_of(struct neighbour_scene *scene, enum neighbour_resource resource,
		    struct neighbour_tally *tally, struct err *err)
{
	struct neighbour_window windows[NEIGHBOUR_WINDOWS] = {0};
	int rc = 0;

	for (unsigned i = 0; !rc && i < NEIGHBOUR_WINDOWS; i++)
		rc = window(scene, neighbour_is_beside(i), resource, &windows[i], err);
	return rc ? rc : neighbour_tally_add(tally, windows, err);
}

/* A round that says nothing is repeated; twice as many as asked are tried. */
static int run_rounds(struct neighbour_scene *scene, enum neighbour_resource resource,
		      struct neighbour_tally *tally, struct err *err)
{
	bool disk = neighbour_pair_uses_disk(scene->what);
	unsigned rounds = disk ? scene->settings->disk.rounds : scene->settings->rounds;
	int rc = 0;

	while (!rc && tally->nr < rounds && tally->dropped < rounds)
		rc = disk ? neighbours_disk_round(scene, resource, tally, err)
			  : round_of(scene, resource, tally, err);
	return rc;
}

static int measure(struct neighbour_scene *scene, struct neighbour_finding *finding,
		   struct err *err)
{
	struct neighbour_tally tally = {.nr = 0};
	int rc;

	progress_show(&scene->session->progress, 0, 0, scene->place->platform->name,
		      scene->name, 0);
	rc = run_rounds(scene, finding->resource, &tally, err);
	if (!rc)
		rc = neighbour_tally_see(&tally, scene->session->plan.seed,
					 &finding->seen, err);
	return rc ? rc : neighbours_store(scene->session, finding, err);
}

static int renew(struct runner *runner, const struct workload *workload, uint64_t bytes,
		 uint64_t seed, struct err *err)
{
	struct proto_ready ready;
	int rc = runner_resume(runner, err);

	if (!rc)
		rc = channel_close_worker(&runner->channel, CLOSE_TIMEOUT_NS, &ready,
					  err);
	return rc ? rc : parallel_open(runner, workload, bytes, seed, err);
}

/* What was taken before stays taken, and what was evicted is gone: under a limit both
 * begin again. */
static int begin_again(struct neighbour_scene *scene,
		       const struct neighbour_limit_def *limit, struct err *err)
{
	const struct neighbour_pair *what = scene->what;
	uint64_t seed = scene->session->plan.seed;
	int rc = 0;

	if (!neighbour_usages[neighbour_scene_resource(scene)].stays)
		return 0;
	if (limit->set)
		rc = renew(&scene->aggressor, what->aggressor, what->aggressor_bytes,
			   seed, err);
	if (!rc && limit->set)
		rc = renew(&scene->victim, what->victim, what->victim_bytes, seed, err);
	return rc ? rc : settle(scene, false, err);
}

static void fill_without(const struct neighbour_scene *scene,
			 struct neighbour_finding *finding)
{
	const struct neighbour_reading unknown = {NAN, NAN, NAN};
	bool same = scene->free.ratio.blocks &&
		    finding->resource == neighbour_scene_resource(scene);

	finding->seen.without.got = same ? scene->free.got : unknown;
	if (finding->resource == RESOURCE_DISK_OPERATIONS && scene->free.ratio.blocks)
		finding->seen.without.got = scene->free.operations;
	finding->seen.without.ratio = scene->free.ratio;
	finding->seen.without.cached = same ? scene->free.cached : unknown;
}

static struct neighbour_finding finding_of(const struct neighbour_scene *scene,
					   const struct neighbour_limit_def *limit)
{
	const struct driver *driver = scene->place->platform->driver;

	return (struct neighbour_finding){
		.place = scene->place,
		.pair = scene->what,
		.name = scene->name,
		.path = neighbour_pair_uses_disk(scene->what)
				? driver->paths[scene->path].name
				: NULL,
		.limit = limit,
		.resource =
			limit->set ? limit->resource : neighbour_scene_resource(scene)};
}

static int measure_limited(struct neighbour_scene *scene,
			   const struct neighbour_limit_def *limit, struct err *err)
{
	struct neighbour_finding finding = finding_of(scene, limit);
	struct err why = {0}, ignored = {0};
	int rc = neighbour_scene_limit(scene, limit, true, &why);

	if (rc == -ENOTSUP) {
		finding.unavailable = why.text;
		return neighbours_store(scene->session, &finding, err);
	}
	if (rc)
		return err_fail(err, -rc, "limit %s: %s", limit->name, why.text);
	fill_without(scene, &finding);
	rc = begin_again(scene, limit, err);
	if (!rc)
		rc = measure(scene, &finding, err);
	if (!rc && !limit->set)
		scene->free = finding.seen;
	(void)neighbour_scene_limit(scene, limit, false, &ignored);
	return rc;
}

/* It failed: the reason is its result. */
static int store_failure(struct neighbour_scene *scene,
			 const struct neighbour_limit_def *limit, struct err *err)
{
	struct err why = *err;
	struct neighbour_finding finding = finding_of(scene, limit);

	finding.unavailable = why.text;
	progress_note(&scene->session->progress, "%s, %s: %s",
		      scene->place->platform->name, scene->name, why.text);
	err_clear(err);
	return neighbours_store(scene->session, &finding, err);
}

/* Nothing is started for what could not be seen. */
static int store_hidden(struct neighbour_scene *scene, struct err *err)
{
	int rc = 0;

	for (enum neighbour_limit i = LIMIT_NONE; !rc && i < NEIGHBOUR_LIMIT_NR; i++) {
		struct neighbour_finding finding =
			finding_of(scene, &neighbour_limits[i]);

		finding.unavailable = neighbour_scene_hides(scene);
		if (neighbour_scene_wants(scene, i))
			rc = neighbours_store(scene->session, &finding, err);
	}
	return rc;
}

int neighbours_measure(struct neighbour_scene *scene, struct err *err)
{
	enum neighbour_limit at = LIMIT_NONE, i;
	int rc;

	if (neighbour_scene_hides(scene))
		return store_hidden(scene, err);
	rc = neighbour_scene_start(scene, err);
	for (i = LIMIT_NONE; !rc && i < NEIGHBOUR_LIMIT_NR; i++) {
		if (!neighbour_scene_wants(scene, i))
			continue;
		at = i;
		rc = measure_limited(scene, &neighbour_limits[i], err);
	}
	neighbour_scene_stop(scene);
	if (!rc || rc == -EINTR || *scene->session->options->stop)
		return rc;
	return store_failure(scene, &neighbour_limits[at], err);
}
