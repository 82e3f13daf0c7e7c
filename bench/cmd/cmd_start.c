/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>

#include "bench/study/start.h"
#include "bench/study/study.h"

/* Instances of a guest take their memory; half of what is there stays with the host. */
static void keep_to_memory(struct session *session, struct start_settings *settings)
{
	struct footprint_reading now;
	struct err ignored = {0};
	unsigned most;

	if (footprint_read(&now, &ignored))
		return;
	most = (unsigned)(-now.bytes[FOOTPRINT_USED] / 2 /
			  (double)settings->head.memory_bytes);
	if (session->options->instances && session->options->instances < most)
		most = session->options->instances;
	while (settings->running_nr > 1 &&
	       settings->running[settings->running_nr - 1] > most)
		progress_note(&session->progress,
			      "not beside %u instances: only up to %u",
			      settings->running[--settings->running_nr], most);
}

static int measure(struct session *session, void *settings, struct err *err)
{
	keep_to_memory(session, settings);
	return start_run(session, settings, err);
}

static int run(const struct options *options)
{
	struct start_settings settings;

	return study_run(options, &study_start, &settings, measure);
}

const struct command cmd_start = {
	.name = "start",
	.arguments = "[SUITE]",
	.summary =
		"how long a platform takes to start and to end, and what it weighs idle",
	.help = "SUITE is a name in configs/suites or a YAML file (default: start).\n"
		"From the request to the agent's first word, and from the request to "
		"end\n"
		"to nothing left: with a cold image, beside 0, 1, 2, 4 and 8 instances "
		"of\n"
		"the same platform, and against the platform's own tool (lxc-start, "
		"qemu,\n"
		"and plain fork and exec, which no start can beat). Above 1 is faster "
		"than\n"
		"the first line's platform.\n",
	.accepts = "store on budget instances seed format quiet config image strict",
	.run = run,
};
