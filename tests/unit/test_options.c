/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "bench/cmd/options.h"
#include "tests/check.h"

#define MANUAL "docs/tare.1"
#define MARK_BEGIN ".\\\" options: begin\n"
#define MARK_END ".\\\" options: end\n"

static int do_nothing(const struct options *options)
{
	(void)options;
	return 0;
}

static const struct command command = {
	.name = "try",
	.arguments = "RUN [RUN]",
	.summary = "try things",
	.help = "More.\n",
	.accepts = "store on budget seed format quiet resume samples",
	.run = do_nothing,
};

/* Splits "a b c" at blanks; a '_' stands for an empty word. */
static int parse(const char *line, struct options *ret, bool *ret_help, struct err *err)
{
	static char copy[512];
	static char *words[32];
	char *rest = copy;
	int nr = 0;

	(void)snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
		if (!strcmp(word, "_"))
			word[0] = '\0';
		words[nr++] = word;
	}
	words[nr] = NULL;
	return options_parse(&command, nr, words, ret, ret_help, err);
}

static void test_good(void)
{
	struct options options = {0};
	struct err err = {0};
	bool help = true;

	CHECK_INT(parse("--store a.db 3 --budget=90s --quiet --format json --seed 7 --on "
			"a:b "
			"last --resume 4 --samples",
			&options, &help, &err),
		  0);
	CHECK_STR(err.text, "");
	CHECK(!help);
	CHECK_STR(options.store, "a.db");
	CHECK_INT(options.argc, 2);
	CHECK_STR(options.argv[0], "3");
	CHECK_STR(options.argv[1], "last");
	CHECK(!options.argv[2]);
	CHECK_INT(options.budget_ns, 90000000000);
	CHECK(options.quiet && options.samples && options.resume);
	CHECK_STR(options.resume_run, "4");
	CHECK_INT(options.format, FORMAT_JSON);
	CHECK_INT(options.seed, 7);
	CHECK_STR(options.on, "a:b");
	options_release(&options);
}

static void test_fallbacks(void)
{
	struct options options = {0};
	struct err err = {0};
	bool help = true;

	CHECK_INT(parse("-- --quiet", &options, &help, &err), 0);
	CHECK_STR(options.argv[0], "--quiet");
	CHECK(!options.quiet && !options.on && !options.budget_ns);
	CHECK_INT(options.format, FORMAT_TEXT);
	CHECK_STR(options.store, "results/tare.sqlite");
	options_release(&options);
}

static void test_help(void)
{
	struct options options = {0};
	struct err err = {0};
	bool help = false;

	CHECK_INT(parse("--nonsense -h", &options, &help, &err), 0);
	CHECK(help);
	help = false;
	CHECK_INT(parse("x -- --help", &options, &help, &err), 0);
	CHECK(!help);
	options_release(&options);
}

static const struct {
	const char *line, *message;
} wrong[] = {
	{"1 --budget -5",
	 "--budget: '-5' is not a duration: expected digits and one of ms, "
	 "s, m, h, as in 90s"},
	{"1 --budget=4kfoo",
	 "--budget: '4kfoo' is not a duration: expected digits and one "
	 "of ms, s, m, h, as in 90s"},
	{"1 --budget 10ms", "--budget: '10ms' is too short: at least 1s"},
	{"1 --budget 99999999999h",
	 "--budget: '99999999999h' is too large for a duration"},
	{"1 --budget", "--budget needs a value: --budget TIME"},
	{"1 --budget=", "--budget needs a value: --budget TIME"},
	{"1 --store _", "--store needs a value: --store FILE"},
	{"1 --seed -1", "--seed: '-1' is not a count: expected digits only, as in 8"},
	{"1 --seed 0", "--seed: '0' is not between 1 and 9223372036854775807"},
	{"1 --seed 9223372036854775808", "--seed: '9223372036854775808' is not between 1 "
					 "and 9223372036854775807"},
	{"1 --format xml", "--format: 'xml' is not a format; known: text, json, csv"},
	{"1 --format jsno", "--format: 'jsno' is not a format; did you mean 'json'?"},
	{"1 --quiet=yes", "--quiet takes no value"},
	{"1 --quiet --quiet", "--quiet is given twice"},
	/* a prefix is not an option */
	{"1 --budg 90s", "'try' has no option '--budg'; did you mean 'budget'?"},
	/* an option of other commands is not one of this */
	{"1 --top x", "'try' has no option '--top'; known: store, out, on, budget, "
		      "seed, resume, samples, format, quiet, help"},
	{"1 --frobnicate",
	 "'try' has no option '--frobnicate'; known: store, out, on, budget, "
	 "seed, resume, samples, format, quiet, help"},
	{"1 -q", "'-q' is not an option: they are spelled out, as in --help"},
	{"", "'try' needs RUN [RUN]"},
	{"1 2 3", "'try' does not know what to do with '3'"},
};

static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct options options = {0};
		struct err err = {0};
		bool help = false;
		int rc = parse(*wrong[i].line ? wrong[i].line : "--", &options, &help,
			       &err);

		CHECK(rc == -EINVAL || rc == -ERANGE);
		CHECK_STR(err.text, wrong[i].message);
		CHECK(!options.argv && !options.store);
	}
}

static void test_print_help(void)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	options_print_help(&command, to);
	(void)fclose(to);
	CHECK(!strncmp(text,
		       "Usage: tare try RUN [RUN] [OPTION]...\n\nTry things.\n\nMore.\n\n"
		       "Options:\n  --store FILE ",
		       60));
	CHECK(strstr(text, "--budget TIME"));
	CHECK(strstr(text, "-h, --help"));
	CHECK(!strstr(text, "--top"));
	CHECK(strstr(text, "it changes nothing:\n  --out\n"));
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		CHECK(strcspn(line, "\n") <= 80);
	free(text);
}

static char *read_file(const char *name)
{
	FILE *file = fopen(name, "r");
	static char text[65536];
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		(void)fclose(file);
	text[length] = '\0';
	return text;
}

/* The man page's list of options is the table's; `test_options --print` writes it. */
static void test_manual(void)
{
	char *manual = read_file(MANUAL), *begin = strstr(manual, MARK_BEGIN);
	char *end = strstr(manual, MARK_END), *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	options_print_man(to);
	(void)fclose(to);
	CHECK(begin && end && begin < end);
	if (begin && end) {
		*end = '\0';
		CHECK(!strcmp(begin + strlen(MARK_BEGIN), text));
	}
	free(text);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--print")) {
		options_print_man(stdout);
		return 0;
	}
	test_good();
	test_fallbacks();
	test_help();
	test_wrong();
	test_print_help();
	test_manual();
	return check_done();
}
