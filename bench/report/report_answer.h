/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_ANSWER_H
#define TARE_REPORT_ANSWER_H

#include "bench/report/report.h"

/* A line a platform and family, and a warning where guests were emulated. */
int report_answer(const struct report *report, FILE *to, struct err *err);
/* Openings of the chapter on efficiency: in how many cells a platform differs from bare
 * metal, and by how much at most. Nothing where there is no such ratio. */
void report_answer_native(const struct report *report, FILE *to);
void report_answer_disk(const struct report *report, FILE *to);

#endif
