/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STUDY_H
#define TARE_STUDY_H

/* What the commands that measure without a plan have in common: `tare start`,
 * `tare density`, `tare neighbours`. */
#include "bench/study/session.h"

/* Reads the suite of that kind into `settings`, opens a session, takes the host,
 * measures, stores how it ended, and prints the run in the format asked for; errors go to
 * standard error. Returns an exit status. */
int study_run(const struct options *options, const struct study_kind *kind,
	      void *settings,
	      int (*measure)(struct session *session, void *settings, struct err *err));

#endif
