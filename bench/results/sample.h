/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_SAMPLE_H
#define TARE_SAMPLE_H

/*
 * A sample is the record of one slice.  Only OUTCOME_OK enters the ratio; the others
 * are counted beside every figure.  Values are stored as measured, without rounding;
 * SAMPLE_NONE (UINT64_MAX) is "not known", never 0.
 */
#include <stdbool.h>
#include <stdint.h>

#define SAMPLE_NONE UINT64_MAX

enum outcome {
	OUTCOME_OK,
	OUTCOME_FAILED, /* wrong result, or it could not run */
	OUTCOME_TIMEOUT,
	OUTCOME_UNSUPPORTED,
	OUTCOME_MISMATCH, /* what ran is not what was asked */
	OUTCOME_CLOCK,	  /* the agent's clock does not agree with the host's */
	OUTCOME_MOVED,	  /* a process of it was in another control group afterwards */
	/* A true figure of the path, and none of the disk: a cache served what was asked
	 * of the disk. It is compared apart from the others (results.h). */
	OUTCOME_CACHED,
	OUTCOME_NR
};
const char *outcome_name(enum outcome outcome); /* "ok", "failed", … */

/* What fio measured, from its JSON; all SAMPLE_NONE for a native slice. */
struct sample_fio {
	uint64_t read_ios, write_ios, read_bytes, write_bytes, runtime_ns;
	/* total latency of all I/O, ns */
	uint64_t lat_mean_ns, lat_p50_ns, lat_p90_ns, lat_p99_ns, lat_p999_ns, lat_max_ns;
};

struct sample {
	uint32_t arm;	   /* index into the plan's arms */
	uint32_t position; /* in the block's mirrored order, from 0 */
	enum outcome outcome;
	char reason[160];			 /* why not ok */
	uint64_t ops, wall_ns, cpu_ns, checksum; /* as the agent says */
	uint64_t host_begin_ns, host_wall_ns;	 /* harness's clock around the request */
	uint64_t voluntary, involuntary, minor_faults, major_faults;
	uint64_t steal_ns; /* host steal time meanwhile, all CPUs */
	uint64_t host_read_bytes, host_write_bytes; /* diskstats of the scratch device */
	uint64_t account_cpu_ns, account_voluntary, account_involuntary, account_exits;
	uint64_t account_io_exits, account_mmio_exits, account_halt_exits,
		account_injections;
	struct sample_fio fio;
	/* block I/O that the kernel inside counted for the job; 0: it has no block layer
	 * on the way, or a cache of its own served everything */
	uint64_t inner_read_bytes, inner_write_bytes;
	/* The cell's metric as a cost or a rate, derived; above 0 when ok, and what was
	 * measured, if anything, when not. */
	double value;
};

/* Has it a value that is a measurement of something: ok, or cached? */
bool sample_is_measured(const struct sample *sample);
/* Gives an ok sample another outcome and the reason; the first judgement stands. */
void sample_judge(struct sample *sample, enum outcome outcome, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
