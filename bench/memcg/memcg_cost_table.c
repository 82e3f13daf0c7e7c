/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line a measurement of the overhead's second part, in the order of the report. */
#include "bench/memcg/memcg_cost.h"
#include "bench/memcg/memcg_bytes.h"

const struct memcg_experiment memcg_cost_experiments[] = {
	{"object-bytes", NULL, "each kernel object charges bytes of its own",
	 "A process in a fresh group makes many objects of one kind and holds them; the "
	 "group's kernel memory (memory.kmem.usage_in_bytes; version 2: kernel in "
	 "memory.stat) is read before and after, and the difference divided by the "
	 "number. Kinds in a drawn order; with --full each three times, and the median "
	 "counts. "
	 "Holds: open files, pipes and sockets charge at least 100 bytes each.",
	 memcg_bytes},
	{"byte-phase", NULL,
	 "an operation on kernel objects has two costs, by the bytes its group holds "
	 "modulo a page",
	 "A process on one CPU in one group holds 0 to 63 eventfds, in a drawn order, "
	 "and "
	 "with each number makes and closes objects for some milliseconds, five times "
	 "(--full: twelve); the median of the CPU time for one. An operation is dear "
	 "where "
	 "what it charges reaches across a page's end: then a page is charged and given "
	 "back. So the dear phases must be one band, as wide as the bytes of the object "
	 "(as in object-bytes); its begin is fitted by mean ranks. Holds: for some "
	 "operation no more than one in a hundred random orders fits a band as well.",
	 memcg_phase},
	{"off", NULL, "a kernel without the memory cgroup is faster in the root group",
	 "Boot in turns as usual, with cgroup_disable=memory and with "
	 "cgroup.memory=nokmem,nosocket, twice each; after each boot 'tare run "
	 "memcg-off' "
	 "into one store; then 'tare compare' two of the runs and read how the baseline "
	 "changed. In an emulated machine times mean nothing; there "
	 "scripts/memcg-off counts instructions (results/reference/memcg-off.md).",
	 memcg_off},
};
const size_t memcg_cost_experiment_nr =
	sizeof(memcg_cost_experiments) / sizeof(memcg_cost_experiments[0]);
