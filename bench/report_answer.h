/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_ANSWER_H
#define TARE_REPORT_ANSWER_H

#include "report.h"

/* A line a platform and family, and a warning where guests were emulated. */
void report_answer(const struct report *report, FILE *to);

#endif
