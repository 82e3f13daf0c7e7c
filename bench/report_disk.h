/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_DISK_H
#define TARE_REPORT_DISK_H

#include "report.h"

int report_disk(const struct report *report, FILE *to, struct err *err);

#endif
