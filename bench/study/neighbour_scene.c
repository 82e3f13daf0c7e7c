/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two instances side by side: started, put where they can be limited, ended. */
#include "bench/study/neighbour_scene.h"

#include <errno.h>
#include <string.h>

#include "bench/host/room.h"
#include "bench/study/neighbours_disk.h"
#include "bench/study/parallel.h"

#define ROOM_BYTES (16ull << 20) /* beside the victim's set, for two neighbours */
#define HOST_MEMORY_SHARE 0.25	 /* of what is available, left to the host */

static void stop_one(struct runner *runner)
{
	if (runner->driver) /* it was begun */
		runner_release(runner);
}

void neighbour_scene_stop(struct neighbour_scene *scene)
{
	stop_one(&scene->aggressor);
	stop_one(&scene->victim);
	neighbour_group_close(&scene->aggressor_group);
	neighbour_group_close(&scene->victim_group);
	neighbour_room_close(&scene->host);
}

/* What it floods first of all, by the limits that the suite has for it: the CPU it takes
 * along in any case. */
static enum neighbour_resource taken_by(const struct neighbour_pair *what)
{
	if (what->aggressor->fio)
		return RESOURCE_DISK;
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

	if (scene->what->aggressor->fio) /* it says itself what it had */
		return resource;
	return hidden(scene, resource) || !grouped ? RESOURCE_CPU : resource;
}

bool neighbour_scene_is_buffered(const struct neighbour_scene *scene)
{
	const struct workload_fio *fio = scene->what->aggressor->fio;

	return fio && !fio->direct;
}

const char *neighbour_scene_hides(const struct neighbour_scene *scene)
{
	return neighbour_scene_is_buffered(scene) &&
			       scene->place->platform->driver->own_kernel
		       ? "the page cache that it writes into is the guest's own: the "
			 "host "
			 "sees direct writes only"
		       : NULL;
}

/* Is the limit set by the controllers of what the aggressor is there to take? */
static bool is_for(const struct neighbour_limit_def *limit,
		   const struct neighbour_pair *what)
{
	return neighbour_usages[limit->resource].controllers ==
	       neighbour_usages[taken_by(what)].controllers;
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
	       (what->limits || is_for(&neighbour_limits[limit], what));
}

static void add_once(const char *name, const char **list, size_t *nr)
{
	for (size_t i = 0; i < *nr; i++)
		if (!strcmp(list[i], name))
			return;
	if (*nr < NEIGHBOUR_CONTROLLERS_MAX - 1)
		list[(*nr)++] = name;
}

/* Of all limits that are wanted. */
static void list_controllers(const struct neighbour_scene *scene,
			     const char *ret[static NEIGHBOUR_CONTROLLERS_MAX])
{
	size_t nr = 0;

	for (enum neighbour_limit i = LIMIT_NONE + 1; i < NEIGHBOUR_LIMIT_NR; i++) {
		const char *const *name =
			neighbour_usages[neighbour_limits[i].resource].controllers;

		for (; neighbour_scene_wants(scene, i) && *name; name++)
			add_once(*name, ret, &nr);
	}
	ret[nr] = NULL;
}

/* Where they were moved to is where they belong from now on. */
static int note_again(struct runner *runner, struct err *err)
{
	membership_release(&runner->members);
	return membership_note(&runner->members, runner->start.pid, err);
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
	rc = note_again(&scene->victim, err);
	return rc ? rc : note_again(&scene->aggressor, err);
}

/* A quarter of what is available is left to the host, whatever they take. */
static int check_memory(const struct neighbour_scene *scene, struct err *err)
{
	const struct neighbour_pair *what = scene->what;
	uint64_t bytes = (what->victim->fio ? 0 : what->victim_bytes) +
			 (what->aggressor->fio ? 0 : what->aggressor_bytes);
	struct room_memory now;
	int rc = room_memory_read("", &now, err);

	if (rc || (double)bytes <= now.available * (1 - HOST_MEMORY_SHARE))
		return rc;
	return err_fail(err, ENOMEM, "this host has not the memory for them");
}

/* A workload that makes a file needs a folder on the host's disk, where the host's kernel
 * is the instance's too: what a guest caches is its own. Of those that work on the disk
 * each has a data file, and both the same path. */
static int start_one(struct neighbour_scene *scene, const struct workload *workload,
		     struct runner *runner, struct err *err)
{
	struct place at = *scene->place;

	if (neighbour_pair_uses_disk(scene->what)) {
		at.spec.scratch = runner == &scene->victim ? scene->files->victim
							   : scene->files->aggressor;
		at.spec.disk_bytes = scene->settings->disk.bytes;
		at.spec.paths = scene->paths;
	} else if (workload->disk_folder && !at.platform->driver->own_kernel) {
		at.spec.scratch = scene->session->scratch;
	}
	return places_start(scene->places, &at, runner, err);
}

static int start_both(struct neighbour_scene *scene, struct err *err)
{
	int rc;

	scene->paths[scene->path] = true;
	rc = start_one(scene, scene->what->victim, &scene->victim, err);
	if (!rc)
		rc = start_one(scene, scene->what->aggressor, &scene->aggressor, err);
	return rc ? rc : put_in_groups(scene, err);
}

static int calibrate(struct neighbour_scene *scene, struct err *err)
{
	const struct neighbour_pair *what = scene->what;
	uint64_t seed = scene->session->plan.seed;
	int rc = parallel_open(&scene->victim, what->victim, what->victim_bytes, seed,
			       err);

	if (!rc)
		rc = parallel_open(&scene->aggressor, what->aggressor,
				   what->aggressor_bytes, seed, err);
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
	if (rc)
		return rc;
	return neighbour_pair_uses_disk(scene->what)
		       ? neighbours_disk_calibrate(scene, err)
		       : calibrate(scene, err);
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
