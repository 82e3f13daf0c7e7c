/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of the report elsewhere, with links that still lead to its figures. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/report/report_page.h"

static void folder_of(const char *file, char to[static PATH_MAX])
{
	char *slash;

	(void)snprintf(to, PATH_MAX, "%s", file);
	slash = strrchr(to, '/');
	if (slash)
		*slash = '\0';
	else
		(void)snprintf(to, PATH_MAX, ".");
}

/* From folder `from` to folder `to`, both absolute: "../a/b", "" where they are one. */
static int relative(const char *from, const char *to, char ret[static PATH_MAX],
		    struct err *err)
{
	size_t same = 0, used = 0;

	for (size_t i = 0; from[i] == to[i] || !from[i] || !to[i]; i++) {
		if ((!from[i] || from[i] == '/') && (!to[i] || to[i] == '/'))
			same = i;
		if (!from[i] || !to[i])
			break;
	}
	ret[0] = '\0';
	for (const char *c = from + same; *c && used + 4 < PATH_MAX; c++)
		if (*c == '/' && c[1])
			used += (size_t)snprintf(ret + used, PATH_MAX - used, "../");
	if (to[same] && snprintf(ret + used, PATH_MAX - used, "%s/", to + same + 1) >=
				(int)(PATH_MAX - used))
		return err_fail(err, ENAMETOOLONG, "'%s' is too long", to);
	return 0;
}

static int way(const char *top, const char *markdown, char ret[static PATH_MAX],
	       struct err *err)
{
	char folder[PATH_MAX], from[PATH_MAX], to[PATH_MAX];

	folder_of(top, folder);
	if (!realpath(folder, from))
		return err_fail(err, errno, "cannot write '%s': %m", top);
	folder_of(markdown, folder);
	if (!realpath(folder, to))
		return err_fail(err, errno, "cannot read '%s': %m", markdown);
	return relative(from, to, ret, err);
}

int report_top(const char *markdown, const char *top, struct err *err)
{
	cleanup(file) FILE *from = fopen(markdown, "re");
	cleanup(file) FILE *to = NULL;
	cleanup(free) char *line = NULL;
	char prefix[PATH_MAX];
	size_t size = 0;
	int rc = way(top, markdown, prefix, err);

	if (rc)
		return rc;
	to = fopen(top, "we");
	if (!from || !to)
		return err_fail(err, errno, "cannot write '%s': %m", top);
	while (getline(&line, &size, from) > 0) {
		char *link = line[0] == '!' ? strstr(line, "](figures/") : NULL;

		if (link)
			fprintf(to, "%.*s%s%s", (int)(link - line) + 2, line, prefix,
				link + 2);
		else
			(void)fputs(line, to);
	}
	if (fflush(to) || ferror(to) || ferror(from))
		return err_fail(err, EIO, "cannot write '%s'", top);
	return 0;
}
