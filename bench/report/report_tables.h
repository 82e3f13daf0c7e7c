/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_TABLES_H
#define TARE_REPORT_TABLES_H

/* Tables of the report, in Markdown. */
#include "bench/report/report.h"

/* Every platform of a family's cells, with interval, floor, words, counts. */
void report_ratio_table(const struct report *report, enum workload_family family,
			FILE *to);
/* The run planned such a cell on some platform. */
bool report_has_family(const struct report *report, enum workload_family family);
/* A sentence on how the family's table was taken. */
void report_taken(const struct report *report, enum workload_family family, FILE *to);
/* What each cell is, in full. */
void report_cell_table(const struct report *report, FILE *to);
/* head: "| a | b |"; sql: texts, ?1 = the run; none: a sentence instead of no rows. */
int report_query_table(const struct report *report, const char *head, const char *sql,
		       const char *none, FILE *to, struct err *err);

#endif
