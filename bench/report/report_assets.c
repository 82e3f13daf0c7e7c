/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's style and script as texts of the program; the Makefile builds from the top.
 */
#include "bench/report/report_assets.h"

__asm__(".pushsection .rodata\n"
	".globl report_css\n"
	"report_css:\n"
	".incbin \"bench/report/page/page.css\"\n"
	".byte 0\n"
	".globl report_js\n"
	"report_js:\n"
	".incbin \"bench/report/page/page.js\"\n"
	".byte 0\n"
	".popsection\n");
