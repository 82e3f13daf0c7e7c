/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_UNITS_H
#define TARE_UNITS_H

/*
 * Numbers with one unit and nothing behind it.  "64KiB", "1GiB", "90s", "10m", "500ms",
 * "1%", "0.5%".  A sign, blanks, a second unit, overflow or an empty text is -EINVAL or
 * -ERANGE with a text that says what was expected; *ret is written on success only.
 */
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

int units_parse_count(const char *text, uint64_t *ret, struct err *err);
int units_parse_bytes(const char *text, uint64_t *ret,
		      struct err *err); /* B KiB MiB GiB TiB */
int units_parse_duration(const char *text, uint64_t *ret_ns,
			 struct err *err);				 /* ms s m h */
int units_parse_percent(const char *text, double *ret, struct err *err); /* "1%" → 0.01 */

#define UNITS_TEXT_MAX 32
/* Short text: "64 KiB", "1.50 GiB"; "9m30s", "1.5 s", "250 ms". */
const char *units_bytes(uint64_t bytes, char buffer[static UNITS_TEXT_MAX]);
const char *units_duration(uint64_t ns, char buffer[static UNITS_TEXT_MAX]);

#endif
