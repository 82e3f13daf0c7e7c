/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/density.h"

#include "tests/check.h"

static void test_jain(void)
{
	const double equal[] = {3, 3, 3, 3}, one[] = {5, 0, 0, 0}, half[] = {1, 1, 0, 0};
	const double none[] = {0, 0};

	CHECK_NEAR(density_jain(equal, 4), 1.0, 1e-12);
	CHECK_NEAR(density_jain(one, 4), 0.25, 1e-12);
	CHECK_NEAR(density_jain(half, 4), 0.5, 1e-12);
	CHECK_NEAR(density_jain(none, 2), 0.0, 1e-12);
}

static void test_knee(void)
{
	const double counts[] = {1, 2, 4, 8};
	const double linear[] = {10, 20, 40, 80}, flat[] = {10, 20, 20, 19},
		     at_once[] = {10, 10, 10, 10};

	CHECK_INT(density_knee(counts, linear, 4), 0);
	CHECK_INT(density_knee(counts, flat, 4), 2);
	CHECK_INT(density_knee(counts, at_once, 4), 1);
	CHECK_INT(density_knee(counts, flat, 0), 0);
}

int main(void)
{
	test_jain();
	test_knee();
	return check_done();
}
