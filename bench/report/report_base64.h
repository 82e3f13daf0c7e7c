/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_BASE64_H
#define TARE_REPORT_BASE64_H

#include <stddef.h>
#include <stdio.h>

/* Base 64 with padding (RFC 4648, section 4). */
void report_base64(const void *data, size_t size, FILE *to);

#endif
