/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_TABLES_H
#define TARE_REPORT_TABLES_H

/* Tables of the report, in Markdown. */
#include "report.h"

/* Every platform of a family's cells, with interval, floor, words, counts. */
void report_ratio_table(const struct report *report, enum workload_family family,
			FILE *to);
/* A/A and injected controls against what they must show. */
void report_control_table(const struct report *report, FILE *to);
/* What each cell is, in full. */
void report_cell_table(const struct report *report, FILE *to);
/* head: "| a | b |"; sql: texts, ?1 = the run. */
int report_query_table(const struct report *report, const char *head, const char *sql,
		       FILE *to, struct err *err);

#endif
