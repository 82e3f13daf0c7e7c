/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "../../bench/arms.h"
#include "../check.h"

static const struct workload native = {.name = "n"};
static struct cell cells[] = {
	{.workload = &native, .precision = 0.01, .arm_nr = 3},
};
static struct arm arm_list[] = {
	{.index = 0, .role = ROLE_BASELINE},
	{.index = 1, .role = ROLE_PLATFORM},
	{.index = 2, .role = ROLE_AA},
};
static const struct plan plan = {
	.cells = cells, .cell_nr = 1, .arms = arm_list, .arm_nr = 3};

/* Student's t for 3 degrees of freedom is 3.182446 (two-sided 95 %); the standard
 * deviation of 1, 2, 3, 4 is 1.290994. */
static void test_half_width(void)
{
	static const double means[] = {1, 2, 3, 4};

	CHECK_NEAR(arms_half_width(means, 4), 3.182446 * 1.290994 / 2, 1e-5);
	CHECK(isinf(arms_half_width(means, 1)));
	CHECK(isinf(arms_half_width(means, 0)));
}

static void test_progress(void)
{
	struct arms arms;
	struct err err = {0};
	unsigned met, total;

	CHECK_INT(arms_init(&arms, &plan, 2, 1, &err), 0);
	arms_count(&arms, &met, &total);
	CHECK_INT(met, 0);
	CHECK_INT(total, 2);
	for (int i = 0; i < 2; i++)
		CHECK_INT(arms_add_epoch(&arms, 1, (double[]){0.5}, 1, &err), 0);
	CHECK(arm_is_met(&arms.list[1], &cells[0]));
	CHECK_INT(arms_widest(&arms), 2);
	for (int i = 0; i < 2; i++)
		CHECK_INT(arms_add_epoch(&arms, 2, (double[]){i * 0.5}, 1, &err), 0);
	CHECK(!arm_is_met(&arms.list[2], &cells[0]));
	arms_count(&arms, &met, &total);
	CHECK_INT(met, 1);
	arms_release(&arms);
}

static void test_given_up(void)
{
	struct arms arms;
	struct err err = {0};

	CHECK_INT(arms_init(&arms, &plan, 1, 1, &err), 0);
	for (int i = 0; i < ARM_FAILURES_MAX; i++) {
		CHECK(!arms.list[1].dead);
		CHECK_INT(arms_add_epoch(&arms, 1, NULL, 0, &err), 0);
	}
	CHECK(arms.list[1].dead);
	arms.list[2].dead = true;
	CHECK_INT(arms_widest(&arms), -1);
	arms_release(&arms);
}

int main(void)
{
	test_half_width();
	test_progress();
	test_given_up();
	return check_done();
}
