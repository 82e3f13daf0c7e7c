/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report from its sections: chapters, headings, contents. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/report/report_study.h"

struct chapter {
	const char *title;
	const char *unknown; /* where no section has an answer; NULL: none is expected */
};

static const struct chapter chapters[CHAPTER_NR] = {
	[CHAPTER_EFFICIENCY] = {"Efficiency",
				"No ratio of this run tells what a platform costs."},
	[CHAPTER_CONTROL] = {"Resource control",
			     "This run says nothing about how well limits hold."},
	[CHAPTER_EQUIVALENCE] = {"Equivalence",
				 "This run did not compare what programs find on each "
				 "platform."},
	[CHAPTER_AROUND] = {"Before and around the work",
			    "This run says nothing about starts, memory, density or "
			    "neighbours."},
	[CHAPTER_CLAIMS] = {"Published claims", NULL},
	[CHAPTER_METHOD] = {"Method", NULL},
	[CHAPTER_ENVIRONMENT] = {"Environment", NULL},
	[CHAPTER_DATA] = {"Raw data", NULL},
	[CHAPTER_LIMITS] = {"Limits", NULL},
};

/* --- sections --- */

/* What the section writes, in memory: ret is malloc'ed. */
static int section_text(const struct report *report, const struct report_section *section,
			char **ret, struct err *err)
{
	cleanup(free) char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	int rc;

	if (!to)
		return err_fail(err, errno, "no memory for the report");
	rc = section->write(report_of(report, section), to, err);
	if (fclose(to) && !rc)
		rc = err_fail(err, errno, "no memory for the report");
	if (rc)
		return rc;
	*ret = text;
	text = NULL;
	return 0;
}

/* alone: no section of the chapter writes anything; then what is absent is not listed. */
static int put_section(const struct report *report, const struct report_section *section,
		       bool alone, FILE *to, struct err *err)
{
	cleanup(free) char *text = NULL;
	int rc = section_text(report, section, &text, err);

	if (rc || (!text[0] && (!section->absent || alone)))
		return rc;
	if (section->title)
		fprintf(to, "### %s\n\n", section->title);
	if (!text[0])
		fprintf(to, "%s\n\n", section->absent);
	else
		report_put_origin(report, report_of(report, section), to);
	(void)fputs(text, to);
	return 0;
}

/* --- chapters --- */

/* What another run says is marked. */
static void put_answer(const struct report *report, const struct report_section *section,
		       FILE *to)
{
	const struct report *of = report_of(report, section);
	cleanup(free) char *text = NULL;
	size_t size = 0;
	FILE *answer = open_memstream(&text, &size);

	if (!answer)
		return;
	section->answer(of, answer);
	if (fclose(answer) || !size)
		return;
	if (of != report)
		fprintf(to, "Run %lld: ", (long long)of->run);
	(void)fputs(text, to);
}

int report_opening(const struct report *report, enum report_chapter chapter, FILE *to,
		   struct err *err)
{
	cleanup(free) char *text = NULL;
	size_t size = 0;
	FILE *answer = open_memstream(&text, &size);

	for (size_t i = 0; answer && i < report_section_nr; i++)
		if (report_sections[i]->chapter == chapter && report_sections[i]->answer)
			put_answer(report, report_sections[i], answer);
	if (!answer || fclose(answer))
		return err_fail(err, errno, "no memory for the report");
	while (size && text[size - 1] == ' ')
		size--;
	if (size)
		fprintf(to, "%.*s\n\n", (int)size, text);
	return 0;
}

static int is_empty(const struct report *report, enum report_chapter chapter, bool *ret,
		    struct err *err)
{
	*ret = true;
	for (size_t i = 0; *ret && i < report_section_nr; i++) {
		cleanup(free) char *text = NULL;
		int rc = report_sections[i]->chapter == chapter
				 ? section_text(report, report_sections[i], &text, err)
				 : 0;

		if (rc)
			return rc;
		*ret = !text || !text[0];
	}
	return 0;
}

static int put_opening(const struct report *report, enum report_chapter chapter, FILE *to,
		       struct err *err)
{
	long before = ftell(to);
	int rc = report_opening(report, chapter, to, err);

	if (!rc && ftell(to) == before && chapters[chapter].unknown)
		fprintf(to, "%s\n\n", chapters[chapter].unknown);
	return rc;
}

static int put_chapter(const struct report *report, enum report_chapter chapter, FILE *to,
		       struct err *err)
{
	bool alone;
	int rc = is_empty(report, chapter, &alone, err);

	fprintf(to, "## %s\n\n", chapters[chapter].title);
	if (!rc)
		rc = put_opening(report, chapter, to, err);
	for (size_t i = 0; !rc && i < report_section_nr; i++)
		if (report_sections[i]->chapter == chapter)
			rc = put_section(report, report_sections[i], alone, to, err);
	return rc;
}

int report_chapters(const struct report *report, FILE *to, struct err *err)
{
	int rc = 0;

	for (int i = 0; !rc && i < CHAPTER_NR; i++)
		rc = put_chapter(report, (enum report_chapter)i, to, err);
	return rc;
}

/* --- contents --- */

/* "What could not run" → "what-could-not-run", as GitHub names a heading. */
static void put_anchor(const char *title, size_t length, FILE *to)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)title[i];

		if (isalnum(c) || c == '_')
			(void)fputc(tolower(c), to);
		else if (c == ' ' || c == '-')
			(void)fputc('-', to);
	}
}

static void put_link(const char *title, FILE *to)
{
	size_t length = strcspn(title, "\n");

	fprintf(to, "[%.*s](#", (int)length, title);
	put_anchor(title, length, to);
	fprintf(to, ")");
}

void report_contents(const char *markdown, FILE *to)
{
	bool code = false;
	size_t level = 0;

	for (const char *line = markdown; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, "```", 3))
			code = !code;
		if (code ||
		    (strncmp(line, "## ", 3) != 0 && strncmp(line, "### ", 4) != 0))
			continue;
		if (line[2] == ' ')
			fprintf(to, "%s- ", level ? "\n" : "");
		else
			fprintf(to, "%s", level == 2 ? ": " : " · ");
		level = line[2] == ' ' ? 2 : 3;
		put_link(line + level + 1, to);
	}
	fprintf(to, "%s", level ? "\n\n" : "");
}
