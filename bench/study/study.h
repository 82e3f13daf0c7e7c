/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STUDY_H
#define TARE_STUDY_H

/* What the commands that measure without a suite have in common: `tare start`,
 * `tare density`, `tare neighbours`. */
#include "bench/study/session.h"

/* Opens a session, takes the host, measures, stores how it ended, and prints the run in
 * the format asked for; errors go to standard error. Returns an exit status. */
int study_run(const struct options *options, const char *name,
	      int (*measure)(struct session *session, struct err *err));

#endif
