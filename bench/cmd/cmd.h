/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CMD_H
#define TARE_CMD_H

/*
 * Subcommands: each cmd_<name>.c defines one struct command; main.c's table lists them.
 * Only main.c and cmd_*.c print or decide the exit status.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_MEASUREMENT = 1,
	EXIT_USAGE = 2,
	EXIT_NOTHING = 3,
	EXIT_INTERRUPTED = 130
};
/* A command takes the first three, unless it has a list of its own. */
enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_JUNIT,
	FORMAT_TAP,
	FORMAT_OPENMETRICS,
	FORMAT_HYPERFINE,
	FORMAT_LKP
};

#define OPTION_IGNORED_MAX 8
/* Options common to all commands, filled in by main before a command runs. */
struct options {
	const char *store;  /* results/tare.sqlite */
	const char *out;    /* NULL: the command's own default */
	const char *on;	    /* NULL: the suite's */
	const char *config; /* folder of suites/ and platforms/ */
	const char *image;  /* NULL: image_open's default */
	/* folder for the data file; NULL: scratch beside the store */
	const char *scratch;
	uint64_t budget_ns, seed; /* 0: the suite's */
	unsigned instances;	  /* of a study at once; 0: its own default */
	uint64_t trial_ns;	  /* precision --trial; 0: the default */
	enum format format;
	const char *formats; /* the command's own list */
	bool quiet;
	bool resume, samples; /* run --resume RUN; show --samples */
	bool strict;	      /* run --strict */
	const char *resume_run;
	double fail_on;	  /* compare --fail-on: 0.03; negative: not given */
	const char *only; /* memcg --only: "overhead" or "behaviour"; NULL: both */
	bool full;	  /* memcg --full: the long suite */
	const char *top;  /* report --top FILE: the Markdown goes there as well */
	/* names of options that were given and change nothing for this command */
	const char *ignored[OPTION_IGNORED_MAX];
	size_t ignored_nr;
	int argc; /* positional words after the command */
	char **argv;
	int command_argc; /* the whole command line, for the record */
	char **command_argv;
	const volatile int *stop;
};

struct command {
	const char *name, *arguments, *summary;
	const char *help; /* more, for `tare <name> --help` */
	/* long options that it uses, blank separated; --help and the common ones, which
	 * every command takes, need not be among them */
	const char *accepts;
	const char *formats; /* of --format, blank separated; NULL: "text json csv" */
	int (*run)(const struct options *options); /* returns an exit status */
};

/* clang-format off */
extern const struct command cmd_doctor;
extern const struct command cmd_run;
extern const struct command cmd_show;
extern const struct command cmd_report;
extern const struct command cmd_compare;
extern const struct command cmd_claims;
extern const struct command cmd_equivalence;
extern const struct command cmd_export;
extern const struct command cmd_import;
extern const struct command cmd_memcg;
extern const struct command cmd_start;
extern const struct command cmd_footprint;
extern const struct command cmd_density;
extern const struct command cmd_precision;
extern const struct command cmd_neighbours;
extern const struct command cmd_clean;
extern const struct command cmd_platforms;
extern const struct command cmd_workloads;
/* clang-format on */

#endif
