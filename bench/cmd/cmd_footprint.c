/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cmd/cmd.h"

#include "bench/study/footprint_study.h"
#include "bench/study/study.h"

static int measure(struct session *session, void *settings, struct err *err)
{
	struct footprint_settings *footprint = settings;

	if (session->options->instances)
		footprint->instances = session->options->instances;
	return footprint_run(session, footprint, err);
}

static int run(const struct options *options)
{
	struct footprint_settings settings;

	return study_run(options, &study_footprint, &settings, measure);
}

const struct command cmd_footprint = {
	.name = "footprint",
	.arguments = "[SUITE]",
	.summary = "what an instance takes: memory, page cache, disk; a memory cgroup",
	.help = "SUITE is a name in configs/suites or a YAML file (default: footprint).\n"
		"Idle and working instances (64 MiB touched), started and ended in "
		"turns:\n"
		"PSS of each process that serves them, and the rise of the host's page\n"
		"tables, kernel stacks, slab and per-CPU memory, beside controls in "
		"which\n"
		"nothing is started. Then the page cache that instances of the same "
		"tree\n"
		"share, the disk bytes of image and instance, and what an empty memory\n"
		"cgroup costs. --budget is for the first part, --instances for its "
		"steps; a\n"
		"quarter of the memory available always stays with the host.\n",
	.accepts = "store on budget instances seed format quiet config image scratch "
		   "strict",
	.run = run,
};
