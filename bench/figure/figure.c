/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/figure/figure.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/program.h"
#include "bench/base/utf8.h"

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

/* Looks: platforms take their places in the order of the plan; the last is A/A's own. */
#define LOOKS 8
#define LOOK_AA (LOOKS + 1)

struct seek {
	const char *platform, *path; /* path NULL: the first one */
	int row, found;
};

static void seek_row(sqlite3_stmt *row, void *data)
{
	struct seek *seek = data;
	const char *name = (const char *)sqlite3_column_text(row, 0);
	const char *path = (const char *)sqlite3_column_text(row, 1);

	if (seek->found < 0 && !strcmp(name, seek->platform) &&
	    (!seek->path || !strcmp(path, seek->path)))
		seek->found = seek->row;
	seek->row++;
}

static int look_of(const struct report *report, const char *platform, const char *path)
{
	struct seek seek = {.platform = platform, .path = path, .found = -1};
	struct err ignored = {0};

	(void)report_each(report,
			  "SELECT name, path FROM platform WHERE run = ?1 ORDER BY id",
			  seek_row, &seek, &ignored);
	return seek.found < 0 ? 1 : seek.found % LOOKS + 1;
}

int figure_look(const struct report *report, const struct result *result)
{
	return strcmp(result->role, arm_role_name(ROLE_AA))
		       ? look_of(report, result->platform, result->path)
		       : LOOK_AA;
}

int figure_look_of(const struct report *report, const char *platform)
{
	return look_of(report, platform, NULL);
}

const char *figure_span(size_t low, size_t high, char buffer[static 48])
{
	if (low == high)
		(void)snprintf(buffer, 48, "%zu", low);
	else
		(void)snprintf(buffer, 48, "%zu–%zu", low, high);
	return buffer;
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
	while (*text) {
		size_t length = utf8_visible(text);

		if (!length || *text == '"' || *text == '\\')
			(void)fputc(' ', to);
		else
			(void)fwrite(text, 1, length, to);
		text += length ? length : 1;
	}
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

static int draw_as(const struct report *report, const char *script, const char *name,
		   const char *form, const char *const *words, struct err *err)
{
	char file[NAME_MAX], path[PATH_MAX], data[PATH_MAX], output[PATH_MAX];
	int rc;
	const char *argv[7 + WORDS_MAX] = {"gnuplot", "-c", file, data, output, form};

	(void)snprintf(file, sizeof(file), "%s.gp", script);
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

/* The command that draws the figure again, as a comment at the data's end. */
static void write_command(FILE *data, const char *script, const char *name,
			  const char *const *words)
{
	fprintf(data, "\n# in plots/: gnuplot -c %s.gp …/%s.tsv …/%s.svg svg", script,
		name, name);
	for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
		fprintf(data, " '%s'", words[i]);
	fprintf(data, "\n");
}

int figure_draw(const struct report *report, const char *script, const char *name,
		FILE *data, const char *const *words, struct err *err)
{
	int rc;

	write_command(data, script, name, words);
	if (fclose(data))
		return err_fail(err, errno, "cannot write the data of figure '%s': %m",
				name);
	rc = draw_as(report, script, name, "svg", words, err);
	if (!rc)
		rc = draw_as(report, script, name, "png", words, err);
	return rc ? err_because(err, "figure '%s'", name) : 0;
}
