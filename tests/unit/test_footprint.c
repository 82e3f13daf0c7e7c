/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/footprint.h"

#include <math.h>

#include "tests/check.h"

static void add(struct footprint *footprint, double before, double after, unsigned nr)
{
	struct footprint_reading first = {{0}}, second = {{0}};

	first.bytes[FOOTPRINT_SLAB] = before;
	second.bytes[FOOTPRINT_SLAB] = after;
	footprint_add(footprint, &first, &second, nr, 7);
}

static void test_mean(void)
{
	struct footprint footprint = {.nr = 0};
	struct stats_mean over;

	add(&footprint, 100, 140, 2);
	over = footprint_mean(&footprint, FOOTPRINT_SLAB);
	CHECK_NEAR(over.mean, 20, 1e-9);
	CHECK(isnan(over.low) && isnan(over.high));
	add(&footprint, 0, 120, 4);
	over = footprint_mean(&footprint, FOOTPRINT_SLAB);
	CHECK_NEAR(over.mean, 25, 1e-9);
	/* two values, 20 and 30: half = t(0.975, 1) * sqrt(50 / 2) = 12.7062 * 5 */
	CHECK_NEAR(over.low, 25 - 63.531, 0.01);
	CHECK_NEAR(over.high, 25 + 63.531, 0.01);
	over = footprint_mean(&footprint, FOOTPRINT_PSS);
	CHECK_NEAR(over.mean, 7, 1e-9);
}

static void test_bounds(void)
{
	struct footprint footprint = {.nr = 0};

	add(&footprint, 0, 1, 0); /* no instance, no step */
	CHECK_INT((int)footprint.nr, 0);
	for (unsigned i = 0; i < 2 * FOOTPRINT_STEPS_MAX; i++)
		add(&footprint, 0, 1, 1);
	CHECK_INT((int)footprint.nr, FOOTPRINT_STEPS_MAX);
}

static void test_read(void)
{
	struct footprint_reading reading;
	struct err err = {0};

	CHECK_INT(footprint_read(&reading, &err), 0);
	CHECK(reading.bytes[FOOTPRINT_USED] < 0); /* what is available, turned over */
	CHECK(reading.bytes[FOOTPRINT_PAGE_TABLES] > 0);
	CHECK_STR(footprint_name(FOOTPRINT_PSS), "pss_bytes");
}

int main(void)
{
	test_mean();
	test_bounds();
	test_read();
	return check_done();
}
