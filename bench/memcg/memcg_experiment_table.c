/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line an experiment, in the order of the report. */
#include "bench/memcg/memcg_behaviour.h"

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
	{"first-cache", "talk-memcg-first",
	 "a page of the page cache is charged to the group that touched it first",
	 "Process A in one group reads a 16 MiB file that is not cached, then process B "
	 "in "
	 "another reads the same. Holds: A's counter rises by at least 90 % of the file "
	 "and "
	 "B's by at most 10 %.",
	 memcg_first_cache},
	{"first-shmem", "talk-memcg-first",
	 "shared memory is charged to the group that touched it first",
	 "Process A in one group writes 16 MiB of shared memory (memfd), then process B "
	 "in "
	 "another writes the same pages. Holds: A's counter rises by at least 90 % of "
	 "them "
	 "and B's by at most 10 %.",
	 memcg_first_shmem},
	{"linger-cache", "talk-memcg-linger",
	 "page cache stays charged when the process is gone",
	 "A process reads a 16 MiB file and is ended; the group's counter is read "
	 "before, "
	 "after, and once more when the file's pages were dropped (posix_fadvise). "
	 "Holds: "
	 "at least 90 % of the file are charged after its end and at most 10 % after the "
	 "drop.",
	 memcg_linger_cache},
	{"linger-dentries", "talk-memcg-linger",
	 "inodes and dentries stay charged when the process is gone",
	 "A process makes 4000 empty files and is ended; the group's kernel memory "
	 "(memory.kmem.usage_in_bytes; version 2: kernel in memory.stat, 2.5 s later) is "
	 "read before, after, and once the files are removed. Holds: at least 256 bytes "
	 "a "
	 "file are charged after its end.",
	 memcg_linger_dentries},
	{"linger-group", "talk-memcg-linger",
	 "a removed group lives on in the kernel while pages are charged to it",
	 "30 groups in one: in each a process reads 1 MiB of a file and is ended, then "
	 "the "
	 "group is removed. How many live on is nr_dying_descendants of the group above "
	 "(version 1: the machine's count in /proc/cgroups, in which others' come and "
	 "go). "
	 "Then the file is dropped from the cache. Holds: at least 80 % live on with "
	 "their "
	 "charge in the group above, and at most half of those after the drop.",
	 memcg_linger_group},
	{"kmem-charge", NULL, "memory that the kernel uses for a process is charged",
	 "A process fills 64 pipes with 64 KiB each, then closes them; the group's "
	 "kernel "
	 "memory (as for linger-dentries) is read before, between and after. Holds: it "
	 "rises by at least 90 % of the 4 MiB and at most 10 % stay.",
	 memcg_kmem_charge},
	{"lru", "talk-memcg-lru",
	 "LRU lists are per group: a neighbour who streams does not evict another's set",
	 "A process reads a 16 MiB file once (twice would make it active, and stay in "
	 "any "
	 "case); another then streams 96 MiB of another file, in three set-ups: both in "
	 "one group limited to 32 MiB; two groups limited to 32 MiB each; two groups "
	 "under one limit of 48 MiB. What of the set is cached is asked with mincore "
	 "after every 8 MiB. Holds: at least 95 % stay with two groups and at most 50 % "
	 "with one; inconclusive where more stay with one, for then nothing was at "
	 "stake.",
	 memcg_lru},
	{"limit-memory", "talk-memcg-limits", "the limit on memory is enforced",
	 "A process reads a 96 MiB file in a group limited to 32 MiB. Holds: the group's "
	 "peak is not above the limit, and less than the limit of the file is cached.",
	 memcg_limit_memory},
	{"limit-swap", "talk-memcg-limits", "the limit on memory and swap is enforced",
	 "On a 64 MiB swap file of tare's own (only where no swap is in use): a group "
	 "may "
	 "have 32 MiB of memory and 16 MiB of swap (memory.memsw.limit_in_bytes 48 MiB; "
	 "version 2: memory.swap.max). One process writes to 40 MiB, another to 72 MiB. "
	 "Holds: the first lives and was swapped, the second is killed.",
	 memcg_limit_swap},
	{"limit-kmem", "talk-memcg-limits", "the limit on kernel memory is enforced",
	 "memory.kmem.limit_in_bytes is set 1 MiB above what is in use, then a process "
	 "fills 64 pipes with 64 KiB each (4 MiB). Holds: that is refused. Beside it, "
	 "256 "
	 "pipes (16 MiB) in a group whose memory is limited to 8 MiB.",
	 memcg_limit_kmem},
	{"limit-tcp", "talk-memcg-limits", "the limit on TCP buffers is enforced",
	 "A process connects to itself over a loopback of its own and writes up to 32 "
	 "MiB "
	 "that it does not read, until nothing is taken for 0.2 s; once without limit, "
	 "once with memory.kmem.tcp.limit_in_bytes of 256 KiB. Holds: at most 256 KiB "
	 "more "
	 "than the limit were ever charged, and less than half was taken.",
	 memcg_limit_tcp},
	{"oom", NULL, "who needs more than its group may have is killed, and nobody else",
	 "A process writes to 64 MiB in a group limited to 32 MiB, beside a small one (1 "
	 "MiB) in that group and one of 16 MiB in another group. Holds: one kill in the "
	 "group (oom_kill), of the large one; the others answer; none is counted in the "
	 "other group; the peak is not above the limit.",
	 memcg_oom},
	{"throttle", NULL,
	 "above memory.high (version 1: the soft limit) a process is slowed down",
	 "A process writes to 24 MiB, 256 KiB at a time, in a group whose memory.high is "
	 "16 "
	 "MiB (version 1: memory.soft_limit_in_bytes, for want of another), until it has "
	 "them, one step takes 10 s, or all of them 15 s. Holds: the median step above "
	 "it takes "
	 "more than 10 times as long as that below 14 MiB, and memory.events counts "
	 "high.",
	 memcg_throttle},
	{"protect", NULL,
	 "memory.low and memory.min (version 1: the soft limit) keep a set from a "
	 "neighbour",
	 "Two groups under one limit of 48 MiB: one reads a 16 MiB set once, the other "
	 "streams 96 MiB. Once without protection, once with memory.low and once with "
	 "memory.min of 24 MiB on the first group (version 1: "
	 "memory.soft_limit_in_bytes, for want of another). Holds: at least 95 % of the "
	 "set stay with protection and at most 80 % without; inconclusive where more "
	 "stay "
	 "without.",
	 memcg_protect},
	{"stale", NULL, "memory.stat lags behind a small change",
	 "A process writes to 16 fresh pages, or to 4096, at a random moment after at "
	 "least "
	 "2.5 s of quiet; total_rss (version 2: anon) in memory.stat is read every 5 ms "
	 "until "
	 "it "
	 "shows at least 98 % of the change. Holds: in more than half of the turns the "
	 "first reading does not show the 16 pages.",
	 memcg_stale},
};
const size_t memcg_experiment_nr =
	sizeof(memcg_experiments) / sizeof(memcg_experiments[0]);
