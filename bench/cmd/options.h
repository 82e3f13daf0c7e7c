/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_OPTIONS_H
#define TARE_OPTIONS_H

/*
 * The command line behind the command's name.  One table: parsing, --help and the man
 * page's list of options come from it.  Long options only, spelled out (a prefix is not
 * an option), "--name value" or "--name=value", each at most once; "--" ends them.
 */
#include <stdbool.h>
#include <stdio.h>

#include "bench/cmd/cmd.h"

/* Fills in options out of the words behind the command; *ret_help: --help was among them
 * and nothing else was checked. The options point into argv. -EINVAL, -ERANGE: one line
 * that says what was wrong; -ENOMEM. */
int options_parse(const struct command *command, int argc, char **argv,
		  struct options *ret, bool *ret_help, struct err *err);
void options_release(struct options *options);

/* Is `name` among the options that the command uses? */
bool options_accepts(const struct command *command, const char *name);
/* Is option i of the table one that the command takes though it changes nothing? */
bool options_ignores(const struct command *command, size_t i);

/* "tare run --help". */
void options_print_help(const struct command *command, FILE *to);
/* The list of options in roff, as docs/tare.1 has it. */
void options_print_man(FILE *to);

#endif
