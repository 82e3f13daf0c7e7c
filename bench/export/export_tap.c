/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Test Anything Protocol, version 13: a test a ratio. */
#include "bench/export/export.h"
#include "bench/results/verdict.h"

/* '#' begins a directive, a backslash takes that back. */
static void put(const char *text, FILE *to)
{
	char one[EXPORT_CHARACTER_MAX];

	while (*text) {
		text += export_next(text, one);
		fprintf(to, "%s%s", one[0] == '#' || one[0] == '\\' ? "\\" : "", one);
	}
}

/* YAML between single quotes, which are doubled inside. */
static void put_quoted(const char *key, const char *text, FILE *to)
{
	char one[EXPORT_CHARACTER_MAX];

	fprintf(to, "  %s: '", key);
	while (*text) {
		text += export_next(text, one);
		fprintf(to, "%s%s", one[0] == '\'' ? "'" : "", one);
	}
	fputs("'\n", to);
}

static void put_test(const struct result *result, size_t number, FILE *to)
{
	char reason[EXPORT_TEXT_MAX], platform[EXPORT_TEXT_MAX], says[VERDICT_MAX];
	enum export_state state = export_check(result, reason);

	export_platform(result, platform);
	fprintf(to, "%s %zu - ", state == EXPORT_FAILED ? "not ok" : "ok", number);
	put(result->label, to);
	fputs(" on ", to);
	put(platform, to);
	if (state == EXPORT_SKIPPED) {
		fputs(" # SKIP ", to);
		put(reason, to);
	}
	fputs("\n  ---\n", to);
	put_quoted("says", verdict_text(result, says), to);
	if (result->known)
		fprintf(to, "  ratio: %.6f\n  low: %.6f\n  high: %.6f\n",
			result->stats.ratio, result->stats.low, result->stats.high);
	if (state == EXPORT_FAILED)
		put_quoted("message", reason, to);
	fputs("  ...\n", to);
}

int export_tap(const struct export *run, FILE *to, struct err *err)
{
	size_t nr = 0, number = 0;

	for (size_t i = 0; i < run->results->nr; i++)
		nr += !export_is_baseline(&run->results->list[i]);
	fprintf(to, "TAP version 13\n1..%zu\n", nr);
	for (size_t i = 0; i < run->results->nr; i++)
		if (!export_is_baseline(&run->results->list[i]))
			put_test(&run->results->list[i], ++number, to);
	return export_end(to, err);
}
