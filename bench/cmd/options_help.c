/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/options.h"

#include <ctype.h>
#include <string.h>

#include "bench/cmd/options_table.h"

#define HELP_COLUMN 20
#define HELP_WIDTH 80

/* Breaks `text` into lines between column and width; the cursor is at the column. */
static void print_wrapped(const char *text, size_t column, FILE *to)
{
	size_t used = column;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (used > column && used + 1 + word > HELP_WIDTH) {
			fprintf(to, "\n%*s", (int)column, "");
			used = column;
		} else if (used > column) {
			used++;
			putc(' ', to);
		}
		fprintf(to, "%.*s", (int)word, text);
		used += word;
		text += word;
		text += strspn(text, " ");
	}
	putc('\n', to);
}

static void print_option(const char *name, const char *value, const char *help, FILE *to)
{
	int used = fprintf(to, "  %s%s%s", name, value ? " " : "", value ? value : "");

	fprintf(to, "%*s", used < HELP_COLUMN ? HELP_COLUMN - used : 1, "");
	print_wrapped(help, HELP_COLUMN, to);
}

static void print_ignored(const struct command *command, FILE *to)
{
	const char *before =
		"\nAs every command it also takes, though it changes nothing:\n ";

	for (size_t i = 0; i < OPTION_NR; i++) {
		if (!options_ignores(command, i))
			continue;
		fprintf(to, "%s --%s", before, option_defs[i].name);
		before = "";
	}
	if (!*before)
		putc('\n', to);
}

void options_print_help(const struct command *command, FILE *to)
{
	fprintf(to, "Usage: tare %s%s%s [OPTION]...\n\n%c%s.\n", command->name,
		command->arguments && *command->arguments ? " " : "",
		command->arguments ? command->arguments : "",
		toupper((unsigned char)command->summary[0]), command->summary + 1);
	if (command->help && *command->help)
		fprintf(to, "\n%s", command->help);
	fputs("\nOptions:\n", to);
	for (size_t i = 0; i < OPTION_NR; i++) {
		char name[32];

		if (!options_accepts(command, option_defs[i].name))
			continue;
		(void)snprintf(name, sizeof(name), "--%s", option_defs[i].name);
		print_option(name, option_defs[i].value,
			     command->formats && !strcmp(option_defs[i].name, "format")
				     ? command->formats
				     : option_defs[i].help,
			     to);
	}
	print_option("-h, --help", NULL, "this text", to);
	print_ignored(command, to);
}

/* Roff wants its hyphens and backslashes marked. */
static void print_roff(const char *text, FILE *to)
{
	for (; *text; text++) {
		if (*text == '-' || *text == '\\')
			putc('\\', to);
		fputs(*text == '\\' ? "e" : (char[]){*text, '\0'}, to);
	}
}

void options_print_man(FILE *to)
{
	for (size_t i = 0; i < OPTION_NR; i++) {
		fputs(".TP\n.B \\-\\-", to);
		print_roff(option_defs[i].name, to);
		if (option_defs[i].value)
			fprintf(to, " \\fI%s\\fR", option_defs[i].value);
		putc('\n', to);
		putc(toupper((unsigned char)option_defs[i].help[0]), to);
		print_roff(option_defs[i].help + 1, to);
		fputs(".\n", to);
	}
}
