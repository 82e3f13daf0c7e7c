/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_MORE_H
#define TARE_REPORT_MORE_H

#include "report.h"

/* Controls, start-up, what could not run, the machine, the cells, how to repeat it. */
int report_more(const struct report *report, FILE *to, struct err *err);

/* report_text.c, for both: a figure where there is one; one text of a query, escaped; the
 * same inside a code block. */
void report_figure(const struct report *report, const char *name, const char *alt,
		   FILE *to);
void report_put(const struct report *report, const char *sql, FILE *to);
void report_code(const struct report *report, const char *sql, FILE *to);

#endif
