/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What a guest or a file sent may be in it: it must not move a terminal's cursor. */
static void make_harmless(char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') || *text == 0x7f)
			*text = '?';
}

int err_fail_with(struct err *err, int code, const char *format, ...)
{
	va_list args;

	if (err->code)
		return -err->code;
	err->code = code > 0 ? code : EIO;
	va_start(args, format);
	(void)vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	make_harmless(err->text);
	return -err->code;
}

int err_because_of(struct err *err, const char *format, ...)
{
	char cause[sizeof(err->text)];
	va_list args;
	int used;

	if (!err->code)
		err->code = EIO;
	memcpy(cause, err->text, sizeof(cause));
	va_start(args, format);
	used = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	make_harmless(err->text);
	if (used >= 0 && (size_t)used < sizeof(err->text))
		(void)snprintf(err->text + used, sizeof(err->text) - (size_t)used,
			       ": %.*s", (int)(sizeof(cause) - 1), cause);
	return -err->code;
}

void err_clear(struct err *err)
{
	err->code = 0;
	err->text[0] = '\0';
}
