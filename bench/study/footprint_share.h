/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FOOTPRINT_SHARE_H
#define TARE_FOOTPRINT_SHARE_H

/* What both ways of sharing page cache have in common: the tree, a file by each path. */
#include "bench/study/footprint_study.h"

/* Page cache inside, by the word of a guest's kernel, bytes; 0 where the kernel is the
 * host's; NAN: it does not say, or says nonsense. */
double footprint_inside(struct runner *runner);
/* Stores what was found; without a round: why not. */
int footprint_share_store(struct footprint_study *study, size_t place,
			  const char *condition, const struct footprint_sharing *sharing,
			  struct err *err);
/* footprint_path.c: a file on the disk under test, read by every instance through each of
 * the platform's paths. */
int footprint_share_paths(struct footprint_study *study, size_t place, struct err *err);

#endif
