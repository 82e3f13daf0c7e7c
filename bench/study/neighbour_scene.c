/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two instances side by side: started, put where they can be limited, ended. */
#include "bench/study/neighbour_scene.h"

#include <errno.h>

#include "bench/study/footprint.h"
#include "bench/study/parallel.h"

#define ROOM_BYTES (40ull << 20) /* beside the victim's set, for two neighbours */
#define HOST_MEMORY_SHARE 0.25	 /* of what is available, left to the host */

void neighbour_scene_stop(struct neighbour_scene *scene)
{
	runner_release(&scene->aggressor);
	runner_release(&scene->victim);
	neighbour_group_close(&scene->aggressor_group);
	neighbour_group_close(&scene->victim_group);
	neighbour_room_close(&scene->host);
}

/* What it floods first of all, by the limits that the suite has for it: the CPU it takes
 * along in any case. */
static enum neighbour_resource taken_by(const struct neighbour_pair *what)
{
	for (enum neighbour_limit i = LIMIT_NONE + 1; i < NEIGHBOUR_LIMIT_NR; i++)
		if (what->limits & 1u << i &&
		    neighbour_limits[i].resource != RESOURCE_CPU)
			return neighbour_limits[i].resource;
	return RESOURCE_CPU;
}

/* Why the host's controllers do not see what is taken of a resource; NULL: they do. */
static const char *hidden(const struct neighbour_scene *scene,
			  enum neighbour_resource resource)
{
	return scene->place->platform->driver->own_kernel
		       ? neighbour_usages[resource].own_kernel
		       : NULL;
}

enum neighbour_resource neighbour_scene_resource(const struct neighbour_scene *scene)
{
	enum neighbour_resource resource = taken_by(scene->what);

	bool grouped = scene->aggressor_group.name[0] && !scene->unlimited.code;

	return hidden(scene, resource) || !grouped ? RESOURCE_CPU : resource;
}

/* Of the suite's limits those that are for what the aggressor takes; a pair's own list
 * says it all. Bare metal has none: that is what it is. */
bool neighbour_scene_wants(const struct neighbour_scene *scene,
			   enum neighbour_limit limit)
{
	const struct neighbour_pair *what = scene->what;
	unsigned limits = what->limits ? what->limits : scene->settings->limits;

	if (!(limits & 1u << limit) || limit == LIMIT_NONE)
		return limits & 1u << limit;
	return !scene->place->baseline &&
	       (what->limits || neighbour_limits[limit].resource == taken_by(what));
}

/* Of all that is wanted, some maybe twice. */
static void list_controllers(const struct neighbour_scene *scene,
			     const char *ret[static NEIGHBOUR_CONTROLLERS_MAX])
{
	size_t nr = 0;

	for (enum neighbour_limit i = LIMIT_NONE + 1; i < NEIGHBOUR_LIMIT_NR; i++) {
		const char *const *name =
			neighbour_usages[neighbour_limits[i].resource].controllers;

		for (; neighbour_scene_wants(scene, i) && *name &&
		       nr < NEIGHBOUR_CONTROLLERS_MAX - 1;
		     name++)
			ret[nr++] = *name;
	}
	ret[nr] = NULL;
}

/* Neighbours in memory share a small host of their own: to flood this one's would harm
 * others. */
static int make_room(struct neighbour_scene *scene, struct err *err)
{
	enum neighbour_resource resource = taken_by(scene->what);

	if (resource != RESOURCE_MEMORY || hidden(scene, resource))
		return 0;
	return neighbour_room_open(&scene->host, scene->victim.id,
				   scene->what->victim_bytes + ROOM_BYTES, err);
}

/* Where this host has no such controllers the pair is measured without limits. */
static int put_in_groups(struct neighbour_scene *scene, struct err *err)
{
	const char *controllers[NEIGHBOUR_CONTROLLERS_MAX];
	int rc;

	list_controllers(scene, controllers);
	if (!controllers[0])
		return 0;
	rc = make_room(scene, err);
	if (rc)
		return rc;
	rc = neighbour_group_open(&scene->victim_group, &scene->host, controllers,
				  scene->victim.id, scene->victim.start.pid,
				  &scene->unlimited);
	if (!rc)
		rc = neighbour_group_open(&scene->aggressor_group, &scene->host,
					  controllers, scene->aggressor.id,
					  scene->aggressor.start.pid, &scene->unlimited);
	if (rc && rc != -ENOTSUP)
		return err_fail(err, -rc, "%s", scene->unlimited.text);
	return 0;
}

/* A quarter of what is available is left to the host, whatever they take. */
static int check_memory(const struct neighbour_scene *scene, struct err *err)
{
	uint64_t bytes = scene->what->victim_bytes + scene->what->aggressor_bytes;
	struct footprint_reading now;
	int rc = footprint_read(&now, err);

	if (rc || (double)bytes <= -now.bytes[FOOTPRINT_USED] * (1 - HOST_MEMORY_SHARE))
		return rc;
	return err_fail(err, ENOMEM, "this host has not the memory for them");
}

/* A workload that makes a file needs a folder on the host's disk, where the host's kernel
 * is the instance's too: what a guest caches is its own. */
static int start_one(struct neighbour_scene *scene, const struct workload *workload,
		     struct runner *runner, struct err *err)
{
	struct place at = *scene->place;

	if (workload->disk_folder && !at.platform->driver->own_kernel)
		at.spec.scratch = scene->session->scratch;
	return places_start(scene->places, &at, runner, err);
}

static int start_both(struct neighbour_scene *scene, struct err *err)
{
	const struct neighbour_pair *what = scene->what;
	uint64_t seed = scene->session->plan.seed;
	int rc = start_one(scene, what->victim, &scene->victim, err);

	if (!rc)
		rc = start_one(scene, what->aggressor, &scene->aggressor, err);
	if (!rc)
		rc = put_in_groups(scene, err);
	if (!rc)
		rc = parallel_open(&scene->victim, what->victim, what->victim_bytes, seed,
				   err);
	if (!rc)
		rc = parallel_open(&scene->aggressor, what->aggressor,
				   what->aggressor_bytes, seed, err);
	return rc;
}

static int calibrate(struct neighbour_scene *scene, struct err *err)
{
	int rc = runner_resume(&scene->victim, err);

	if (!rc)
		rc = runner_resume(&scene->aggressor, err);
	if (!rc)
		rc = parallel_calibrate(&scene->victim, scene->settings->victim_slice_ns,
					&scene->victim_ops, err);
	if (!rc)
		rc = parallel_calibrate(&scene->aggressor,
					scene->settings->aggressor_slice_ns,
					&scene->aggressor_ops, err);
	return rc;
}

int neighbour_scene_start(struct neighbour_scene *scene, struct err *err)
{
	int rc = check_memory(scene, err);

	if (!rc)
		rc = start_both(scene, err);
	return rc ? rc : calibrate(scene, err);
}

int neighbour_scene_limit(const struct neighbour_scene *scene,
			  const struct neighbour_limit_def *limit, bool on,
			  struct err *err)
{
	const char *reason = hidden(scene, limit->resource);

	if (!limit->set)
		return 0;
	if (reason)
		return err_fail(err, ENOTSUP, "%s", reason);
	*err = scene->unlimited;
	return err->code ? -err->code
			 : limit->set(limit,
				      limit->on_victim ? &scene->victim_group
						       : &scene->aggressor_group,
				      on, err);
}
