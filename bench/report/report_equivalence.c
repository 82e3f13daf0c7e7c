/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Popek and Goldberg's first property: does a program find what it finds on the host? */
#include <string.h>

#include "bench/compare/equivalence_words.h"
#include "bench/report/report.h"
#include "bench/report/report_section.h"

CLEANUP_DEFINE(traits, struct equivalence_table *, equivalence_release)

static void put_place(const struct equivalence_row *row, FILE *to)
{
	report_escape(to, row->platform);
	fprintf(to, "%s", row->path[0] ? ":" : "");
	report_escape(to, row->path);
	fprintf(to, "%s", row->emulated ? " (emulated)" : "");
}

static void answer_equivalence(const struct report *report, FILE *to)
{
	struct equivalence_table traits = {0};
	cleanup(traits) struct equivalence_table *guard = &traits;
	struct err ignored = {0};

	if (equivalence_load(report->store, report->run, guard, &ignored))
		return;
	fprintf(to, "Beside ");
	report_escape(to, traits.baseline);
	fprintf(to, ", a program finds different or missing: ");
	for (size_t from = 0, next; from < traits.nr; from = next) {
		size_t count[EQUIVALENCE_NR];

		next = equivalence_place(&traits, from, count);
		fprintf(to, "%s", from ? "; " : "");
		put_place(&traits.list[from], to);
		fprintf(to, " %zu and %zu of %zu traits", count[EQUIVALENCE_DIFFERENT],
			count[EQUIVALENCE_MISSING], next - from);
	}
	fprintf(to, ". ");
}

static void put_row(const struct equivalence_row *row, FILE *to)
{
	char base[EQUIVALENCE_TEXT_MAX], here[EQUIVALENCE_TEXT_MAX];

	equivalence_values(row, base, here);
	fprintf(to, "| ");
	put_place(row, to);
	fprintf(to, " | ");
	report_escape(to, row->group);
	fprintf(to, " ");
	report_escape(to, row->name);
	fprintf(to, " | %s | ", equivalence_name(row->verdict));
	report_escape(to, base);
	fprintf(to, " | ");
	report_escape(to, here);
	fprintf(to, " |\n");
}

static int write_equivalence(const struct report *report, FILE *to, struct err *err)
{
	struct equivalence_table traits = {0};
	cleanup(traits) struct equivalence_table *guard = &traits;
	int rc = equivalence_load(report->store, report->run, guard, err);

	if (rc == -ENODATA) {
		err_clear(err);
		return 0;
	}
	if (rc)
		return rc;
	fprintf(to,
		"What is the same is left out. System calls were made with arguments "
		"that every kernel refuses: a call is *reached* where the refusal is the "
		"kernel's own, and missing where it is ENOSYS, EPERM or a signal. Files "
		"were opened and not read. Features of a path's file system were tried "
		"on a file of their own.\n\n"
		"| platform | trait | verdict | baseline | here |\n"
		"|---|---|---|---|---|\n");
	for (size_t i = 0; i < traits.nr; i++)
		if (traits.list[i].verdict != EQUIVALENCE_SAME)
			put_row(&traits.list[i], to);
	fprintf(to, "\n");
	return 0;
}

const struct report_section report_section_equivalence = {
	.chapter = CHAPTER_EQUIVALENCE,
	.title = "What a program finds",
	.answer = answer_equivalence,
	.write = write_equivalence,
};
