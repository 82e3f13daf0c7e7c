/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fio jobs: one line of numbers each. */
#include "bench/workload/workload.h"

#define KIB 1024u
#define MIB (1024u * KIB)

#define DISK(id, text, about, what, unit, ...)                     \
	static const struct workload_fio fio_##id = {__VA_ARGS__}; \
	const struct workload workload_##id = {                    \
		.name = text,                                      \
		.summary = about,                                  \
		.operation = what,                                 \
		.family = FAMILY_DISK,                             \
		.metric = unit,                                    \
		.fio = &fio_##id,                                  \
	}

DISK(seqread, "seqread", "sequential read, 1 MiB blocks, queue depth 8, direct",
     "1 MiB read", METRIC_BYTES_PER_SECOND, .rw = "read", .block_bytes = MIB, .depth = 8,
     .direct = true);
DISK(seqread_qd1, "seqread-qd1", "sequential read, 1 MiB blocks, queue depth 1, direct",
     "1 MiB read", METRIC_BYTES_PER_SECOND, .rw = "read", .block_bytes = MIB, .depth = 1,
     .direct = true);
DISK(seqwrite, "seqwrite", "sequential write, 1 MiB blocks, queue depth 8, direct",
     "1 MiB written", METRIC_BYTES_PER_SECOND, .rw = "write", .block_bytes = MIB,
     .depth = 8, .direct = true);
DISK(randread_qd1, "randread-qd1", "random read, 4 KiB blocks, queue depth 1, direct",
     "4 KiB read", METRIC_IOPS, .rw = "randread", .block_bytes = 4 * KIB, .depth = 1,
     .direct = true);
DISK(randread_qd32, "randread-qd32", "random read, 4 KiB blocks, queue depth 32, direct",
     "4 KiB read", METRIC_IOPS, .rw = "randread", .block_bytes = 4 * KIB, .depth = 32,
     .direct = true);
DISK(randread_qd16, "randread-qd16", "random read, 4 KiB blocks, queue depth 16, direct",
     "4 KiB read", METRIC_IOPS, .rw = "randread", .block_bytes = 4 * KIB, .depth = 16,
     .direct = true);
DISK(randread_qd128, "randread-qd128",
     "random read, 4 KiB blocks, queue depth 128, direct", "4 KiB read", METRIC_IOPS,
     .rw = "randread", .block_bytes = 4 * KIB, .depth = 128, .direct = true);
DISK(randwrite_qd1, "randwrite-qd1", "random write, 4 KiB blocks, queue depth 1, direct",
     "4 KiB written", METRIC_IOPS, .rw = "randwrite", .block_bytes = 4 * KIB, .depth = 1,
     .direct = true);
DISK(randwrite_qd32, "randwrite-qd32",
     "random write, 4 KiB blocks, queue depth 32, direct", "4 KiB written", METRIC_IOPS,
     .rw = "randwrite", .block_bytes = 4 * KIB, .depth = 32, .direct = true);
DISK(randwrite_qd128, "randwrite-qd128",
     "random write, 4 KiB blocks, queue depth 128, direct", "4 KiB written", METRIC_IOPS,
     .rw = "randwrite", .block_bytes = 4 * KIB, .depth = 128, .direct = true);
DISK(mixed_qd16, "mixed-qd16",
     "70 % random read, 30 % random write, 4 KiB blocks, queue depth 16, direct",
     "4 KiB read or written", METRIC_IOPS, .rw = "randrw", .block_bytes = 4 * KIB,
     .depth = 16, .read_percent = 70, .direct = true);
DISK(mixed_qd256, "mixed-qd256",
     "70 % random read, 30 % random write, 4 KiB blocks, queue depth 256, direct",
     "4 KiB read or written", METRIC_IOPS, .rw = "randrw", .block_bytes = 4 * KIB,
     .depth = 256, .read_percent = 70, .direct = true);
DISK(seqread_cached, "seqread-cached",
     "sequential read, 1 MiB blocks, through a warm page cache", "1 MiB read",
     METRIC_BYTES_PER_SECOND, .rw = "read", .block_bytes = MIB, .depth = 1);
DISK(randread_cached, "randread-cached",
     "random read, 4 KiB blocks, through a warm page cache", "4 KiB read", METRIC_IOPS,
     .rw = "randread", .block_bytes = 4 * KIB, .depth = 1);
DISK(seqwrite_cached, "seqwrite-cached",
     "sequential write, 1 MiB blocks, into the page cache", "1 MiB written",
     METRIC_BYTES_PER_SECOND, .rw = "write", .block_bytes = MIB, .depth = 1);
