/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/report/report_page.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/agent/sha256.h"
#include "bench/base/cleanup.h"
#include "bench/base/program.h"
#include "bench/report/report_assets.h"
#include "bench/report/report_base64.h"
#include "bench/report/report_html.h"

/* 'sha256-…' of a text, as Content Security Policy names what may run. */
static void put_hash(const char *text, FILE *to)
{
	uint8_t digest[SHA256_BYTES];
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, text, strlen(text));
	sha256_final(&sha, digest);
	fprintf(to, "'sha256-");
	report_base64(digest, sizeof(digest), to);
	fprintf(to, "'");
}

/* Nothing is fetched, whatever the page holds; only our own style and script act, known
 * by their hashes; pictures are inside. */
static void put_policy(FILE *to)
{
	fprintf(to, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		    "'none'; img-src data:; base-uri 'none'; form-action 'none'; "
		    "style-src ");
	put_hash(report_css, to);
	fprintf(to, "; script-src ");
	put_hash(report_js, to);
	fprintf(to, "\">\n");
}

static void put_head(FILE *to)
{
	fprintf(to,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
	put_policy(to);
	fprintf(to,
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
		"dark\">\n<title>What each platform costs – tare</title>\n<style>%s"
		"</style></head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the "
		"answer</a>\n",
		report_css);
}

static void put_foot(FILE *to)
{
	fprintf(to,
		"<footer><p>Written by tare out of its store; this file needs no other "
		"and fetches nothing.</p></footer>\n<script>%s</script>\n"
		"</body></html>\n",
		report_js);
}

static void folder_of(const char *file, char to[static PATH_MAX])
{
	const char *slash = strrchr(file, '/');

	(void)snprintf(to, PATH_MAX, "%.*s", slash ? (int)(slash - file) : 1,
		       slash ? file : ".");
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
	put_head(to);
	rc = report_html(body, dir, to, err);
	put_foot(to);
	if (!rc && (fflush(to) || ferror(to) || ferror(body)))
		rc = err_fail(err, EIO, "cannot write '%s'", page);
	return rc;
}
