/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is called a disturbance, at both sides of each bound. */
#include <string.h>

#include "bench/base/clock.h"
#include "bench/schedule/disturbance.h"
#include "tests/check.h"

/* Two quiet CPUs of which 10 ms are looked at. */
static const struct disturbance quiet = {.since_ns = 10 * NS_PER_MS,
					 .cpu_nr = 2,
					 .load1 = 2,
					 .psi_cpu = 25,
					 .cpu_khz = 1040000,
					 .before_khz = 1000000,
					 .involuntary = 1,
					 .steal_ns = 200 * NS_PER_US};

static void check_text(const struct disturbance *disturbance, const char *want)
{
	char text[DISTURBANCE_TEXT_MAX];

	CHECK_STR(disturbance_text(disturbance, text), want);
}

static void test_bounds(void)
{
	struct disturbance d = quiet;

	check_text(&d, "");
	d.steal_ns = 201 * NS_PER_US;
	check_text(&d, "steal 1.0 %");
	d = quiet;
	d.load1 = 2.1;
	check_text(&d, "load 2.1");
	d = quiet;
	d.psi_cpu = 26;
	check_text(&d, "CPU pressure 26 %");
	d = quiet;
	d.involuntary = 1.25;
	check_text(&d, "1.2 involuntary switches a slice");
	d = quiet;
	d.cpu_khz = 940000;
	check_text(&d, "frequency -6 %");
	d.steal_ns = 4 * NS_PER_MS;
	check_text(&d, "steal 20.0 %, frequency -6 %");
}

static void test_not_known(void)
{
	static const struct disturbance none = {.since_ns = 0,
						.steal_ns = SAMPLE_NONE,
						.cpu_nr = 1,
						.load1 = -1,
						.psi_cpu = -1,
						.cpu_khz = 5,
						.involuntary = -1};

	check_text(&none, "");
}

static void test_mean(void)
{
	struct sample samples[3] = {{.involuntary = 4}, {.involuntary = 0}};

	samples[2].involuntary = SAMPLE_NONE;
	CHECK_NEAR(disturbance_involuntary(samples, 3), 2, 1e-9);
	CHECK(disturbance_involuntary(samples + 2, 1) < 0);
}

int main(void)
{
	test_bounds();
	test_not_known();
	test_mean();
	return check_done();
}
