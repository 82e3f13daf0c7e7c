/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each pair on each place, and over each path to the disk. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/plan/plan_select.h"
#include "bench/study/neighbour_scene.h"
#include "bench/study/neighbours.h"

/* The paths that were named; where none was, all are selected and the first is taken. */
static bool wants_path(const struct place *place, size_t path)
{
	size_t nr = plan_path_nr(place->platform->driver), selected = 0;

	for (size_t i = 0; i < nr; i++)
		selected += place->selected[i];
	return path < nr && (selected && selected < nr ? place->selected[path] : !path);
}

static void name_scene(struct neighbour_scene *scene)
{
	const struct path_def *paths = scene->place->platform->driver->paths;
	size_t nr = 0;

	for (size_t i = 0; i < DRIVER_PATHS_MAX; i++)
		nr += wants_path(scene->place, i);
	if (nr > 1 && neighbour_pair_uses_disk(scene->what))
		(void)snprintf(scene->name, sizeof(scene->name), "%s over %.24s",
			       scene->what->name, paths[scene->path].name);
	else
		(void)snprintf(scene->name, sizeof(scene->name), "%s", scene->what->name);
}

/* Once for each path to the disk, or once. */
static int each_path(const struct neighbour_scene *model, struct err *err)
{
	bool disk = neighbour_pair_uses_disk(model->what);

	for (size_t i = 0; i < (disk ? DRIVER_PATHS_MAX : 1); i++) {
		struct neighbour_scene scene = *model;
		int rc;

		if (disk && !wants_path(scene.place, i))
			continue;
		scene.path = i;
		name_scene(&scene);
		rc = neighbours_measure(&scene, err);
		if (rc || *scene.session->options->stop)
			return rc;
	}
	return 0;
}

/* One that fails has that as its finding; the others go on. */
static int measure_place(const struct neighbour_scene *model, struct err *err)
{
	const struct neighbour_settings *settings = model->settings;
	int rc = 0;

	for (size_t i = 0;
	     !rc && i < settings->pair_nr && !*model->session->options->stop; i++) {
		struct neighbour_scene scene = *model;

		scene.what = &settings->pairs[i];
		rc = each_path(&scene, err);
	}
	return rc;
}

/* The folders go with the session's scratch. */
static void files_release(struct neighbour_files *files)
{
	free(files->victim);
	free(files->aggressor);
}
CLEANUP_DEFINE(files, struct neighbour_files *, files_release)

static int make_files(const struct session *session,
		      const struct neighbour_settings *settings,
		      struct neighbour_files *ret, struct err *err)
{
	const volatile int *stop = session->options->stop;
	uint64_t bytes = settings->disk.bytes;
	int rc = scratch_add(session->scratch, "victim", bytes, stop, &ret->victim, err);

	if (!rc)
		rc = scratch_mark(ret->victim, bytes, &ret->victim_mark, err);
	if (!rc)
		rc = scratch_add(session->scratch, "aggressor", bytes, stop,
				 &ret->aggressor, err);
	return rc ? rc : scratch_mark(ret->aggressor, bytes, &ret->aggressor_mark, err);
}

static bool any_uses_disk(const struct neighbour_settings *settings)
{
	for (size_t i = 0; i < settings->pair_nr; i++)
		if (neighbour_pair_uses_disk(&settings->pairs[i]))
			return true;
	return false;
}

static int measure_places(struct session *session, struct places *places,
			  const struct neighbour_settings *settings,
			  const struct neighbour_files *files, struct err *err)
{
	struct neighbour_scene model = {
		.session = session,
		.settings = settings,
		.places = places,
		.files = files,
		.host = {.home = places->cpu, .other = places->service_cpu},
		.victim.channel.fd = -1,
		.aggressor.channel.fd = -1,
	};
	int rc = 0;

	neighbour_device_find(session->scratch, &model.host.device);
	for (size_t i = 0; !rc && i < places->nr && !*session->options->stop; i++) {
		model.place = &places->list[i];
		rc = measure_place(&model, err);
	}
	return rc;
}

int neighbours_run(struct session *session, const struct neighbour_settings *settings,
		   struct err *err)
{
	struct neighbour_files made = {0};
	cleanup(files) struct neighbour_files *files = &made;
	struct places places = {0};
	int rc = any_uses_disk(settings) ? make_files(session, settings, files, err) : 0;

	if (!rc)
		rc = places_open(session, settings->head.memory_bytes, SIZE_MAX, &places,
				 err);
	if (!rc)
		rc = measure_places(session, &places, settings, files, err);
	places_release(&places);
	return rc;
}
