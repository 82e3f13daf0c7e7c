/* SPDX-License-Identifier: GPL-3.0-or-later */
/* results/schema.sql as a text of the program; the Makefile builds from the top. */
#include "bench/store/store_schema.h"

__asm__(".pushsection .rodata\n"
	".globl store_schema\n"
	"store_schema:\n"
	".incbin \"results/schema.sql\"\n"
	".byte 0\n"
	".popsection\n");
