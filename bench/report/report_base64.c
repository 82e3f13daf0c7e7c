/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/report/report_base64.h"

void report_base64(const void *data, size_t size, FILE *to)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *byte = data;

	for (size_t at = 0; at < size; at += 3) {
		size_t got = size - at;
		unsigned long bits = (unsigned long)byte[at] << 16 |
				     (got > 1 ? (unsigned long)byte[at + 1] << 8 : 0) |
				     (got > 2 ? byte[at + 2] : 0);

		for (size_t i = 0; i < 4; i++)
			(void)fputc(i > got ? '=' : digits[bits >> (18 - 6 * i) & 63],
				    to);
	}
}
