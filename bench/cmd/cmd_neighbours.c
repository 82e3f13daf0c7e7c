/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/clock.h"
#include "bench/cmd/cmd.h"
#include "bench/study/neighbours.h"
#include "bench/study/study.h"

static const struct neighbour_pair pairs[] = {
	{"CPU hog", "int", "int", 0, 0},
	{"memory streamer", "chase", "stream-triad", 64u << 20, 64u << 20},
	{"tmpfs writer", "fault-4k", "tmpfs-write", 0, 0},
	{"process maker", "fault-4k", "fork", 0, 0},
};

static int measure(struct session *session, struct err *err)
{
	const struct neighbour_settings settings = {
		.pairs = pairs,
		.pair_nr = sizeof(pairs) / sizeof(pairs[0]),
		.rounds = 6,
		.window_ns = 150 * NS_PER_MS,
		.victim_slice_ns = 2 * NS_PER_MS,
		.aggressor_slice_ns = 20 * NS_PER_MS,
		.memory_bytes = 768ull << 20,
	};

	return neighbours_run(session, &settings, err);
}

static int run(const struct options *options)
{
	return study_run(options, "neighbours", measure);
}

const struct command cmd_neighbours = {
	.name = "neighbours",
	.arguments = "",
	.summary = "what one instance does to another, and whether limits hold",
	.help = "Two instances of a platform on one CPU: the first works alone and\n"
		"beside a CPU hog, a memory streamer, a writer of files in memory and a\n"
		"process maker; the second one without a limit, with a tenth of the\n"
		"weight, with 20 % of a CPU, and on another CPU. Bare metal has no "
		"limits\n"
		"and shows what they are for.\n",
	.accepts = "store on seed format quiet config image",
	.run = run,
};
