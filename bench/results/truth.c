/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/results/truth.h"

#include <unistd.h>

#include "bench/base/clock.h"

/* Nobody measures for longer than the harness waited; the slack is for the resolution of
 * an emulated clock. */
#define FAST_SLACK 1.05
#define FAST_SLACK_NS (200 * NS_PER_US)
/* A disk under direct I/O moves every byte of it; what a disk moved of a cell that is
 * meant to be cached is noise up to a tenth. */
#define DISK_SHARE_MIN 0.9
#define DISK_SHARE_MAX 0.1

void truth_clock(struct sample *sample)
{
	double cpus = (double)sysconf(_SC_NPROCESSORS_ONLN);
	double host_ns = (double)sample->host_wall_ns;
	double limit_ns = host_ns * FAST_SLACK + FAST_SLACK_NS;

	/* nobody computes for longer than we waited, on however many CPUs */
	if (sample->cpu_ns != SAMPLE_NONE && (double)sample->cpu_ns > limit_ns * cpus)
		sample_judge(sample, OUTCOME_CLOCK,
			     "the agent says %.3f ms of CPU time, the harness waited "
			     "%.3f ms",
			     (double)sample->cpu_ns / 1e6, host_ns / 1e6);
	if ((double)sample->wall_ns > limit_ns)
		sample_judge(sample, OUTCOME_CLOCK,
			     "too fast: the agent says %.3f ms, the harness waited %.3f "
			     "ms",
			     (double)sample->wall_ns / 1e6, host_ns / 1e6);
}

void truth_clock_rate(const struct clock_reading *first,
		      const struct clock_reading *second, struct sample *sample)
{
	struct clock_rate rate = clockcheck_rate(first, second);
	char text[CLOCKCHECK_TEXT_MAX];

	if (clockcheck_is_fast(&rate))
		sample_judge(sample, OUTCOME_CLOCK, "too fast: %s",
			     clockcheck_text(&rate, text));
	if (clockcheck_is_slow(&rate))
		sample_judge(sample, OUTCOME_CLOCK, "too slow: %s",
			     clockcheck_text(&rate, text));
}

static bool too_few(uint64_t moved, uint64_t claimed)
{
	return moved != SAMPLE_NONE && (double)moved < DISK_SHARE_MIN * (double)claimed;
}

static bool too_much(uint64_t moved, uint64_t claimed)
{
	return moved != SAMPLE_NONE && (double)moved > DISK_SHARE_MAX * (double)claimed;
}

/* One direction of a direct job. */
static void check_direct(const char *verb, uint64_t claimed, uint64_t host,
			 uint64_t inner, struct sample *sample)
{
	if (too_few(host, claimed))
		sample_judge(sample, OUTCOME_CACHED,
			     "%.1f MB %s, the host's disk moved %.1f MB: the rest is a "
			     "cache's",
			     (double)claimed / 1e6, verb, (double)host / 1e6);
	/* Next to nothing: no block layer on this way, and the program's own pages. The
	 * host's disk is the only witness then. */
	if (too_much(inner, claimed) && too_few(inner, claimed))
		sample_judge(sample, OUTCOME_CACHED,
			     "%.1f MB %s, the kernel inside asked its disk for %.1f MB: "
			     "the rest is its cache's",
			     (double)claimed / 1e6, verb, (double)inner / 1e6);
}

/* A job through a warm cache leaves the disk alone. The host's own counters are no
 * witness: whoever else reads adds to them. */
static void check_warm(uint64_t claimed, uint64_t inner, struct sample *sample)
{
	if (too_much(inner, claimed))
		sample_judge(sample, OUTCOME_MISMATCH,
			     "%.1f MB read through a warm cache were asked, %.1f MB came "
			     "from the disk",
			     (double)claimed / 1e6, (double)inner / 1e6);
}

void truth_bytes(const struct workload_fio *job, struct sample *sample)
{
	const struct sample_fio *fio = &sample->fio;

	if (!job->direct) {
		if (fio->read_bytes) /* what only writes needs no warm cache */
			check_warm(fio->read_bytes, sample->inner_read_bytes, sample);
		return;
	}
	check_direct("read", fio->read_bytes, sample->host_read_bytes,
		     sample->inner_read_bytes, sample);
	check_direct("written", fio->write_bytes, sample->host_write_bytes,
		     sample->inner_write_bytes, sample);
}
