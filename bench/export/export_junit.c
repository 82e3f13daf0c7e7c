/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JUnit's XML: a testcase a ratio, in one testsuite. */
#include <string.h>

#include "bench/export/export.h"
#include "bench/results/verdict.h"

/* XML 1.0 has no way to write control characters. */
static void put(const char *text, FILE *to)
{
	char one[EXPORT_CHARACTER_MAX];

	while (*text) {
		text += export_next(text, one);
		fputs(one[0] == '<'   ? "&lt;"
		      : one[0] == '>' ? "&gt;"
		      : one[0] == '&' ? "&amp;"
		      : one[0] == '"' ? "&quot;"
				      : one,
		      to);
	}
}

static void put_case(const struct result *result, FILE *to)
{
	static const char *const elements[] = {
		[EXPORT_FAILED] = "failure", [EXPORT_SKIPPED] = "skipped"};
	char reason[EXPORT_TEXT_MAX], platform[EXPORT_TEXT_MAX], says[VERDICT_MAX];
	enum export_state state = export_check(result, reason);

	export_platform(result, platform);
	fputs("  <testcase classname=\"", to);
	put(platform, to);
	fputs("\" name=\"", to);
	put(result->label, to);
	fputs("\">\n", to);
	if (state != EXPORT_PASSED) {
		fprintf(to, "    <%s message=\"", elements[state]);
		put(reason, to);
		fputs("\"/>\n", to);
	}
	fputs("    <system-out>", to);
	if (result->known)
		fprintf(to, "%.4f [%.4f, %.4f] ", result->stats.ratio, result->stats.low,
			result->stats.high);
	put(verdict_text(result, says), to);
	fputs("</system-out>\n  </testcase>\n", to);
}

int export_junit(const struct export *run, FILE *to, struct err *err)
{
	size_t counts[3] = {0};
	char reason[EXPORT_TEXT_MAX];

	for (size_t i = 0; i < run->results->nr; i++)
		if (!export_is_baseline(&run->results->list[i]))
			counts[export_check(&run->results->list[i], reason)]++;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	      " <testsuite name=\"tare ",
	      to);
	put(run->suite, to);
	fputs("\" hostname=\"", to);
	put(run->host, to);
	fputs("\" timestamp=\"", to);
	put(run->started_utc, to);
	fprintf(to, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
		counts[EXPORT_PASSED] + counts[EXPORT_FAILED] + counts[EXPORT_SKIPPED],
		counts[EXPORT_FAILED], counts[EXPORT_SKIPPED]);
	for (size_t i = 0; i < run->results->nr; i++)
		if (!export_is_baseline(&run->results->list[i]))
			put_case(&run->results->list[i], to);
	fputs(" </testsuite>\n</testsuites>\n", to);
	return export_end(to, err);
}
