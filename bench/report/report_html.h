/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_HTML_H
#define TARE_REPORT_HTML_H

/* The body of the page, from what cmark-gfm made of the report. */
#include <stdio.h>

#include "bench/base/err.h"

/* body: HTML a line an element; dir: where its figures/ are. Gives headings their names,
 * tables a caption and a box that scrolls, figures their drawing. */
int report_html(FILE *body, const char *dir, FILE *to, struct err *err);

#endif
