/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_TOPOLOGY_H
#define TARE_TOPOLOGY_H

/*
 * What the machine is made of, by hwloc: cache sizes for sized workloads, CPUs to work
 * on and CPUs to serve from.  Takes a synthetic description so that every decision is
 * testable without the machine ("pack:2 core:4 pu:2").
 */
#include <stddef.h>
#include <stdint.h>

#include "bench/base/err.h"

struct topology; /* wraps hwloc_topology_t */

/* synthetic NULL: this machine */
int topology_open(const char *synthetic, struct topology **ret, struct err *err);
void topology_close(struct topology *topology);

/* Data or unified cache of level 1..3 seen from the work CPU; 0: there is none. */
uint64_t topology_cache_bytes(const struct topology *topology, unsigned level);
uint64_t
topology_llc_bytes(const struct topology *topology); /* last-level cache, ≥ 1 MiB */
unsigned topology_cpu_nr(const struct topology *topology);
/* Of these CPUs; as many where the machine does not say what its cores are. */
unsigned topology_core_nr(const struct topology *topology);
/* Chooses `nr` work PUs, distinct cores first, counted from the last core so that CPU 0,
 * which serves interrupts, stays free; and one service PU that is none of them where
 * the machine has enough. -ERANGE when it has fewer PUs than nr. */
int topology_choose(const struct topology *topology, size_t nr, unsigned *ret_work,
		    unsigned *ret_service, struct err *err);
/* "l1" → half that cache, "l2": half, "l3": half, "dram": 4 × LLC, "4xllc": 4 × LLC,
 * or bytes ("64MiB"); a level that does not exist is -ENOENT. */
int topology_size(const struct topology *topology, const char *name, uint64_t *ret,
		  struct err *err);
/* hwloc's XML, malloc'ed. */
int topology_xml(const struct topology *topology, char **ret, struct err *err);
/* hwloc's picture as SVG into a file (lstopo where installed); -ENOTSUP otherwise. */
int topology_svg(const char *xml, const char *file, struct err *err);

#endif
