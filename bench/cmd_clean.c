/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

#include <stdio.h>

#include "cleanup.h"
#include "owner.h"
#include "reap.h"

static void print(const struct options *options, size_t removed)
{
	if (options->format == FORMAT_JSON)
		printf("{\"removed\": %zu}\n", removed);
	else if (options->format == FORMAT_CSV)
		printf("removed\n%zu\n", removed);
	else if (removed)
		printf("removed %zu things that dead runs left\n", removed);
	else if (!options->quiet)
		printf("nothing to remove\n");
}

static int run(const struct options *options)
{
	cleanup(fd) int lock = -1;
	struct err err = {0};
	size_t removed = 0;
	int rc = owner_lock(&lock, &err);

	if (!rc)
		rc = reap_all(&removed, &err);
	if (rc)
		fprintf(stderr, "tare: %s\n", err.text);
	else
		print(options, removed);
	return rc ? EXIT_MEASUREMENT : EXIT_DONE;
}

const struct command cmd_clean = {
	.name = "clean",
	.arguments = "",
	.summary = "remove everything that a crash left behind",
	.help = "Groups, containers, guests, processes, scratch files and folders whose "
		"name\n"
		"carries the id of a tare that is no longer alive; nothing else.\n",
	.accepts = "format quiet",
	.run = run,
};
