/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes that the first byte of a UTF-8 sequence announces; 0: not a first byte. */
static size_t announced(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Surrogates, forms longer than needed, and what is beyond Unicode. */
static bool is_valid(uint32_t point, size_t length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return point >= least[length] && point <= 0x10ffff &&
	       (point < 0xd800 || point > 0xdfff);
}

/* Controls, and marks that are unseen or turn the direction of what follows. */
static bool is_hidden(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	       (point >= 0x200b && point <= 0x200f) ||
	       (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}

size_t utf8_visible(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t length = announced(byte[0]);
	uint32_t point = length == 1 ? byte[0] : byte[0] & (0x7fU >> length);

	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (byte[i] & 0x3f);
	}
	return length && is_valid(point, length) && !is_hidden(point) ? length : 0;
}
