/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_ASSETS_H
#define TARE_REPORT_ASSETS_H

/* bench/page/: the page's style and script. */
extern const char report_css[];
extern const char report_js[];

#endif
