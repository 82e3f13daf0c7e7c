/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line an experiment, in the order of the report. */
#include "memcg_behaviour.h"

const struct memcg_experiment memcg_experiments[] = {
	{"batch", "talk-memcg-batch",
	 "charges are borrowed ahead per CPU, so the counter is inexact",
	 "A process touches fresh 4 KiB pages whose page tables exist, first all on one "
	 "CPU, then each on the next CPU; after each page the group's usage counter is "
	 "read. What is held is the counter after the CPUs gave back what they borrowed "
	 "(a limit one page below the counter makes the kernel do that), plus the pages "
	 "touched since. Holds: steps of more than a page, ahead by more than a quarter "
	 "of a step on average and never by more than step × CPUs (and 4 pages for the "
	 "process's own kernel objects).",
	 memcg_batch},
};
const size_t memcg_experiment_nr =
	sizeof(memcg_experiments) / sizeof(memcg_experiments[0]);
