/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text out of the store on its way into Markdown: some of it came from guests. */
#include <ctype.h>
#include <string.h>

#include "bench/base/utf8.h"
#include "bench/report/report.h"

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
		size_t length = utf8_visible(at);

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
