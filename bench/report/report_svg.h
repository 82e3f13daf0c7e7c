/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_SVG_H
#define TARE_REPORT_SVG_H

/* A figure's SVG as a part of the page. */
#include <stdbool.h>
#include <stdio.h>

#include "bench/base/err.h"

/* Writes the <svg> element in `text` (a whole file), described by `alt` (HTML-escaped).
 * Only drawing passes: known elements, known attributes, plain values, no script, no
 * style, no link out.  number keeps the names inside it apart from other figures'.
 * *plain: it has colours that the page's theme does not know and keeps them; otherwise
 * they follow the theme. -ENOTSUP: something in it is no drawing; nothing is written. */
int report_svg(const char *text, const char *alt, unsigned number, FILE *to, bool *plain,
	       struct err *err);

#endif
