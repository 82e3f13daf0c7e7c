/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/config/nearest.h"
#include "bench/cmd/options_table.h"

/* The words of a command line that are left, and what was seen of them. */
struct words {
	const struct command *command;
	char **at; /* ended by NULL */
	bool seen[OPTION_NR];
	struct options *options;
};

bool options_accepts(const struct command *command, const char *name)
{
	const char *list = command->accepts;
	size_t length = strlen(name);

	while (list && *list) {
		size_t word = strcspn(list, " ");

		if (word == length && !memcmp(list, name, length))
			return true;
		list += word;
		list += strspn(list, " ");
	}
	return false;
}

bool options_ignores(const struct command *command, size_t i)
{
	return option_defs[i].common && !options_accepts(command, option_defs[i].name);
}

static int fail_unknown(const struct command *command, const char *name, struct err *err)
{
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, name);
	for (size_t i = 0; i < OPTION_NR; i++)
		if (option_defs[i].common ||
		    options_accepts(command, option_defs[i].name))
			nearest_feed(&nearest, option_defs[i].name);
	nearest_feed(&nearest, "help");
	return err_fail(err, EINVAL, "'%s' has no option '--%.40s'%s", command->name,
			name, nearest_hint(&nearest, hint, sizeof(hint)));
}

static int find_def(const struct command *command, const char *name, size_t *ret,
		    struct err *err)
{
	for (size_t i = 0; i < OPTION_NR; i++)
		if (!strcmp(option_defs[i].name, name) &&
		    (option_defs[i].common || options_accepts(command, name))) {
			*ret = i;
			return 0;
		}
	return fail_unknown(command, name, err);
}

/* The option's value: behind '=', else the next word, which is taken whatever it is. */
static int take_value(struct words *words, const struct option_def *def,
		      const char **value, struct err *err)
{
	if (!def->value)
		return *value ? err_fail(err, EINVAL, "--%s takes no value", def->name)
			      : 0;
	if (!*value)
		*value = *words->at ? *words->at++ : NULL;
	if (!*value || !**value)
		return err_fail(err, EINVAL, "--%s needs a value: --%s %s", def->name,
				def->name, def->value);
	return 0;
}

static int parse_option(struct words *words, const char *word, struct err *err)
{
	const char *equals = strchr(word, '=');
	const char *value = equals ? equals + 1 : NULL;
	cleanup(free) char *name =
		strndup(word, equals ? (size_t)(equals - word) : strlen(word));
	size_t i = 0;
	int rc;

	if (!name)
		return err_fail(err, ENOMEM, "no memory for an option");
	rc = find_def(words->command, name, &i, err);
	if (!rc && words->seen[i])
		rc = err_fail(err, EINVAL, "--%s is given twice", name);
	if (!rc)
		rc = take_value(words, &option_defs[i], &value, err);
	if (rc)
		return rc;
	words->seen[i] = true;
	if (options_ignores(words->command, i) &&
	    words->options->ignored_nr < OPTION_IGNORED_MAX)
		words->options->ignored[words->options->ignored_nr++] =
			option_defs[i].name;
	rc = option_defs[i].set(words->options, value, err);
	return rc ? err_because(err, "--%s", name) : 0;
}

/* "RUN [RUN]", "[NAME]...": how many words a command needs and takes. */
static void count_arguments(const char *text, int *ret_least, int *ret_most)
{
	int least = 0, most = 0;
	size_t length;

	while (text && *text) {
		least += *text != '[';
		most += most < INT_MAX;
		length = strcspn(text, " ");
		if (length > 3 && !strncmp(text + length - 3, "...", 3))
			most = INT_MAX;
		text += length;
		text += strspn(text, " ");
	}
	*ret_least = least;
	*ret_most = most;
}

static int check_arguments(const struct command *command, const struct options *options,
			   struct err *err)
{
	int least, most;

	count_arguments(command->arguments, &least, &most);
	if (options->argc > most)
		return err_fail(err, EINVAL, "'%s' does not know what to do with '%.80s'",
				command->name, options->argv[most]);
	if (options->argc < least)
		return err_fail(err, EINVAL, "'%s' needs %s", command->name,
				command->arguments);
	return 0;
}

static int parse_words(struct words *words, struct err *err)
{
	bool only_arguments = false;
	int rc = 0;

	while (!rc && *words->at) {
		char *word = *words->at++;

		if (only_arguments || word[0] != '-' || !word[1])
			words->options->argv[words->options->argc++] = word;
		else if (!strcmp(word, "--"))
			only_arguments = true;
		else if (word[1] == '-')
			rc = parse_option(words, word + 2, err);
		else
			rc = err_fail(err, EINVAL,
				      "'%.40s' is not an option: they are "
				      "spelled out, as in --help",
				      word);
	}
	return rc;
}

static bool asks_for_help(char **words)
{
	for (; *words && strcmp(*words, "--") != 0; words++)
		if (!strcmp(*words, "--help") || !strcmp(*words, "-h"))
			return true;
	return false;
}

int options_parse(const struct command *command, int argc, char **argv,
		  struct options *ret, bool *ret_help, struct err *err)
{
	cleanup(free) char **rest = calloc((size_t)argc + 1, sizeof(*rest));
	struct options options = {.store = OPTION_STORE_DEFAULT,
				  .fail_on = -1,
				  .formats = command->formats,
				  .argv = rest};
	struct words words = {.command = command, .at = argv, .options = &options};
	int rc;

	if (!rest)
		return err_fail(err, ENOMEM, "no memory for the options");
	*ret_help = asks_for_help(argv);
	if (*ret_help)
		return 0;
	rc = parse_words(&words, err);
	if (!rc)
		rc = check_arguments(command, &options, err);
	if (rc)
		return rc;
	*ret = options;
	rest = NULL; /* now the caller's */
	return 0;
}

void options_release(struct options *options)
{
	free(options->argv);
	*options = (struct options){0};
}
