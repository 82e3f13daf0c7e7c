/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_ROOM_H
#define TARE_ROOM_H

/*
 * How much room the host has for instances, and how it fares while they are there: what
 * is read, and the pure decisions on it.  A limit on the group that all groups of ours
 * are made in (tare in a container, say) counts as the host's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

/* Memory as it is now. */
struct room_memory {
	double available; /* bytes */
	double pressure;  /* share of ten seconds in which somebody waited for memory
			     (PSI, some avg10); NAN: this kernel does not count it */
	uint64_t swapped; /* pages, in and out, since boot */
	uint64_t killed;  /* processes, for want of memory, since boot */
};
/* Below `root` lies a /proc, "" for this machine's: recorded ones are for tests. */
int room_memory_read(const char *root, struct room_memory *ret, struct err *err);

/* What may be used up. */
struct room {
	double memory; /* bytes available */
	double tasks;  /* that may still be made */
	double files;  /* that this process may still open */
	double disk;   /* bytes free where instances keep what they write */
};
/* dir: a folder of ours. */
int room_read(const char *dir, struct room *ret, struct err *err);

/* Lets this process, and those that it starts, open as many files as it may. */
void room_raise_files(void);
/* So many instances of each of `platforms` have room, at most `asked`, when each may take
 * memory_bytes and all platforms but one are paused; `host_share` of the memory stays
 * with the host.  *why: "memory", "tasks", "open files", "disk", or "" where all asked
 * for fit. */
unsigned room_instances(const struct room *room, size_t platforms, uint64_t memory_bytes,
			double host_share, unsigned asked, const char **why);

#endif
