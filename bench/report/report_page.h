/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_PAGE_H
#define TARE_REPORT_PAGE_H

/* What becomes of a report's Markdown: a page, a copy elsewhere. */
#include "bench/base/err.h"

/* One HTML file that needs no other: style and figures (figures/ beside `markdown`) are
 * inside, nothing is fetched. -ENOENT: there is no cmark-gfm. */
int report_page(const char *markdown, const char *page, struct err *err);
/* The same text at `top`; its links to figures/ lead to where `markdown` is. */
int report_top(const char *markdown, const char *top, struct err *err);

#endif
