/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"
#include "bench/study/neighbours.h"
#include "bench/study/study.h"

static int measure(struct session *session, void *settings, struct err *err)
{
	return neighbours_run(session, settings, err);
}

static int run(const struct options *options)
{
	struct neighbour_settings settings;

	return study_run(options, &study_neighbours, &settings, measure);
}

const struct command cmd_neighbours = {
	.name = "neighbours",
	.arguments = "[SUITE]",
	.summary = "what one instance does to another, and whether limits hold",
	.help = "SUITE is a name in configs/suites or a YAML file (default: "
		"neighbours).\n"
		"Two instances of a platform on one CPU: the first works alone and\n"
		"beside a CPU hog, a memory streamer, a writer of files in memory and a\n"
		"process maker; the second one without a limit, with a tenth of the\n"
		"weight, with 20 % of a CPU, and on another CPU. Also beside a fork "
		"bomb,\n"
		"with a limit on processes, and a flood of the page cache, with a limit "
		"on\n"
		"memory or protection from it. A reader of the disk and\n"
		"a computer beside a disk flood, direct and through the page cache; the\n"
		"flood with caps on bytes and on operations and with a tenth of the\n"
		"disk's weight. Bare metal has no limits and shows what they are for.\n",
	.accepts = "store on budget seed format quiet config image strict scratch",
	.run = run,
};
