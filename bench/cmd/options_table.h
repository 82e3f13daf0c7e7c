/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_OPTIONS_TABLE_H
#define TARE_OPTIONS_TABLE_H

/* The one table of options. Only options*.c include this. */
#include "bench/cmd/cmd.h"

/* One option; `set` gets its value, or NULL for one without. */
struct option_def {
	const char *name, *value, *help;
	int (*set)(struct options *options, const char *value, struct err *err);
	bool common; /* every command takes it, also where it changes nothing */
};

#define OPTION_NR 19
#define OPTION_STORE_DEFAULT "results/tare.sqlite"
extern const struct option_def option_defs[OPTION_NR];

#endif
