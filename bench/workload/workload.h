/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_WORKLOAD_H
#define TARE_WORKLOAD_H

/*
 * A workload is identical work on every platform.  A native workload is a kernel that
 * runs inside the agent; a disk workload is a fio job.  Both programs link the table
 * (workloads.def), the harness to name and plan them, the agent to run them, so that
 * one more workload is one new file and one line.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum workload_family {
	FAMILY_CONTROL,
	FAMILY_CPU,
	FAMILY_MEMORY,
	FAMILY_MEMCG,
	FAMILY_DISK,
	FAMILY_START /* of platforms: no workload of a suite (start.h) */
};

/* What a memory cgroup is charged for while it runs. */
enum workload_charge {
	CHARGE_NONE,
	CHARGE_PAGE,   /* pages that user programs see: anonymous, tmpfs, page cache */
	CHARGE_OBJECT, /* kernel memory: slab objects, stacks, page tables */
	CHARGE_SOCKET  /* socket buffers */
};

/* Which clock decides the ratio (both are always stored). */
enum workload_metric {
	METRIC_CPU_TIME,
	METRIC_WALL_TIME,
	METRIC_ROUND_TRIP,
	METRIC_IOPS,
	METRIC_BYTES_PER_SECOND
};

/* What a native kernel is given when its epoch's worker starts. */
struct workload_setup {
	uint64_t size_bytes, seed;
	uint32_t threads;
	int cpu; /* pinned CPU or -1 */
};

/*
 * A native kernel.  All functions run in the epoch's worker process.  They return 0, or
 * a negative errno with a reason in `why` (at least PROTO_ERROR_MAX bytes); -EBADMSG
 * means "the result is wrong", -EOPNOTSUPP "not here".
 */
struct workload_native {
	/* Allocates and touches all memory; *state is handed to the others. */
	int (*open)(const struct workload_setup *setup, void **state, char *why);
	/* Does exactly `ops` operations, adds to *checksum (a function of the work
	 * alone, never of time, address or platform); verifies its own result. */
	int (*run)(void *state, uint64_t ops, uint64_t *checksum, char *why);
	void (*close)(void *state); /* takes NULL */
	bool counts_children;	    /* CPU time includes waited-for children */
};

/* A fio job, built by the harness into an argv (see fio_job.h). */
struct workload_fio {
	const char *rw; /* fio's name: read, write, randread, randwrite, randrw */
	uint32_t block_bytes, depth, read_percent; /* read_percent for randrw */
	bool direct; /* false: through the page cache, warmed before */
};

struct workload {
	const char *name;      /* exact; written to results as it is */
	const char *summary;   /* one line for `tare workloads` */
	const char *operation; /* what one operation is: "64 KiB hashed", "page fault" */
	enum workload_family family;
	enum workload_metric metric;
	enum workload_charge charges;
	bool disk_folder;	  /* makes a file in the folder of the disk under test */
	bool sized;		  /* takes sizes: l1, l2, l3, dram, 4xllc or bytes */
	const char *default_size; /* for a sized one */
	const struct workload_native *native; /* exactly one of the two is set; */
	const struct workload_fio *fio; /* the harness never calls native's functions */
};

/* The table of workloads.def, in its order. */
extern const struct workload *const workloads[];
extern const size_t workload_nr;

/* Exact lookup; NULL when there is none. */
const struct workload *workload_find(const char *name);
const char *workload_family_name(enum workload_family family);
const char *workload_charge_name(enum workload_charge charge);
/* Unit of the metric as shown: "ns/op", "IOPS", "B/s". */
const char *workload_metric_unit(enum workload_metric metric);
const char *workload_metric_name(enum workload_metric metric);

#endif
