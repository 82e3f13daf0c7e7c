/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include <stdio.h>

#include "bench/base/clock.h"
#include "bench/study/density.h"
#include "bench/study/study.h"

/* A guest unpacks the image's tree into its memory. */
#define MEMORY_BYTES (512ull << 20)
#define INSTANCES 8
#define WINDOWS 5
#define STOP_SHARE 0.02

/* 1, 2, 4, … up to what was asked, which ends the list. */
static void set_counts(struct density_settings *settings, unsigned most)
{
	for (unsigned n = 1; settings->count_nr < DENSITY_COUNTS_MAX - 1 && n < most;
	     n *= 2)
		settings->counts[settings->count_nr++] = n;
	settings->counts[settings->count_nr++] = most;
}

static int measure(struct session *session, struct err *err)
{
	unsigned asked = session->options->instances;
	struct density_settings settings = {.windows = WINDOWS,
					    .window_ns = 500 * NS_PER_MS,
					    .slice_ns = 2 * NS_PER_MS,
					    .memory_bytes = MEMORY_BYTES,
					    .stop_share = STOP_SHARE,
					    .workload = workload_find("int")};

	set_counts(&settings, asked ? asked : INSTANCES);
	return density_run(session, &settings, err);
}

static int run(const struct options *options)
{
	return study_run(options, "density", measure);
}

const struct command cmd_density = {
	.name = "density",
	.arguments = "",
	.summary = "1 to N instances doing the same work: throughput, fairness, the knee",
	.help = "Instances take the host's CPUs in turn, platforms take turns window by\n"
		"window. A platform goes no further once an instance does not start, "
		"gets\n"
		"less than 2 % of what one alone gets, or memory would run short: a "
		"quarter\n"
		"of what is available always stays with the host.\n",
	.accepts = "store on instances seed format quiet config image",
	.run = run,
};
