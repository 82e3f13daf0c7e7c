/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOURS_DISK_H
#define TARE_NEIGHBOURS_DISK_H

/* Rounds of a pair of which one is fio's, or both are: for neighbours.c. */
#include "bench/study/neighbour_scene.h"
#include "bench/study/neighbour_tally.h"

/* Of a scene whose two have been started: workers, slices, how long fio takes to start.
 */
int neighbours_disk_calibrate(struct neighbour_scene *scene, struct err *err);
/* Adds a round to the tally, or, where they hardly worked at the same time, to those that
 * it has dropped. */
int neighbours_disk_round(struct neighbour_scene *scene, enum neighbour_resource resource,
			  struct neighbour_tally *tally, struct err *err);

#endif
