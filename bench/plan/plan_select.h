/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PLAN_SELECT_H
#define TARE_PLAN_SELECT_H

/* Which platforms and paths "bare,kvm:virtio" means: for plans and studies. */
#include "bench/config/config.h"

struct selected {
	bool used;
	bool paths[DRIVER_PATHS_MAX];
};

/* One entry per platform of the set, zeroed before. on NULL: all that are not hidden.
 * `where` begins messages: "--on", "suites/quick.yaml: on". */
int plan_select(const struct platform_set *set, const char *on, const char *where,
		struct selected *list, struct err *err);
/* Paths of a driver, at most DRIVER_PATHS_MAX. */
size_t plan_path_nr(const struct driver *driver);

#endif
