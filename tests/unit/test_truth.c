/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks of a sample, each at both sides of its bound. */
#include <math.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/results/truth.h"
#include "tests/check.h"

static struct sample blank(void)
{
	struct sample sample;

	memset(&sample, 0xff, sizeof(sample));
	sample.outcome = OUTCOME_OK;
	sample.reason[0] = '\0';
	return sample;
}

/* --- clock --- */

static void test_interval(void)
{
	static const struct {
		uint64_t host_us, wall_us;
		enum outcome outcome;
	} cases[] = {
		{100000, 100000, OUTCOME_OK},	 {100000, 105200, OUTCOME_OK},
		{100000, 105201, OUTCOME_CLOCK}, {100000, 1, OUTCOME_OK},
		{1500, 1775, OUTCOME_OK},	 {1500, 1776, OUTCOME_CLOCK},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample sample = blank();

		sample.host_wall_ns = cases[i].host_us * NS_PER_US;
		sample.wall_ns = cases[i].wall_us * NS_PER_US;
		truth_clock(&sample);
		CHECK_INT(sample.outcome, cases[i].outcome);
		CHECK((sample.reason[0] != '\0') == (sample.outcome != OUTCOME_OK));
	}
}

static void test_cpu(void)
{
	struct sample sample = blank();

	sample.host_wall_ns = NS_PER_S;
	sample.wall_ns = NS_PER_S / 2;
	sample.cpu_ns = 1000000 * NS_PER_S; /* more CPUs than anybody has */
	truth_clock(&sample);
	CHECK_INT(sample.outcome, OUTCOME_CLOCK);
	CHECK(strstr(sample.reason, "CPU time") != NULL);
}

/* Readings 1 ms wide, so many ms apart. */
static struct clock_rate rate_of(uint64_t apart_ms, uint64_t agent_us)
{
	const struct clock_reading first = {10 * NS_PER_MS, 11 * NS_PER_MS, 5};
	const struct clock_reading second = {(11 + apart_ms) * NS_PER_MS,
					     (12 + apart_ms) * NS_PER_MS,
					     5 + agent_us * NS_PER_US};

	return clockcheck_rate(&first, &second);
}

static void test_rate(void)
{
	static const struct {
		uint64_t apart_ms, agent_us;
		bool fast, slow;
	} cases[] = {
		{1000, 1000000, false, false}, {1000, 1001000, false, false},
		{1000, 1013000, true, false},  {1000, 989000, false, true},
		{1000, 991000, false, false}, /* within the tolerance */
		{10, 12000, false, false},    /* the channel may have taken it */
		{10, 13000, true, false},      {10, 9800, false, true},
		{1000, 0, false, true}, /* stood still */
	};
	struct sample sample = blank();
	const struct clock_reading late = {10, 20, 1000}, early = {30, 40, 10};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct clock_rate rate = rate_of(cases[i].apart_ms, cases[i].agent_us);

		CHECK_INT(clockcheck_is_fast(&rate), cases[i].fast);
		CHECK_INT(clockcheck_is_slow(&rate), cases[i].slow);
		CHECK(rate.least <= rate.most);
	}
	truth_clock_rate(&late, &late, &sample); /* the same reading proves nothing */
	CHECK_INT(sample.outcome, OUTCOME_OK);
	truth_clock_rate(&late, &early, &sample); /* it went back */
	CHECK_INT(sample.outcome, OUTCOME_CLOCK);
}

/* --- bytes --- */

static const struct workload_fio direct = {.rw = "randrw", .direct = true},
				 warm = {.rw = "read"};

static void test_bytes(void)
{
	static const struct {
		const struct workload_fio *job;
		uint64_t host_read, host_write, inner_read, inner_write;
		enum outcome outcome;
	} cases[] = {
		/* 1000 bytes read and 500 written were claimed */
		{&direct, 1000, 500, 1000, 500, OUTCOME_OK},
		{&direct, 90000, 90000, 1000, 500, OUTCOME_OK}, /* others' */
		{&direct, 900, 450, 1000, 500, OUTCOME_OK},
		{&direct, 899, 500, 1000, 500, OUTCOME_CACHED},
		{&direct, 1000, 449, 1000, 500, OUTCOME_CACHED},
		{&direct, 0, 0, 0, 0, OUTCOME_CACHED},
		{&direct, 9000, 500, 0, 0, OUTCOME_OK},	   /* a shared folder */
		{&direct, 9000, 500, 100, 50, OUTCOME_OK}, /* fio's own pages */
		{&direct, 9000, 9000, 101, 500, OUTCOME_CACHED},
		{&direct, 9000, 9000, 899, 500, OUTCOME_CACHED},
		{&direct, 9000, 9000, 1000, 449, OUTCOME_CACHED},
		{&direct, SAMPLE_NONE, SAMPLE_NONE, 1000, 500, OUTCOME_OK},
		{&direct, SAMPLE_NONE, SAMPLE_NONE, 899, 500, OUTCOME_CACHED},
		{&direct, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, OUTCOME_OK},
		{&warm, 0, 0, 0, 0, OUTCOME_OK},
		{&warm, 90000, 90000, 100, 0, OUTCOME_OK},
		{&warm, 0, 0, 101, 0, OUTCOME_MISMATCH},
		{&warm, 0, 0, SAMPLE_NONE, SAMPLE_NONE, OUTCOME_OK},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample sample = blank();

		sample.fio.read_bytes = 1000;
		sample.fio.write_bytes = 500;
		sample.host_read_bytes = cases[i].host_read;
		sample.host_write_bytes = cases[i].host_write;
		sample.inner_read_bytes = cases[i].inner_read;
		sample.inner_write_bytes = cases[i].inner_write;
		truth_bytes(cases[i].job, &sample);
		CHECK_INT(sample.outcome, cases[i].outcome);
		if (sample.outcome != cases[i].outcome)
			printf("# case %zu: %s\n", i, sample.reason);
	}
}

/* The first judgement stands. */
static void test_first(void)
{
	struct sample sample = blank();

	sample_judge(&sample, OUTCOME_MOVED, "first");
	sample_judge(&sample, OUTCOME_CACHED, "second");
	CHECK_INT(sample.outcome, OUTCOME_MOVED);
	CHECK_STR(sample.reason, "first");
	CHECK(!sample_is_measured(&sample));
	sample.outcome = OUTCOME_CACHED;
	CHECK(sample_is_measured(&sample));
}

int main(void)
{
	test_interval();
	test_cpu();
	test_rate();
	test_bytes();
	test_first();
	return check_done();
}
