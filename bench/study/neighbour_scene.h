/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_SCENE_H
#define TARE_NEIGHBOUR_SCENE_H

/* A victim and an aggressor, two instances of one place, as they run now. */
#include "bench/host/scratch.h"
#include "bench/study/neighbour_limit.h"
#include "bench/study/places.h"

/* The data file of each of the two: neither sees the other's. */
struct neighbour_files {
	char *victim, *aggressor; /* folders; NULL: no pair works on the disk */
	struct scratch_mark victim_mark, aggressor_mark;
};

/* Two instances of a place, side by side. */
struct neighbour_scene {
	struct session *session;
	const struct neighbour_settings *settings;
	const struct neighbour_pair *what;
	struct places *places;
	const struct place *place;
	const struct neighbour_files *files;
	char name[NEIGHBOUR_NAME_MAX + 32]; /* with the path, where there are several */
	size_t path;			    /* to the disk */
	bool paths[DRIVER_PATHS_MAX];	    /* that one, where a disk is in use */
	struct neighbour_host host;
	struct runner victim, aggressor;
	struct neighbour_group victim_group, aggressor_group;
	struct err unlimited; /* why they sit in no groups; its code 0: they do */
	uint64_t victim_ops, aggressor_ops; /* of a slice */
	uint64_t lead_ns;	    /* from fio's request to its first I/O, generously */
	struct neighbour_seen free; /* with no limit */
};

/* Starts both, puts them where the limits that are wanted can be set, calibrates their
 * slices. -ENOMEM also where they would not leave the host a quarter of its memory. To be
 * stopped even when it fails; begins with both channels' fd -1. */
int neighbour_scene_start(struct neighbour_scene *scene, struct err *err);
void neighbour_scene_stop(struct neighbour_scene *scene);
/* Why nothing of this pair can be seen on this platform; NULL: it can. */
const char *neighbour_scene_hides(const struct neighbour_scene *scene);
/* Is it the suite's wish, and possible on this platform at all? */
bool neighbour_scene_wants(const struct neighbour_scene *scene,
			   enum neighbour_limit limit);
/* The resource that is looked at where there is no limit: what the aggressor is there to
 * take, or the CPU where the host does not see that. */
enum neighbour_resource neighbour_scene_resource(const struct neighbour_scene *scene);
/* Does the aggressor write into the page cache? */
bool neighbour_scene_is_buffered(const struct neighbour_scene *scene);
/* -ENOTSUP with the reason: it cannot be set here. */
int neighbour_scene_limit(const struct neighbour_scene *scene,
			  const struct neighbour_limit_def *limit, bool on,
			  struct err *err);

/* neighbours.c: all that is wanted of the scene. What fails has that as its finding; <0:
 * stopped, or nothing can be stored. */
int neighbours_measure(struct neighbour_scene *scene, struct err *err);

#endif
