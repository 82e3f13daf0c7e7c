/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of guests on its way into a report, numbers on their way into words. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/utf8.h"
#include "bench/figure/figure.h"
#include "bench/report/report_words.h"
#include "bench/results/verdict.h"
#include "tests/check.h"

/* --- escaping --- */

static void escapes(const char *text, const char *want)
{
	char *got = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&got, &size);

	CHECK(to != NULL);
	if (!to)
		return;
	report_escape(to, text);
	(void)fclose(to);
	CHECK_STR(got, want);
	free(got);
}

static void test_escape(void)
{
	escapes("plain text, 12.5 % (of it)", "plain text, 12.5 % (of it)");
	escapes("a|b", "a\\|b");
	escapes("<script>", "\\<script>");
	escapes("![x](y)", "![x\\](y)");
	escapes("[95 %] of", "[95 %] of");
	escapes("`*x*` ~ $y$", "\\`\\*x\\*\\` \\~ \\$y\\$");
	escapes("memory.limit_in_bytes", "memory.limit_in_bytes");
	escapes("_x_", "\\_x\\_");
	escapes("a & b", "a &amp; b");
	escapes("\\", "\\\\");
	escapes("one\ntwo\tthree", "one two three");
	escapes("bell\a", "bell?");
	escapes("±µ–", "±µ–");
}

static void test_visible(void)
{
	CHECK_INT(utf8_visible("a"), 1);
	CHECK_INT(utf8_visible("\xc2\xb5"), 2);
	CHECK_INT(utf8_visible("\xe2\x80\x93"), 3);
	CHECK_INT(utf8_visible("\xf0\x9f\x98\x80"), 4);
	/* cut short, overlong, a surrogate, beyond Unicode, no first byte */
	CHECK_INT(utf8_visible("\xc2"), 0);
	CHECK_INT(utf8_visible("\xe2\x80"), 0);
	CHECK_INT(utf8_visible("\xc0\xaf"), 0);
	CHECK_INT(utf8_visible("\xe0\x80\xaf"), 0);
	CHECK_INT(utf8_visible("\xed\xa0\x80"), 0);
	CHECK_INT(utf8_visible("\xf4\x90\x80\x80"), 0);
	CHECK_INT(utf8_visible("\x80"), 0);
	CHECK_INT(utf8_visible("\xff"), 0);
	/* escape, C1 control, right-to-left override, zero width, byte order mark */
	CHECK_INT(utf8_visible("\x1b[31m"), 0);
	CHECK_INT(utf8_visible("\xc2\x9b"), 0);
	CHECK_INT(utf8_visible("\xe2\x80\xae"), 0);
	CHECK_INT(utf8_visible("\xe2\x80\x8b"), 0);
	CHECK_INT(utf8_visible("\xef\xbb\xbf"), 0);
}

/* --- words --- */

static struct stats_ratio ratio(double low, double middle, double high)
{
	return (struct stats_ratio){.ratio = middle,
				    .low = low,
				    .high = high,
				    .half_width = log(high / low) / 2,
				    .blocks = 100,
				    .epochs = 8};
}

static void says_ratio(struct stats_ratio stats, const char *want)
{
	char text[WORDS_MAX];

	CHECK_STR(words_ratio(&stats, text), want);
}

static void says_effect(struct stats_ratio stats, const char *want)
{
	char text[WORDS_MAX];

	CHECK_STR(words_effect(&stats, text), want);
}

static void test_ratio(void)
{
	says_ratio(ratio(0.862, 0.8838, 0.912), "0.884 [0.862, 0.912]");
	says_ratio(ratio(0.99875, 0.99913, 0.9995), "0.99913 [0.99875, 0.99950]");
	says_ratio(ratio(0.5, 0.9, 1.7), "0.90 [0.50, 1.70]");
	says_ratio(ratio(0.0113, 0.0168, 0.0196), "0.0168 [0.0113, 0.0196]");
	says_ratio(ratio(1, 1, 1), "1.00000 [1.00000, 1.00000]");
}

static void test_effect(void)
{
	says_effect(ratio(0.862, 0.8838, 0.912), "11.6 % slower [8.8 %, 13.8 %]");
	says_effect(ratio(1.01, 1.02, 1.03), "2.0 % faster [1.0 %, 3.0 %]");
	says_effect(ratio(0.998, 0.999, 0.9995), "0.10 % slower [0.05 %, 0.20 %]");
	says_effect(ratio(0.6, 0.75, 0.9), "25 % slower [10 %, 40 %]");
	says_effect(ratio(0.1, 0.125, 0.2), "8.0 times slower [5.0, 10.0]");
	says_effect(ratio(0.01, 0.02, 0.04), "50 times slower [25, 100]");
	says_effect(ratio(2, 4, 5), "4.0 times faster [2.0, 5.0]");
}

static void says_value(double value, const char *unit, const char *want)
{
	char text[WORDS_MAX];

	CHECK_STR(words_value(value, unit, text), want);
}

static void test_value(void)
{
	says_value(5.847, "ns/op", "5.85 ns");
	says_value(25730, "ns/op", "25.7 µs");
	says_value(3778000, "ns/op", "3.78 ms");
	says_value(5e9, "ns/op", "5.00 s");
	says_value(999.7, "ns/op", "1 µs");
	says_value(18570, "IOPS", "18.6 k IOPS");
	says_value(42, "IOPS", "42.0 IOPS");
	says_value(1.266e9, "B/s", "1.27 GB/s");
	says_value(NAN, "B/s", "–");
}

/* --- verdicts --- */

static void verdict_is(struct stats_ratio stats, double floor, const char *want)
{
	struct result result = {.known = true, .stats = stats, .floor = floor};
	char text[VERDICT_MAX];

	CHECK_STR(verdict_text(&result, text), want);
}

static void test_verdict(void)
{
	struct result none = {.why = "no sample is ok", .floor = NAN};
	char text[VERDICT_MAX];

	verdict_is(ratio(0.99, 0.998, 1.01), 0.009, "below noise (floor ±0.90 %)");
	verdict_is(ratio(0.985, 0.998, 0.9995), 0.15, "below noise (floor ±15 %)");
	verdict_is(ratio(0.97, 0.985, 1.002), 0.005, "no difference seen (±1.6 %)");
	verdict_is(ratio(0.862, 0.8838, 0.912), 0.03, "11.6 % slower");
	verdict_is(ratio(0.862, 0.8838, 0.912), NAN, "11.6 % slower");
	verdict_is(ratio(1.1, 1.3, 1.4), 0.03, "30 % faster");
	verdict_is(ratio(0.01, 0.02, 0.04), 0.03, "50 times slower");
	verdict_is(ratio(0.1, 0.125, 0.2), 0.03, "8.0 times slower");
	/* Neither a difference nor its absence. */
	verdict_is(ratio(0.037, 0.23, 1.54), 0.08, "undecided (0.037 to 1.5)");
	verdict_is(ratio(0.6, 1.001, 1.7), 0.02, "undecided (0.6 to 1.7)");
	CHECK_STR(verdict_text(&none, text), "no ratio: no sample is ok");
	CHECK(!verdict_stands_out(&none) && !verdict_undecided(&none));
}

/* --- effects of a platform --- */

static struct result cell(const char *label, const char *family, struct stats_ratio stats)
{
	return (struct result){.label = (char *)(uintptr_t)label,
			       .family = (char *)(uintptr_t)family,
			       .platform = (char *)(uintptr_t) "cgroup",
			       .path = (char *)(uintptr_t) "host",
			       .role = (char *)(uintptr_t) "platform",
			       .known = true,
			       .stats = stats,
			       .floor = 0.01};
}

static void test_effects(void)
{
	struct result list[] = {
		cell("null", "control", ratio(0.5, 0.6, 0.7)),
		cell("small", "cpu", ratio(0.96, 0.97, 0.98)),
		cell("none", "cpu", ratio(0.99, 1.0, 1.01)),
		cell("large", "memory", ratio(0.8, 0.85, 0.9)),
		cell("wide", "memory", ratio(0.2, 0.6, 1.8)),
		cell("other", "disk", ratio(0.2, 0.3, 0.4)),
	};
	struct report report = {.results = {.list = list, .nr = 6}};
	struct effects effects;

	words_effects(&report, "cgroup", false, &effects);
	CHECK_INT(effects.cells, 4);
	CHECK_INT(effects.undecided, 1);
	CHECK_INT(effects.nr, 2);
	CHECK_STR(effects.nr ? effects.list[0]->label : "", "large");
	words_effects(&report, "cgroup:host", true, &effects);
	CHECK_INT(effects.cells, 1);
	words_effects(&report, "cgroup:host", false, &effects);
	CHECK_INT(effects.cells, 0);
}

static void test_span(void)
{
	char text[48];

	CHECK_STR(figure_span(3, 3, text), "3");
	CHECK_STR(figure_span(3, 14, text), "3–14");
}

int main(void)
{
	test_escape();
	test_visible();
	test_ratio();
	test_effect();
	test_value();
	test_verdict();
	test_effects();
	test_span();
	return check_done();
}
