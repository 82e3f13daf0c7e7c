/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/report/report_html.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/report/report_base64.h"
#include "bench/report/report_svg.h"

#define FIGURE "<p><img src=\"figures/" /* as cmark writes ours */
#define TITLE_MAX 256

struct page {
	const char *dir;
	FILE *to;
	unsigned figures, tables;
	bool main;    /* the part after the contents has begun */
	bool listing; /* <ul> was the last line and is not written yet */
	bool in_nav;
	bool row;		 /* <tr> has been read and not written */
	char first[TITLE_MAX];	 /* cell of the last row */
	char heading[TITLE_MAX]; /* text of the last one */
	char *sentence;		 /* <p>…:</p> that may be a table's caption */
	struct err *err;
};

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* --- figures --- */

static int read_file(const char *path, char **ret, size_t *size, struct err *err)
{
	cleanup(file) FILE *from = fopen(path, "re");
	cleanup(free) char *text = NULL;
	char part[4096];
	size_t got;
	FILE *to;

	if (!from)
		return err_fail(err, errno, "cannot read '%s': %m", path);
	to = open_memstream(&text, size);
	if (!to)
		return err_fail(err, ENOMEM, "no memory for '%s'", path);
	while ((got = fread(part, 1, sizeof(part), from)))
		(void)fwrite(part, 1, got, to);
	if (fclose(to) || ferror(from))
		return err_fail(err, EIO, "cannot read '%s'", path);
	*ret = take_ptr(text);
	return 0;
}

/* A drawing becomes part of the page; what is not one for sure stays a picture, in which
 * nothing can run. */
static void put_drawing(struct page *page, const char *text, size_t size, const char *alt)
{
	cleanup(free) char *drawing = NULL;
	struct err ignored = {0};
	bool plain = false;
	size_t length = 0;
	FILE *to = open_memstream(&drawing, &length);
	int rc = to ? report_svg(text, alt, ++page->figures, to, &plain, &ignored)
		    : -ENOMEM;

	if (to && fclose(to))
		rc = -ENOMEM;
	fprintf(page->to, "<figure%s role=\"group\" aria-label=\"%s\">",
		rc || plain ? " class=\"plate\"" : "", alt);
	if (rc) {
		fprintf(page->to, "<img alt=\"%s\" src=\"data:image/svg+xml;base64,",
			alt);
		report_base64(text, size, page->to);
		fprintf(page->to, "\">");
	} else {
		(void)fputs(drawing, page->to);
	}
	fprintf(page->to, "</figure>\n");
}

/* "<p><img src="figures/x.svg" alt="…" /></p>".  Text of the report cannot hold such a
 * line: its < is escaped. */
static int put_figure(struct page *page, const char *line)
{
	const char *name = line + strlen("<p><img src=\""), *end = strchr(name, '"');
	const char *alt = end ? strstr(end, "alt=\"") : NULL;
	cleanup(free) char *text = NULL;
	char path[PATH_MAX], words[2 * TITLE_MAX];
	size_t size = 0;
	int rc;

	if (!alt)
		return err_fail(page->err, EIO, "cmark wrote an image without an end");
	alt += strlen("alt=\"");
	(void)snprintf(path, sizeof(path), "%s/%.*s", page->dir, (int)(end - name), name);
	(void)snprintf(words, sizeof(words), "%.*s", (int)strcspn(alt, "\""), alt);
	rc = read_file(path, &text, &size, page->err);
	if (!rc)
		put_drawing(page, text, size, words);
	return rc;
}

/* --- headings and contents --- */

/* "<h2>What could not run</h2>" gets the id that GitHub gives it: what-could-not-run. */
static void put_heading(struct page *page, const char *line)
{
	const char *text = line + strlen("<h2>");

	if (!page->main)
		fprintf(page->to, "</header>\n<main id=\"main\" tabindex=\"-1\">\n");
	page->main = true;
	(void)snprintf(page->heading, sizeof(page->heading), "%.*s",
		       (int)strcspn(text, "<"), text);
	fprintf(page->to, "%.3s id=\"", line);
	for (const char *c = text; *c && *c != '<'; c++) {
		if (isalnum((unsigned char)*c))
			(void)fputc(tolower((unsigned char)*c), page->to);
		else if (*c == ' ' || *c == '-')
			(void)fputc('-', page->to);
	}
	fprintf(page->to, "\"%s", line + 3);
}

/* The first list before any chapter is the table of contents. */
static void put_list(struct page *page, const char *line)
{
	page->listing = false;
	page->in_nav = !page->main && begins(line, "<li><a href=\"#");
	fprintf(page->to, "%s<ul>\n",
		page->in_nav ? "</header>\n<nav aria-label=\"Contents\">" : "");
}

static void end_list(struct page *page)
{
	fprintf(page->to, "</ul>%s\n",
		page->in_nav ? "</nav>\n<main id=\"main\" tabindex=\"-1\">" : "");
	page->main |= page->in_nav;
	page->in_nav = false;
}

/* --- prose --- */

/* "[9.4 %, 14.8 %]": its length; 0: no interval begins here. */
static size_t interval_at(const char *at)
{
	size_t length = *at == '[' ? 1 + strspn(at + 1, "0123456789.,%- ") : 0;

	return length > 1 && at[length] == ']' ? length : 0;
}

/* A number, its unit and its interval stay on one line. */
static void put_prose(const struct page *page, const char *line)
{
	for (const char *at = line, *kept = line; *at; at++) {
		size_t length = interval_at(at);

		kept = length ? at + length : kept;
		if (*at == ' ' && (at < kept || at[1] == '%' || interval_at(at + 1)))
			(void)fputs("&nbsp;", page->to);
		else
			(void)fputc(*at, page->to);
	}
}

/* --- tables --- */

static void put_sentence(struct page *page)
{
	if (page->sentence)
		(void)fputs(page->sentence, page->to);
	free(page->sentence);
	page->sentence = NULL;
}

/* "<p>What each cell is:</p>" */
static bool is_sentence(const char *line)
{
	size_t length = strlen(line), end = strlen(":</p>\n");

	return begins(line, "<p>") && length > end &&
	       !strcmp(line + length - end, ":</p>\n");
}

/* The sentence before a table that ends in a colon, or the heading. */
static void put_table(struct page *page)
{
	const char *text =
		page->sentence ? page->sentence + strlen("<p>") : page->heading;
	size_t length = page->sentence ? strlen(text) - strlen(":</p>\n") : strlen(text);

	page->tables++;
	fprintf(page->to,
		"<div class=\"scroll\" role=\"region\" aria-labelledby=\"t%u\"><table>\n"
		"<caption id=\"t%u\">Table %u. %.*s</caption>\n",
		page->tables, page->tables, page->tables, (int)length, text);
	free(page->sentence);
	page->sentence = NULL;
}

#define LONG_TEXT 56 /* characters of a cell that may break */

/* Rows belong together as long as their first cell stays the same. */
static void put_cell(struct page *page, const char *line)
{
	if (page->row && strncmp(page->first, line, sizeof(page->first) - 1) != 0)
		(void)fputs("<tr class=\"next\">\n", page->to);
	else if (page->row)
		(void)fputs("<tr>\n", page->to);
	if (page->row)
		(void)snprintf(page->first, sizeof(page->first), "%s", line);
	page->row = false;
	if (strlen(line) > LONG_TEXT + strlen("<td></td>") && line[3] == '>') {
		(void)fputs("<td class=\"long\"", page->to);
		line += strlen("<td");
	}
	put_prose(page, line);
}

static void put_head_cell(struct page *page, const char *line)
{
	if (page->row)
		(void)fputs("<tr>\n", page->to);
	page->row = false;
	fprintf(page->to, "<th scope=\"col\"%s", line + strlen("<th"));
}

/* --- one line --- */

static int put_line(struct page *page, const char *line)
{
	if (page->listing)
		put_list(page, line);
	if (!begins(line, "<table"))
		put_sentence(page);
	if (begins(line, FIGURE))
		return put_figure(page, line);
	if (is_sentence(line)) {
		page->sentence = strdup(line);
		return page->sentence
			       ? 0
			       : err_fail(page->err, ENOMEM, "no memory for the page");
	}
	page->listing = begins(line, "<ul>");
	if (begins(line, "<td"))
		put_cell(page, line);
	else if (begins(line, "<th>") || begins(line, "<th "))
		put_head_cell(page, line);
	else if (!strcmp(line, "<tr>\n"))
		page->row = true;
	else if (begins(line, "<h2>") || begins(line, "<h3>") || begins(line, "<h4>"))
		put_heading(page, line);
	else if (begins(line, "<table"))
		put_table(page);
	else if (begins(line, "</table>"))
		(void)fputs("</table></div>\n", page->to);
	else if (begins(line, "</ul>"))
		end_list(page);
	else if (begins(line, "<p>") || begins(line, "<li>"))
		put_prose(page, line);
	else if (!page->listing)
		(void)fputs(line, page->to);
	return 0;
}

int report_html(FILE *body, const char *dir, FILE *to, struct err *err)
{
	cleanup(free) char *line = NULL;
	struct page page = {.dir = dir, .to = to, .err = err};
	size_t size = 0;
	int rc = 0;

	fprintf(to, "<header>\n<button id=\"theme\" type=\"button\" "
		    "hidden></button>\n");
	while (!rc && getline(&line, &size, body) > 0)
		rc = put_line(&page, line);
	put_sentence(&page);
	fprintf(to, "%s", page.main ? "</main>\n" : "</header>\n");
	return rc;
}
