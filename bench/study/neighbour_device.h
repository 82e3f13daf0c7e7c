/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_DEVICE_H
#define TARE_NEIGHBOUR_DEVICE_H

/*
 * The disk that limits on input and output are set for: the whole one that holds the
 * data files.  What it heeds is read from it, never told by a name.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/cgroup/cgroup.h"

struct neighbour_device {
	const char *root; /* of the machine's files: "", or a recorded one, for tests */
	unsigned major, minor;
	char scheduler[32]; /* in use: "mq-deadline" */
	char missing[256];  /* why there is none, "" : there is one */
};
/* Of the file system that holds `path`. A loop device stands for itself: what is asked of
 * it is held back there. */
void neighbour_device_find(const char *path, struct neighbour_device *ret);
/* The same by device number, below `root`; kind: of the file system, for the reason. */
void neighbour_device_at(const char *root, dev_t number, const char *kind,
			 struct neighbour_device *ret);

/* How a disk heeds weights. */
enum neighbour_heed { HEED_NOTHING, HEED_CFQ, HEED_BFQ, HEED_IOCOST };
/* hierarchy: where groups of io or blkio are; why: the reason for HEED_NOTHING. */
enum neighbour_heed neighbour_device_heeds(const struct neighbour_device *device,
					   const struct cgroup_hierarchy *hierarchy,
					   char *why, size_t size);

/* What the disk moved so far for a group, as its controller has accounted it. */
struct neighbour_moved {
	uint64_t read_bytes, write_bytes, read_ios, write_ios;
};
/* -ENOTSUP: not accounted here. */
int neighbour_device_moved(const struct neighbour_device *device,
			   const struct cgroup_hierarchy *hierarchy, const char *group,
			   struct neighbour_moved *ret);

#endif
