/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/cmd/cmd.h"
#include "bench/config/config_dir.h"
#include "bench/config/nearest.h"
#include "bench/cmd/options.h"
#include "bench/base/version.h"

/* In the order of a user's day; `root`: does things that only root may. */
static const struct {
	const struct command *command;
	bool root;
} commands[] = {
	/* clang-format off */
	{&cmd_doctor, true},
	{&cmd_run, true},
	{&cmd_show, false},
	{&cmd_report, false},
	{&cmd_compare, false},
	{&cmd_claims, false},
	{&cmd_equivalence, false},
	{&cmd_export, false},
	{&cmd_import, false},
	{&cmd_memcg, true},
	{&cmd_start, true},
	{&cmd_footprint, true},
	{&cmd_density, true},
	{&cmd_precision, true},
	{&cmd_neighbours, true},
	{&cmd_clean, true},
	{&cmd_platforms, false},
	{&cmd_workloads, false},
	/* clang-format on */
};
#define COMMAND_NR (sizeof(commands) / sizeof(commands[0]))

static volatile sig_atomic_t stop;

static void on_stop(int number)
{
	(void)number;
	stop = 1;
}

static void on_nothing(int number)
{
	(void)number;
}

/* Without SA_RESTART: whoever waits wakes up and looks at `stop`. A signal that we were
 * started to ignore (nohup) stays ignored. */
static void catch_stop(int number)
{
	const struct sigaction action = {.sa_handler = on_stop};
	struct sigaction old;

	if (!sigaction(number, NULL, &old) && old.sa_handler != SIG_IGN)
		(void)sigaction(number, &action, NULL);
}

static void catch_signals(void)
{
	/* a handler instead of SIG_IGN, which programs that we execute would inherit */
	const struct sigaction nothing = {.sa_handler = on_nothing,
					  .sa_flags = SA_RESTART};

	(void)sigaction(SIGPIPE, &nothing, NULL);
	(void)sigaction(SIGXFSZ, &nothing, NULL); /* EFBIG says it with a message */
	catch_stop(SIGINT);
	catch_stop(SIGTERM);
	catch_stop(SIGHUP);
}

static int fail(const struct err *err, enum exit_status status)
{
	fprintf(stderr, "tare: %s\n", err->text);
	return status;
}

/* A full disk is found when the buffer is written. That is no wrong usage, whatever a
 * command that failed on it and has said why made of it. */
static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (status == EXIT_DONE)
		fprintf(stderr, "tare: cannot write the output\n");
	return status == EXIT_DONE || status == EXIT_USAGE ? EXIT_MEASUREMENT : status;
}

static void print_usage(FILE *to)
{
	fputs("Usage: tare COMMAND [ARGUMENT]... [OPTION]...\n\n"
	      "Measures identical work on bare metal, in cgroups, LXC containers and "
	      "KVM\n"
	      "guests, and says what each costs.\n\nCommands:\n",
	      to);
	for (size_t i = 0; i < COMMAND_NR; i++)
		fprintf(to, "  %-12s %s\n", commands[i].command->name,
			commands[i].command->summary);
	fputs("\n'tare COMMAND --help' says more; 'tare --version' prints the version.\n"
	      "Exit status: 0 done, 1 a measurement or check failed, 2 wrong usage or\n"
	      "configuration, 3 nothing could run here, 130 interrupted (samples "
	      "kept).\n",
	      to);
}

static int find_command(const char *name, size_t *ret, struct err *err)
{
	struct nearest nearest;
	char hint[400];

	nearest_init(&nearest, name);
	for (size_t i = 0; i < COMMAND_NR; i++) {
		if (!strcmp(commands[i].command->name, name)) {
			*ret = i;
			return 0;
		}
		nearest_feed(&nearest, commands[i].command->name);
	}
	nearest_feed(&nearest, "help");
	return err_fail(err, EINVAL, "there is no command '%.40s'%s", name,
			nearest_hint(&nearest, hint, sizeof(hint)));
}

/* Whoever only prints ends quietly, as other programs do, when its reader has seen enough
 * (tare show | head). */
static void end_with_reader(void)
{
	(void)signal(SIGPIPE, SIG_DFL);
}

/* "tare help", "tare help COMMAND" */
static int help(const char *name)
{
	struct err err = {0};
	size_t i = 0;

	end_with_reader();
	if (!name || !strcmp(name, "--help") || !strcmp(name, "-h") ||
	    !strcmp(name, "help")) {
		print_usage(stdout);
		return EXIT_DONE;
	}
	if (find_command(name, &i, &err))
		return fail(&err, EXIT_USAGE);
	options_print_help(commands[i].command, stdout);
	return EXIT_DONE;
}

CLEANUP_DEFINE(options, struct options *, options_release)

static void remark_ignored(const struct command *command, const struct options *options)
{
	for (size_t i = 0; i < options->ignored_nr && !options->quiet; i++)
		fprintf(stderr, "tare: --%s changes nothing for '%s'\n",
			options->ignored[i], command->name);
}

static int run_command(size_t i, int argc, char **argv)
{
	const struct command *command = commands[i].command;
	struct options options = {0};
	cleanup(options) struct options *guard = &options;
	cleanup(free) char *config = NULL;
	struct err err = {0};
	bool wants_help = false;

	(void)guard;
	if (options_parse(command, argc - 2, argv + 2, &options, &wants_help, &err))
		return fail(&err, EXIT_USAGE);
	if (wants_help)
		return help(command->name);
	if (commands[i].root && geteuid()) {
		(void)err_fail(&err, EPERM,
			       "'%s' needs root, for groups, mounts and guests: "
			       "sudo tare %s",
			       command->name, command->name);
		return fail(&err, EXIT_NOTHING);
	}
	if (!options.config && options_accepts(command, "config")) {
		if (config_dir_find(&config, &err))
			return fail(&err, EXIT_USAGE);
		options.config = config;
	}
	if (!commands[i].root)
		end_with_reader();
	remark_ignored(command, &options);
	options.command_argc = argc;
	options.command_argv = argv;
	options.stop = &stop;
	return command->run(&options);
}

static int run(int argc, char **argv)
{
	struct err err = {0};
	size_t i = 0;

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("tare " TARE_VERSION);
		return EXIT_DONE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return help(NULL);
	if (!strcmp(argv[1], "help") && argc <= 3)
		return help(argv[2]);
	if (!strcmp(argv[1], "help"))
		(void)err_fail(&err, EINVAL,
			       "'help' does not know what to do with '%.40s'", argv[3]);
	else if (argv[1][0] == '-')
		(void)err_fail(&err, EINVAL,
			       "'%.40s' stands where a command is expected: "
			       "options go behind it; see tare --help",
			       argv[1]);
	else if (!find_command(argv[1], &i, &err))
		return run_command(i, argc, argv);
	return fail(&err, EXIT_USAGE);
}

int main(int argc, char **argv)
{
	catch_signals();
	return finish(run(argc, argv));
}
