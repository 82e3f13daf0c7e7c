/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_PUT_H
#define TARE_REPORT_PUT_H

/* Pieces that sections of a report are written with. */
#include "bench/report/report.h"

/* The figure exists in the report's folder. */
bool report_has_figure(const struct report *report, const char *name);
/* A figure where there is one; alt: what it shows, in a sentence. */
void report_figure(const struct report *report, const char *name, const char *alt,
		   FILE *to);
/* One text of a query, escaped; ?1 = the run. */
void report_put(const struct report *report, const char *sql, FILE *to);
/* The same inside a code block. */
void report_code(const struct report *report, const char *sql, FILE *to);

#endif
