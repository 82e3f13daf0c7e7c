/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's page: what of a drawing passes into it, and what becomes of its HTML. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/report/report_base64.h"
#include "bench/report/report_html.h"
#include "bench/report/report_section.h"
#include "bench/report/report_svg.h"
#include "tests/check.h"

/* --- base 64 --- */

/* The examples of RFC 4648, section 10. */
static void test_base64(void)
{
	static const char *const want[] = {"",	       "Zg==",	   "Zm8=",    "Zm9v",
					   "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};

	for (size_t i = 0; i < 7; i++) {
		char *got = NULL;
		size_t size = 0;
		FILE *to = open_memstream(&got, &size);

		report_base64("foobar", i, to);
		(void)fclose(to);
		CHECK_STR(got, want[i]);
		free(got);
	}
}

/* --- drawings --- */

static int draw(const char *text, char **ret, bool *plain)
{
	struct err err = {0};
	size_t size = 0;
	FILE *to = open_memstream(ret, &size);
	int rc = report_svg(text, "what it shows", 7, to, plain, &err);

	(void)fclose(to);
	return rc;
}

#define HEAD "<svg role=\"img\" aria-label=\"what it shows\" viewBox=\"0 0 9 9\">"

static void draws(const char *inside, const char *want)
{
	char text[1024], whole[1024], *got = NULL;
	bool plain = true;

	(void)snprintf(
		text, sizeof(text),
		"<?xml version='1.0'?>\n<svg width='9' viewBox='0 0 9 9'>%s</svg>\n",
		inside);
	(void)snprintf(whole, sizeof(whole), HEAD "%s</svg>", want);
	CHECK_INT(draw(text, &got, &plain), 0);
	CHECK_STR(got, whole);
	free(got);
}

static void refuses(const char *text)
{
	bool plain = false;
	char *got = NULL;

	CHECK_INT(draw(text, &got, &plain), -ENOTSUP);
	CHECK_STR(got, "");
	free(got);
}

static void test_drawing(void)
{
	draws("<path d='M1,2 h3' stroke-width=\"1.5\"/>",
	      "<path d=\"M1,2 h3\" stroke-width=\"1.5\"/>");
	draws("<g fill='none'>\n</g><g><rect x='1'/></g>", "<g><rect x=\"1\"/></g>");
	draws("<text>a &lt; b &amp; c & d</text>",
	      "<text>a &lt; b &amp; c &amp; d</text>");
	/* colours of the theme, whatever their form; names of its own */
	draws("<path stroke='rgb(  0, 114, 178)' fill='#FFFFFF' color='black'/>",
	      "<path stroke=\"var(--f-blue)\" fill=\"var(--f-paper)\" "
	      "color=\"var(--f-ink)\"/>");
	draws("<use xlink:href='#gpPt5' id='gpPt6' fill='currentColor'/>",
	      "<use href=\"#f7-gpPt5\" id=\"f7-gpPt6\" fill=\"currentColor\"/>");
	/* what gnuplot says about itself */
	draws("<title>plot 1</title><desc/><filter id='x'><feFlood/></filter>", "");
}

static void test_plain(void)
{
	bool plain = false;
	char *got = NULL;

	CHECK_INT(draw("<svg><rect fill='rgb(1,2,3)' stroke='rgb(0,0,0)'/></svg>", &got,
		       &plain),
		  0);
	CHECK(plain);
	CHECK(got && strstr(got, "fill=\"#010203\" stroke=\"#000000\""));
	free(got);
}

static void test_hostile_drawing(void)
{
	/* attributes that act, or lead away, do not pass */
	draws("<rect onload='alert(1)' style='x' class='y' id='theme' x='1'/>",
	      "<rect x=\"1\"/>");
	draws("<use xlink:href='http://a/b' href='x'/>", "<use/>");
	draws("<path fill='url(http://a/b)' d='M0' stroke='javascript:x'/>",
	      "<path d=\"M0\"/>");
	draws("<rect x='1&quot; onload=&quot;'/>", "<rect/>");
	draws("<rect stroke='rgb(1,2,999)' fill='rgb(1'/>", "<rect/>");
	/* elements that do refuse the whole */
	refuses("<svg><script>alert(1)</script></svg>");
	refuses("<svg><foreignObject/></svg>");
	refuses("<svg><style>*{}</style></svg>");
	refuses("<svg><a href='x'>y</a></svg>");
	refuses("<svg><image href='x'/></svg>");
	refuses("<svg></svg><rect/>");
	refuses("<svg></svg><svg></svg>");
	refuses("<svg></svg></div>");
	refuses("<svg><svg></svg></svg>");
	refuses("<svg><g>");
	refuses("<svg><title>never ends</svg>");
	refuses("<svg><rect x=1/></svg>");
	refuses("<svg><rect x='1/></svg>");
	refuses("no drawing");
	refuses("");
}

/* --- HTML --- */

static char *page_of(const char *body, const char *dir)
{
	FILE *from = fmemopen((void *)(uintptr_t)body, strlen(body), "r");
	char *got = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&got, &size);
	struct err err = {0};

	CHECK_INT(report_html(from, dir, to, &err), 0);
	(void)fclose(from);
	(void)fclose(to);
	return got;
}

static void page_has(const char *body, const char *want)
{
	char *got = page_of(body, "/nowhere");

	CHECK(got && strstr(got, want));
	if (!got || !strstr(got, want))
		printf("  not in: %s\n  want: %s\n", got, want);
	free(got);
}

#define TABLE                                                                        \
	"<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1 " \
	"[0, 2]</td>\n</tr>\n<tr>\n<td>1 [0, 2]</td>\n</tr>\n</tbody>\n</table>\n"

static void test_html(void)
{
	page_has("<h2>What could not run?</h2>\n",
		 "<h2 id=\"what-could-not-run\">What could not run?</h2>");
	page_has("<h3>CPU</h3>\n" TABLE, "<caption id=\"t1\">Table 1. CPU</caption>");
	page_has("<h3>CPU</h3>\n<p>As asked:</p>\n" TABLE,
		 "<caption id=\"t1\">Table 1. As asked</caption>");
	page_has("<p>As asked:</p>\n<p>x</p>\n", "<p>As asked:</p>\n<p>x</p>");
	page_has("<p>As asked:</p>\n", "<p>As asked:</p>\n");
	page_has(TABLE, "<th scope=\"col\">a</th>");
	page_has(TABLE, "<tr class=\"next\">\n<td>1&nbsp;[0,&nbsp;2]</td>\n</tr>\n"
			"<tr>\n<td>");
	page_has("<p>12 % slower [9 %, 14 %]</p>\n",
		 "12&nbsp;% slower&nbsp;[9&nbsp;%,&nbsp;14&nbsp;%]");
	page_has("<ul>\n<li><a href=\"#a\">A</a></li>\n</ul>\n<h2>A</h2>\n<ul>\n<li>x"
		 "</li>\n</ul>\n",
		 "</header>\n<nav aria-label=\"Contents\"><ul>\n<li><a "
		 "href=\"#a\">A</a></li>\n"
		 "</ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n<h2 id=\"a\">A</h2>\n"
		 "<ul>\n<li>x</li>\n</ul>\n</main>");
}

static void write_svg(const char *dir, const char *text)
{
	char path[64];
	FILE *to;

	(void)snprintf(path, sizeof(path), "%s/figures", dir);
	(void)mkdir(path, 0700);
	(void)snprintf(path, sizeof(path), "%s/figures/x.svg", dir);
	to = fopen(path, "we");
	CHECK(to != NULL);
	if (!to)
		return;
	(void)fputs(text, to);
	(void)fclose(to);
}

static void test_figure(void)
{
	static const char body[] = "<p><img src=\"figures/x.svg\" alt=\"a &lt; b\" />"
				   "</p>\n";
	char dir[] = "/tmp/tare-page-XXXXXX", path[64], *got;

	CHECK(mkdtemp(dir) != NULL);
	write_svg(dir, "<svg viewBox='0 0 1 1'><rect/></svg>");
	got = page_of(body, dir);
	CHECK(got && strstr(got, "<svg role=\"img\" aria-label=\"a &lt; b\" viewBox"));
	free(got);
	/* what is no drawing is shown as a picture, in which nothing runs */
	write_svg(dir, "<svg><script>alert(1)</script></svg>");
	got = page_of(body, dir);
	CHECK(got && strstr(got, "<img alt=\"a &lt; b\" "
				 "src=\"data:image/svg+xml;base64,PHN2Zz48c2Ny"));
	CHECK(got && !strstr(got, "<script"));
	free(got);
	(void)snprintf(path, sizeof(path), "%s/figures/x.svg", dir);
	CHECK_INT(unlink(path), 0);
	(void)snprintf(path, sizeof(path), "%s/figures", dir);
	CHECK_INT(rmdir(path), 0);
	CHECK_INT(rmdir(dir), 0);
}

/* --- contents and sections --- */

static void test_contents(void)
{
	char *got = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&got, &size);

	report_contents("## In short\n\ntext\n## Method\n\n### Could it, then?\n"
			"```\n## no heading\n```\n### I/O cost\n",
			to);
	(void)fclose(to);
	CHECK_STR(got, "- [In short](#in-short)\n- [Method](#method): [Could it, "
		       "then?](#could-it-then) · [I/O cost](#io-cost)\n\n");
	free(got);
}

/* Each section is whole, and no two have one heading: links go by it. */
static void test_sections(void)
{
	CHECK(report_section_nr > 10);
	for (size_t i = 0; i < report_section_nr; i++) {
		const struct report_section *section = report_sections[i];

		CHECK(section->write != NULL);
		CHECK(section->chapter >= 0 && section->chapter < CHAPTER_NR);
		for (size_t k = 0; k < i; k++)
			CHECK(!section->title || !report_sections[k]->title ||
			      strcmp(section->title, report_sections[k]->title) != 0);
	}
}

int main(void)
{
	test_base64();
	test_drawing();
	test_plain();
	test_hostile_drawing();
	test_html();
	test_figure();
	test_contents();
	test_sections();
	return check_done();
}
