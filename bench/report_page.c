/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report_page.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "program.h"

#define IMAGE "<img src=\"figures/" /* as cmark writes ours */

/* Readable on paper, phone and desktop, light and dark. Figures keep a white ground and a
 * size at which they can be read; they and wide tables scroll on their own. */
static const char page_head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<title>What each platform costs – tare</title>\n<style>\n"
	":root{color-scheme:light dark;--ink:#1d2125;--dim:#57606a;--paper:#fff;"
	"--line:#d5dae0;--soft:#f4f6f8;--link:#0b5cad;--warn:#b34700;--warnbg:#fff6ee}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#dfe3e8;--dim:#9aa4af;"
	"--paper:#16191d;--line:#3a4149;--soft:#20252b;--link:#7db8f2;--warn:#ff9b54;"
	"--warnbg:#2a211a}}\n"
	"*{box-sizing:border-box}\n"
	"body{font:16px/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\","
	"sans-serif;color:var(--ink);background:var(--paper);max-width:76rem;margin:0 "
	"auto;"
	"padding:1.5rem 1.25rem 4rem;overflow-wrap:break-word}\n"
	"h1{font-size:1.9rem;line-height:1.2;margin:.2em 0 .6em}\n"
	"h2{font-size:1.35rem;margin:2.2em 0 .7em;padding-bottom:.25em;"
	"border-bottom:2px solid var(--line)}\nh3{font-size:1.08rem;margin:1.8em 0 "
	".6em}\n"
	"p,ul,blockquote{max-width:56rem}\nli{margin:.45em 0}\na{color:var(--link)}\n"
	"em{color:var(--dim)}\n"
	"table{border-collapse:collapse;display:block;width:max-content;max-width:100%;"
	"overflow-x:auto;font-size:.84rem;line-height:1.4;margin:1em 0 1.6em}\n"
	"th,td{padding:.3em .7em;text-align:left;"
	"vertical-align:top;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
	"th{white-space:normal;vertical-align:bottom}\n"
	"td.long{white-space:normal;min-width:18rem;max-width:33rem;overflow-wrap:"
	"anywhere}\n"
	"th{background:var(--soft)}table{border-bottom:1px solid var(--line)}\n"
	"tr.next td{border-top:1px solid var(--line)}tbody "
	"tr:hover{background:var(--soft)}\n"
	"td[align=right],th[align=right]{text-align:right}\n"
	"figure{margin:1.6em 0;overflow-x:auto}\n"
	"figure img{display:block;background:#fff;border:1px solid var(--line);"
	"border-radius:4px;width:100%;max-width:62.5rem;min-width:44rem;height:auto}\n"
	"figure.small img{width:auto;min-width:0;max-width:100%}\n"
	"code{font-family:ui-monospace,\"DejaVu Sans Mono\",monospace;font-size:.9em;"
	"background:var(--soft);padding:.1em .3em;border-radius:3px}\n"
	"pre{background:var(--soft);padding:.8rem "
	"1rem;overflow-x:auto;border-radius:4px}\n"
	"pre code{padding:0;background:none}\n"
	"blockquote{border-left:.35rem solid var(--warn);background:var(--warnbg);"
	"margin:1em 0;padding:.6em 1em}\nblockquote p{margin:0}\n"
	"@media print{body{max-width:none;font-size:11px}table{display:table;width:auto}"
	"figure{break-inside:avoid}figure img{min-width:0}}\n"
	"</style></head><body>\n";
static const char page_foot[] = "</body></html>\n";

/* --- one line of cmark's output --- */

static int put_base64(FILE *from, FILE *to)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char three[3];
	size_t got;

	while ((got = fread(three, 1, sizeof(three), from))) {
		unsigned long bits = (unsigned long)three[0] << 16 |
				     (got > 1 ? (unsigned long)three[1] << 8 : 0) |
				     (got > 2 ? three[2] : 0);

		for (size_t i = 0; i < 4; i++)
			(void)fputc(i > got ? '=' : digits[bits >> (18 - 6 * i) & 63],
				    to);
	}
	return ferror(from) ? -EIO : 0;
}

/* <p><img src="figures/x.svg" …></p> with the picture inside. Text of the report cannot
 * hold such a line: its < is escaped. */
static int put_image(const char *image, const char *dir, FILE *to, struct err *err)
{
	const char *name = image + strlen("<img src=\""), *end = strchr(name, '"');
	cleanup(file) FILE *picture = NULL;
	char path[PATH_MAX];

	if (!end)
		return err_fail(err, EIO, "cmark wrote an image without an end");
	(void)snprintf(path, sizeof(path), "%s/%.*s", dir, (int)(end - name), name);
	picture = fopen(path, "re");
	if (!picture)
		return err_fail(err, errno, "cannot read '%s': %m", path);
	fprintf(to, "<figure%s><img src=\"data:image/svg+xml;base64,",
		strstr(path, "/topology.") ? " class=\"small\"" : "");
	if (put_base64(picture, to))
		return err_fail(err, EIO, "cannot read '%s'", path);
	end++;
	fprintf(to, "\"%.*s</figure>\n", (int)strcspn(end, ">") + 1, end);
	return 0;
}

/* "<h2>What could not run</h2>" gets the id that GitHub gives it: what-could-not-run. */
static void put_heading(const char *line, FILE *to)
{
	fprintf(to, "%.3s id=\"", line);
	for (const char *c = line + 4; *c && *c != '<'; c++) {
		if (isalnum((unsigned char)*c))
			(void)fputc(tolower((unsigned char)*c), to);
		else if (*c == ' ' || *c == '-')
			(void)fputc('-', to);
	}
	fprintf(to, "\"%s", line + 3);
}

/* Where a page is being written: rows of a table belong together as long as their first
 * cell stays the same. */
struct page {
	const char *dir;
	FILE *to;
	bool row; /* <tr> has been read and not written */
	char first[256];
};

#define LONG_TEXT 56 /* characters of a cell that may break */

static void put_cell(struct page *page, const char *line)
{
	if (page->row && strncmp(page->first, line, sizeof(page->first) - 1) != 0)
		(void)fputs("<tr class=\"next\">\n", page->to);
	else if (page->row)
		(void)fputs("<tr>\n", page->to);
	if (page->row)
		(void)snprintf(page->first, sizeof(page->first), "%s", line);
	page->row = false;
	if (strlen(line) > LONG_TEXT + strlen("<td></td>") && line[3] == '>')
		fprintf(page->to, "<td class=\"long\"%s", line + 3);
	else
		(void)fputs(line, page->to);
}

static int put_line(struct page *page, const char *line, struct err *err)
{
	const char *image = strstr(line, IMAGE);

	if (image && !strncmp(line, "<p>", 3))
		return put_image(image, page->dir, page->to, err);
	if (!strncmp(line, "<td", 3))
		put_cell(page, line);
	else if (!strcmp(line, "<tr>\n"))
		page->row = true;
	else if (!strncmp(line, "<h2>", 4) || !strncmp(line, "<h3>", 4))
		put_heading(line, page->to);
	else {
		if (page->row)
			(void)fputs("<tr>\n", page->to);
		page->row = false;
		(void)fputs(line, page->to);
	}
	return 0;
}

static int put_body(FILE *body, const char *dir, FILE *to, struct err *err)
{
	cleanup(free) char *line = NULL;
	struct page page = {.dir = dir, .to = to};
	size_t size = 0;
	int rc = 0;

	while (!rc && getline(&line, &size, body) > 0)
		rc = put_line(&page, line, err);
	return rc;
}

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

int report_page(const char *markdown, const char *page, struct err *err)
{
	/* Tables are GitHub's extension to Markdown; raw HTML stays forbidden. */
	const char *const argv[] = {"cmark-gfm", "--extension", "table", markdown, NULL};
	cleanup(file) FILE *body = NULL;
	cleanup(file) FILE *to = NULL;
	char part[PATH_MAX], dir[PATH_MAX];
	int rc;

	(void)snprintf(part, sizeof(part), "%s.body", page);
	folder_of(markdown, dir);
	rc = program_run(&(struct program){.argv = argv, .output = part}, err);
	if (rc)
		return rc;
	body = fopen(part, "re");
	(void)unlink(part);
	to = fopen(page, "we");
	if (!body || !to)
		return err_fail(err, errno, "cannot write '%s': %m", page);
	(void)fputs(page_head, to);
	rc = put_body(body, dir, to, err);
	(void)fputs(page_foot, to);
	if (!rc && (fflush(to) || ferror(to) || ferror(body)))
		rc = err_fail(err, EIO, "cannot write '%s'", page);
	return rc;
}

/* --- the copy elsewhere --- */

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
