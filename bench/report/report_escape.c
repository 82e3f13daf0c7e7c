/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text out of the store on its way into Markdown: some of it came from guests. */
#include <ctype.h>
#include <string.h>

#include "bench/report/report.h"

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

size_t report_sound(const char *text)
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

/* What Markdown would take for its own. An underscore inside a word means nothing to it,
 * and a bracket only what follows the closing one. */
static bool is_mark(const char *from, const char *at)
{
	if (*at == '_')
		return at == from || !isalnum((unsigned char)at[-1]) ||
		       !isalnum((unsigned char)at[1]);
	if (*at == ']')
		return at[1] && strchr("([:", at[1]);
	return strchr("\\`*<|~$", *at) != NULL;
}

void report_escape(FILE *to, const char *text)
{
	for (const char *at = text; *at;) {
		size_t length = report_sound(at);

		if (!length)
			(void)fputc(isspace((unsigned char)*at) ? ' ' : '?', to);
		else if (*at == '&')
			(void)fputs("&amp;", to);
		else if (length == 1 && is_mark(text, at))
			(void)fprintf(to, "\\%c", *at);
		else
			(void)fwrite(at, 1, length, to);
		at += length ? length : 1;
	}
}
