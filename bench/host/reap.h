/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REAP_H
#define TARE_REAP_H

/*
 * Removes what runs that are no longer alive left behind: groups, containers, domains,
 * processes, scratch files, run folders.  Only what carries a dead owner's id.
 */
#include <stddef.h>

#include "bench/base/err.h"

/* Goes on after a failure and reports the first one. *removed counts things. */
int reap_all(size_t *removed, struct err *err);
/* The same, told apart: one entry a driver in the table's order, then run folders. Also
 * filled in on failure. */
#define REAPED_MAX 17
struct reaped {
	const char *what; /* lives as long as the program */
	size_t nr;
};
int reap_each(struct reaped ret[static REAPED_MAX], size_t *ret_nr, struct err *err);
/* This process's own run folder /run/tare/<owner>, made and removed with all in it. */
int reap_make_run_dir(const char *owner, char *ret, size_t size, struct err *err);

#endif
