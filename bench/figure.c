/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figure.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "program.h"

#define WORDS_MAX 5

size_t figure_name(struct figure_names *names, const char *name)
{
	for (size_t i = 0; i < names->nr; i++)
		if (!strcmp(names->list[i], name))
			return i;
	if (names->nr == FIGURE_NAMES_MAX)
		return FIGURE_NAMES_MAX - 1;
	(void)snprintf(names->list[names->nr], sizeof(names->list[0]), "%s", name);
	return names->nr++;
}

static void file_name(const struct report *report, const char *name, const char *form,
		      char to[static PATH_MAX])
{
	(void)snprintf(to, PATH_MAX, "%s/figures/%s%s.%s", report->dir,
		       strcmp(form, "tsv") ? "" : "data/", name, form);
}

int figure_data(const struct report *report, const char *name, FILE **ret,
		struct err *err)
{
	char path[PATH_MAX];

	file_name(report, name, "tsv", path);
	*ret = fopen(path, "we");
	return *ret ? 0 : err_fail(err, errno, "cannot write '%s': %m", path);
}

void figure_text(FILE *to, const char *text)
{
	(void)fputc('"', to);
	for (; *text; text++)
		(void)fputc(*text == '"' || *text == '\\' || iscntrl((unsigned char)*text)
				    ? ' '
				    : *text,
			    to);
	(void)fputc('"', to);
}

/* gnuplot runs beside its scripts: what it is told must be absolute. */
static int absolute(const char *path, char to[static PATH_MAX], struct err *err)
{
	char here[PATH_MAX] = "";

	if (path[0] != '/' && !getcwd(here, sizeof(here)))
		return err_fail(err, errno, "cannot name the current folder: %m");
	if (snprintf(to, PATH_MAX, "%s%s%s", here, here[0] ? "/" : "", path) >= PATH_MAX)
		return err_fail(err, ENAMETOOLONG, "'%s' is too long", path);
	return 0;
}

static int draw_as(const struct report *report, const char *name, const char *form,
		   const char *const *words, struct err *err)
{
	char script[NAME_MAX], path[PATH_MAX], data[PATH_MAX], output[PATH_MAX];
	int rc;
	const char *argv[7 + WORDS_MAX] = {"gnuplot", "-c", script, data, output, form};

	(void)snprintf(script, sizeof(script), "%s.gp", name);
	file_name(report, name, "tsv", path);
	rc = absolute(path, data, err);
	file_name(report, name, form, path);
	if (!rc)
		rc = absolute(path, output, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
		argv[6 + i] = words[i];
	return program_run(&(struct program){.argv = argv, .dir = report->plots}, err);
}

int figure_draw(const struct report *report, const char *name, FILE *data,
		const char *const *words, struct err *err)
{
	int rc;

	if (fclose(data))
		return err_fail(err, errno, "cannot write the data of figure '%s': %m",
				name);
	rc = draw_as(report, name, "svg", words, err);
	if (!rc)
		rc = draw_as(report, name, "png", words, err);
	return rc ? err_because(err, "figure '%s'", name) : 0;
}
