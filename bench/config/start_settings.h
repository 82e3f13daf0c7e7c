/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_START_SETTINGS_H
#define TARE_START_SETTINGS_H

/* What a suite says of `tare start`. */
#include "bench/config/config_study.h"

#define START_RUNNING_MAX 8 /* different numbers of running instances */

struct start_settings {
	struct study_head head;
	unsigned running[START_RUNNING_MAX]; /* k of each cell, ascending */
	size_t running_nr;
	bool cold;  /* a cell with the image dropped from the page cache */
	bool tools; /* cells against the platforms' own tools */
};

#endif
