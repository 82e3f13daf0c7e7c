/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_REPORT_SECTION_H
#define TARE_REPORT_SECTION_H

/*
 * What a report is made of.  A section is one file that defines report_section_<name> and
 * one line in report_sections.def; its Markdown, its place in the page and the tables of
 * contents, and its figures follow from that.
 */
#include "bench/report/report.h"

/* In the order of the report. The first three are Popek and Goldberg's requirements of a
 * virtual machine (CACM 17(7), 1974). */
enum report_chapter {
	CHAPTER_EFFICIENCY,
	CHAPTER_CONTROL,
	CHAPTER_EQUIVALENCE,
	CHAPTER_AROUND, /* what a platform costs before and around the work */
	CHAPTER_CLAIMS,
	CHAPTER_METHOD,
	CHAPTER_ENVIRONMENT,
	CHAPTER_DATA,
	CHAPTER_LIMITS,
	CHAPTER_NR
};

#define REPORT_SECTION_FIGURES 4
struct report_section {
	enum report_chapter chapter;
	const char *title; /* of its "### " heading; NULL: it has none */
	/* What it is of: "density", "memcg", …; where the run has none, the newest run
	 * that has is taken (report_study.h). NULL: of the run alone. */
	const char *study;
	/* A sentence of the chapter's opening paragraph, from the data; ends in ". " or
	 * writes nothing.  NULL: it has none. */
	void (*answer)(const struct report *report, FILE *to);
	/* The Markdown below the heading, ends in an empty line.  Where it writes nothing
	 * there is no heading either. */
	int (*write)(const struct report *report, FILE *to, struct err *err);
	/* Written where `write` wrote nothing, but another section of the chapter did: a
	 * sentence on how to have it measured. NULL: then the section is left out. */
	const char *absent;
	/* Drawn before anything is written: figures/<name>.svg and .png. */
	int (*figures[REPORT_SECTION_FIGURES])(const struct report *report,
					       struct err *err);
};
extern const struct report_section *const report_sections[];
extern const size_t report_section_nr;

/* All chapters with all sections of each, in order. */
/* What the chapter's sections answer, in a paragraph; nothing where they know nothing. */
int report_opening(const struct report *report, enum report_chapter chapter, FILE *to,
		   struct err *err);
int report_chapters(const struct report *report, FILE *to, struct err *err);
/* "[Efficiency](#efficiency): [CPU](#cpu) · …", a line a chapter. */
void report_contents(const char *markdown, FILE *to);

#endif
