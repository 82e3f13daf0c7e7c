/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MISSING_H
#define TARE_MISSING_H

/* Comparisons that more time would give a ratio. */
#include "bench/results/results.h"

/* "int on cgroup, lxc; fault-4k on lxc (aa)": what has no ratio though nothing about it
 * failed. *ret is malloc'ed, "" when there is no such thing. -ENOMEM. */
int missing_text(const struct results *results, char **ret, struct err *err);

#endif
