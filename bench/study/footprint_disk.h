/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_DISK_H
#define TARE_FOOTPRINT_DISK_H

/* What an instance may keep its own writes in, apart from the image that all share. */
#include "bench/study/footprint_tree.h"
#include "bench/study/footprint_study.h"

#define FOOTPRINT_WRITE_BYTES (1u << 20) /* written where the effect of it is shown */

/*
 * One kind of storage.  It is made in `dir` (an empty folder of ours, removed by the
 * caller), measured, written to, measured again.
 */
struct footprint_delta {
	const char *name, *procedure;
	/* Makes it for one instance, empty. -ENOTSUP, -ENOENT: not here. */
	int (*make)(const char *dir, const struct image *image, struct err *err);
	/* Writes FOOTPRINT_WRITE_BYTES into it. */
	int (*write)(const char *dir, const struct image *image, struct err *err);
	/* Its part that is the instance's own, below `dir`. */
	const char *own;
};
extern const struct footprint_delta footprint_deltas[];
extern const size_t footprint_delta_nr;

#endif
