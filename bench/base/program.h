/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_PROGRAM_H
#define TARE_PROGRAM_H

/* Runs a program to its end, without a shell. */
#include "bench/base/err.h"

struct program {
	const char *const *argv; /* NULL-ended; argv[0] is looked up in PATH */
	const char *dir;	 /* where it runs; NULL: here */
	const char *input;	 /* text for its standard input; NULL: none */
	const char *output;	 /* file for its standard output; NULL: dropped */
};
/* Ended by force after a minute. The end of its standard error goes into the error text;
 * -ENOENT: there is no such program. */
int program_run(const struct program *program, struct err *err);

#endif
