/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG files name their colours, their fonts and their parts for themselves alone; inside
 * a page those must follow the theme and not collide.  What other programs drew from the
 * store's texts is read as hostile: an element or attribute passes by name or not at all.
 */
#include "bench/report/report_svg.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"

struct colour {
	const char *rgb, *variable; /* of page.css */
};
static const struct colour colours[] = {
	{"000000", "ink"},  {"ffffff", "paper"}, {"222222", "text"},  {"444444", "dim"},
	{"666666", "axis"}, {"e4e4e4", "grid"},	 {"d4d4d4", "floor"}, {"777777", "gray"},
	{"888888", "self"}, {"0072b2", "blue"},	 {"d55e00", "red"},   {"009e73", "green"},
	{"cc79a7", "pink"}, {"b07500", "gold"},	 {"56b4e9", "sky"},
};
static const char *const elements[] = {"svg",	 "g",	    "defs", "path",    "rect",
				       "circle", "ellipse", "line", "polygon", "polyline",
				       "text",	 "tspan",   "use",  NULL};
/* Left out with all that is inside. */
static const char *const skipped[] = {"title", "desc", "filter", NULL};
static const char *const attributes[] = {"cx",
					 "cy",
					 "d",
					 "dx",
					 "dy",
					 "fill",
					 "font-size",
					 "font-weight",
					 "font-style",
					 "height",
					 "points",
					 "r",
					 "rx",
					 "ry",
					 "stroke",
					 "stroke-dasharray",
					 "stroke-width",
					 "stroke-linecap",
					 "stroke-linejoin",
					 "text-anchor",
					 "transform",
					 "viewBox",
					 "width",
					 "x",
					 "x1",
					 "x2",
					 "y",
					 "y1",
					 "y2",
					 "color",
					 "fill-opacity",
					 "stroke-opacity",
					 NULL};

struct svg {
	const char *at;
	unsigned number;
	unsigned depth;
	bool themed, done; /* done: the root has been closed */
	const char *alt;
	FILE *to;
	char *pending; /* a <g …> that is written once it has something in it */
	struct err *err;
};

static bool is_among(const char *const *list, const char *name, size_t length)
{
	for (; *list; list++)
		if (strlen(*list) == length && !strncmp(*list, name, length))
			return true;
	return false;
}

static int refuse(const struct svg *svg, const char *what, const char *name,
		  size_t length)
{
	return err_fail(svg->err, ENOTSUP, "%s '%.*s' is no part of a drawing", what,
			(int)(length > 40 ? 40 : length), name);
}

/* --- values --- */

/* "rgb(  0, 114, 178)", "#0072B2", "black" → "0072b2"; false: no such colour. */
static bool read_rgb(const char *value, char rgb[static 8])
{
	unsigned red, green, blue;

	if (!strcmp(value, "black"))
		(void)snprintf(rgb, 8, "000000");
	else if (!strcmp(value, "white"))
		(void)snprintf(rgb, 8, "ffffff");
	else if ((sscanf(value, "rgb(%3u,%3u,%3u)", &red, &green, &blue) == 3 ||
		  (value[0] == '#' && strlen(value) == 7 &&
		   sscanf(value, "#%2x%2x%2x", &red, &green, &blue) == 3)) &&
		 red < 256 && green < 256 && blue < 256)
		(void)snprintf(rgb, 8, "%02x%02x%02x", red, green, blue);
	else
		return false;
	return true;
}

static bool is_word(const char *value)
{
	return !strcmp(value, "none") || !strcmp(value, "currentColor");
}

static const char *variable_of(const char *value)
{
	char rgb[8];

	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (read_rgb(value, rgb) && !strcmp(rgb, colours[i].rgb))
			return colours[i].variable;
	return NULL;
}

static bool is_colour(const char *name)
{
	return !strcmp(name, "fill") || !strcmp(name, "stroke") || !strcmp(name, "color");
}

/* Numbers, lists of them, transforms, words: nothing that could name a resource. */
static bool is_plain(const char *value)
{
	return !strcasestr(value, "url") &&
	       value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789 .,+-()%#\t\r\n")] == '\0';
}

static void put_colour(const struct svg *svg, const char *name, const char *value,
		       FILE *to)
{
	const char *variable = svg->themed ? variable_of(value) : NULL;
	char rgb[8];

	if (variable)
		fprintf(to, " %s=\"var(--f-%s)\"", name, variable);
	else if (read_rgb(value, rgb))
		fprintf(to, " %s=\"#%s\"", name, rgb);
	else if (is_word(value))
		fprintf(to, " %s=\"%s\"", name, value);
}

/* Only names that marks are drawn by: "#gpPt6". */
static bool is_mark(const char *value)
{
	return *value &&
	       value[strspn(value, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static void put_attribute(const struct svg *svg, const char *name, const char *value,
			  FILE *to)
{
	if (is_colour(name))
		put_colour(svg, name, value, to);
	else if (!strcmp(name, "id") && is_mark(value) && !strncmp(value, "gp", 2))
		fprintf(to, " id=\"f%u-%s\"", svg->number, value);
	else if (!strcmp(name, "xlink:href") && value[0] == '#' && is_mark(value + 1))
		fprintf(to, " href=\"#f%u-%s\"", svg->number, value + 1);
	else if (is_among(attributes, name, strlen(name)) && is_plain(value))
		fprintf(to, " %s=\"%s\"", name, value);
}

/* --- tags --- */

#define TAG_MAX 48

/* One attribute at svg->at, which it passes; false: none is left. */
static int put_next(struct svg *svg, bool root, FILE *to, bool *more)
{
	size_t blanks = strspn(svg->at, " \t\r\n"), length;
	cleanup(free) char *value = NULL;
	char name[TAG_MAX], quote;
	const char *end;

	svg->at += blanks;
	*more = *svg->at != '/' && *svg->at != '>' && *svg->at;
	if (!*more)
		return 0;
	length = strcspn(svg->at, " =\t\r\n/>");
	if (!length || length >= sizeof(name))
		return refuse(svg, "attribute", svg->at, length);
	(void)snprintf(name, sizeof(name), "%.*s", (int)length, svg->at);
	svg->at += length;
	svg->at += strspn(svg->at, " =\t\r\n");
	quote = *svg->at;
	end = quote == '"' || quote == '\'' ? strchr(svg->at + 1, quote) : NULL;
	if (!end)
		return refuse(svg, "attribute", name, length);
	value = strndup(svg->at + 1, (size_t)(end - svg->at - 1));
	svg->at = end + 1;
	if (!value)
		return err_fail(svg->err, ENOMEM, "no memory for a figure");
	/* The page sizes the whole; it needs the view box alone. */
	if (!root || !strcmp(name, "viewBox"))
		put_attribute(svg, name, value, to);
	return 0;
}

static int put_attributes(struct svg *svg, bool root, FILE *to)
{
	bool more = true;
	int rc = 0;

	while (!rc && more)
		rc = put_next(svg, root, to, &more);
	return rc;
}

static void flush_pending(struct svg *svg)
{
	if (svg->pending)
		(void)fputs(svg->pending, svg->to);
	free(svg->pending);
	svg->pending = NULL;
}

static int put_open(struct svg *svg, const char *name, size_t length)
{
	bool root = !svg->depth, group = length == 1;
	cleanup(free) char *tag = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&tag, &size);
	int rc;

	if (!to)
		return err_fail(svg->err, ENOMEM, "no memory for a figure");
	fprintf(to, "<%.*s", (int)length, name);
	if (root)
		fprintf(to, " role=\"img\" aria-label=\"%s\"", svg->alt);
	rc = put_attributes(svg, root, to);
	fprintf(to, "%s>", *svg->at == '/' ? "/" : "");
	if (fclose(to))
		return err_fail(svg->err, ENOMEM, "no memory for a figure");
	if (rc)
		return rc;
	flush_pending(svg);
	svg->depth += *svg->at != '/';
	if (group && *svg->at != '/')
		svg->pending = take_ptr(tag);
	else
		(void)fputs(tag, svg->to);
	return 0;
}

static int put_close(struct svg *svg, const char *name, size_t length)
{
	if (!svg->depth)
		return refuse(svg, "element", name, length);
	svg->depth--;
	svg->done = !svg->depth;
	if (svg->pending) { /* an empty group */
		free(svg->pending);
		svg->pending = NULL;
		return 0;
	}
	fprintf(svg->to, "</%.*s>", (int)length, name);
	return 0;
}

/* "<title>…</title>": after it. */
static int skip_element(struct svg *svg, const char *name, size_t length)
{
	const char *end = strchr(name, '>');
	char close[TAG_MAX];

	if (end && end[-1] == '/') {
		svg->at = end + 1;
		return 0;
	}
	(void)snprintf(close, sizeof(close), "</%.*s>", (int)length, name);
	end = strstr(name, close);
	if (!end)
		return refuse(svg, "element", name, length);
	svg->at = end + strlen(close);
	return 0;
}

static bool is_svg(const char *name, size_t length)
{
	return length == strlen("svg") && !strncmp(name, "svg", length);
}

static int put_tag(struct svg *svg)
{
	bool closing = svg->at[1] == '/';
	const char *name = svg->at + 1 + closing;
	size_t length = strcspn(name, " \t\r\n/>");
	int rc;

	if (!closing && is_among(skipped, name, length))
		return skip_element(svg, name, length);
	if (!is_among(elements, name, length) || svg->done ||
	    (!closing && !svg->depth != is_svg(name, length)))
		return refuse(svg, "element", name, length);
	svg->at = name + length;
	rc = closing ? put_close(svg, name, length) : put_open(svg, name, length);
	svg->at += strspn(svg->at, " \t\r\n/");
	if (!rc && *svg->at != '>')
		return refuse(svg, "element", name, length);
	svg->at += !rc;
	return rc;
}

static bool is_entity(const char *at)
{
	static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strncmp(at, known[i], strlen(known[i])))
			return true;
	return at[1] == '#' && isdigit((unsigned char)at[2]);
}

static void put_text(struct svg *svg)
{
	const char *end = svg->at + strcspn(svg->at, "<");
	bool blank = svg->at + strspn(svg->at, " \t\r\n") == end;

	if (!blank)
		flush_pending(svg);
	for (; !blank && svg->at < end; svg->at++) {
		if (*svg->at == '&' && !is_entity(svg->at))
			(void)fputs("&amp;", svg->to);
		else
			(void)fputc(*svg->at == '\n' ? ' ' : *svg->at, svg->to);
	}
	svg->at = end;
}

/* Every colour of the figure is one of the theme's. */
static bool is_themed(const char *text)
{
	for (const char *at = text; (at = strstr(at, "rgb("));) {
		char value[32];

		(void)snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\"'"), at);
		if (!variable_of(value))
			return false;
		at += 4;
	}
	return true;
}

static int put_all(struct svg *svg)
{
	int rc = 0;

	while (!rc && *svg->at) {
		if (!strncmp(svg->at, "<!--", 4)) {
			const char *end = strstr(svg->at, "-->");

			svg->at = end ? end + 3 : svg->at + strlen(svg->at);
		} else if (*svg->at == '<') {
			rc = put_tag(svg);
		} else {
			put_text(svg);
		}
	}
	return rc;
}

int report_svg(const char *text, const char *alt, unsigned number, FILE *to, bool *plain,
	       struct err *err)
{
	cleanup(free) char *whole = NULL;
	size_t size = 0;
	struct svg svg = {.at = strstr(text, "<svg"),
			  .number = number,
			  .themed = is_themed(text),
			  .alt = alt,
			  .to = open_memstream(&whole, &size),
			  .err = err};
	int rc;

	if (!svg.to)
		return err_fail(err, ENOMEM, "no memory for a figure");
	rc = svg.at ? put_all(&svg) : 0;
	if (!rc && !svg.done)
		rc = err_fail(err, ENOTSUP, "there is no whole <svg> in it");
	free(svg.pending);
	if (fclose(svg.to) && !rc)
		rc = err_fail(err, ENOMEM, "no memory for a figure");
	if (rc)
		return rc;
	*plain = !svg.themed;
	(void)fwrite(whole, 1, size, to);
	return 0;
}
