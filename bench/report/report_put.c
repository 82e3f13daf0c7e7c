/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/utf8.h"
#include "bench/report/report_put.h"

#include <limits.h>
#include <unistd.h>

bool report_has_figure(const struct report *report, const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/figures/%s.svg", report->dir, name);
	return !access(path, R_OK);
}

void report_figure(const struct report *report, const char *name, const char *alt,
		   FILE *to)
{
	if (report_has_figure(report, name))
		fprintf(to, "![%s](figures/%s.svg)\n\n", alt, name);
}

void report_put(const struct report *report, const char *sql, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	report_escape(to, report_get(report, sql, text));
}

void report_code(const struct report *report, const char *sql, FILE *to)
{
	char text[REPORT_TEXT_MAX];

	/* In a code block only a fence could break out. */
	for (const char *c = report_get(report, sql, text); *c;) {
		size_t length = utf8_visible(c);

		if (!length || *c == '`')
			(void)fputc(' ', to);
		else
			(void)fwrite(c, 1, length, to);
		c += length ? length : 1;
	}
}
