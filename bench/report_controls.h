/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_CONTROLS_H
#define TARE_REPORT_CONTROLS_H

#include "report.h"

/* A/A and injected controls against what they must show: in words, then each of them. */
void report_controls(const struct report *report, FILE *to);

#endif
