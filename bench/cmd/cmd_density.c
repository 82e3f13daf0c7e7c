/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include "bench/study/density.h"
#include "bench/study/study.h"

static int measure(struct session *session, void *settings, struct err *err)
{
	return density_run(session, settings, err);
}

static int run(const struct options *options)
{
	struct density_settings settings;

	return study_run(options, &study_density, &settings, measure);
}

const struct command cmd_density = {
	.name = "density",
	.arguments = "[SUITE]",
	.summary = "1 to N instances doing the same work: throughput, fairness, the knee",
	.help = "SUITE is a name in configs/suites or a YAML file (default: density).\n"
		"Instances take the host's CPUs in turn, platforms take turns window by\n"
		"window. A platform goes no further once an instance does not start, "
		"gets\n"
		"less than 2 % of what one alone gets, or memory would run short: a "
		"quarter\n"
		"of what is available always stays with the host.\n",
	.accepts = "store on budget instances seed format quiet config image strict",
	.run = run,
};
