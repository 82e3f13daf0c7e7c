/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FIGURE_H
#define TARE_FIGURE_H

/* What all figures share: a data file for gnuplot, and gnuplot itself. */
#include "bench/report/report.h"

/* Names that appear in the order they are first seen: platforms, cells. */
#define FIGURE_NAMES_MAX 64
struct figure_names {
	char list[FIGURE_NAMES_MAX][80];
	size_t nr;
};
/* Index of a name, added when it is new; the last place is shared when full. */
size_t figure_name(struct figure_names *names, const char *name);

/* Line style (plots/style.gp) of a result's platform: the same in every figure of a run.
 * Bare metal compared with itself has one of its own. */
int figure_look(const struct report *report, const struct result *result);

/* The same for a platform that is known by name alone. */
int figure_look_of(const struct report *report, const char *platform);

/* Opens figures/data/<name>.tsv for writing. */
int figure_data(const struct report *report, const char *name, FILE **ret,
		struct err *err);
/* A quoted text of a data file: blanks stay, quotes and control characters go. */
void figure_text(FILE *to, const char *text);
/* "a–b", or "a" where both are equal. */
const char *figure_span(size_t low, size_t high, char buffer[static 48]);
/* Closes `data` and draws it by plots/<script>.gp as figures/<name>.svg and .png. words:
 * the script's own arguments (ARG4…), NULL-ended, at most 5. */
int figure_draw(const struct report *report, const char *script, const char *name,
		FILE *data, const char *const *words, struct err *err);

#endif
