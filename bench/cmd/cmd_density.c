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
		"window. A platform goes no further once an instance fails or gets too\n"
		"little of what one alone gets, or for the host's sake: memory "
		"available,\n"
		"tasks that wait for it, swap, processes killed for want of it. The "
		"rule\n"
		"and what was read are told.\n",
	.accepts = "store on budget instances seed format quiet config image strict",
	.run = run,
};
