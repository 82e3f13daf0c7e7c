/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>

#include "bench/base/clock.h"
#include "bench/study/start.h"
#include "bench/study/study.h"

#define BUDGET_NS (240 * NS_PER_S)
/* A guest unpacks the image's tree into its memory. */
#define MEMORY_BYTES (512ull << 20)

static const struct start_settings defaults = {
	.running = {0, 1, 2, 4, 8}, .running_nr = 5, .memory_bytes = MEMORY_BYTES};

/* Instances of a guest take their memory; half of what is there stays with the host. */
static void keep_to_memory(struct session *session, struct start_settings *settings)
{
	struct footprint_reading now;
	struct err ignored = {0};
	unsigned most;

	if (footprint_read(&now, &ignored))
		return;
	most = (unsigned)(-now.bytes[FOOTPRINT_USED] / 2 /
			  (double)settings->memory_bytes);
	if (session->options->instances && session->options->instances < most)
		most = session->options->instances;
	while (settings->running_nr > 1 &&
	       settings->running[settings->running_nr - 1] > most)
		progress_note(&session->progress,
			      "not beside %u instances: only up to %u",
			      settings->running[--settings->running_nr], most);
}

static int measure(struct session *session, struct err *err)
{
	struct start_settings settings = defaults;

	if (!session->plan.budget_ns)
		session->plan.budget_ns = BUDGET_NS;
	keep_to_memory(session, &settings);
	return start_run(session, &settings, err);
}

static int run(const struct options *options)
{
	return study_run(options, "start", measure);
}

const struct command cmd_start = {
	.name = "start",
	.arguments = "",
	.summary =
		"how long a platform takes to start and to end, and what it weighs idle",
	.help = "From the request to the agent's first word, and from the request to "
		"end\n"
		"to nothing left: with a cold image, beside 0, 1, 2, 4 and 8 instances "
		"of\n"
		"the same platform, and against the platform's own tool (lxc-start, "
		"qemu,\n"
		"and plain fork and exec, which no start can beat). Above 1 is faster "
		"than\n"
		"the first line's platform.\n",
	.accepts = "store on budget instances seed format quiet config image",
	.run = run,
};
