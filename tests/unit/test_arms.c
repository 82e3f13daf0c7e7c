/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "bench/schedule/arms.h"
#include "tests/check.h"

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
	.cells = cells, .cell_nr = 1, .arms = arm_list, .arm_nr = 3, .seed = 5};

/* What the schedule goes by is what the results will say. */
static void test_half_width(void)
{
	static const double ratios[3][2] = {{0.01, 0.02}, {0.03, 0.01}, {0.02, 0.05}};
	struct stats_block blocks[6];
	struct stats_ratio ratio;
	struct arms arms;
	struct err err = {0};

	CHECK_INT(arms_init(&arms, &plan, 2, 1, &err), 0);
	CHECK(isinf(arms.list[1].half_width));
	for (size_t epoch = 0; epoch < 3; epoch++) {
		CHECK_INT(arms_add_epoch(&arms, 1, ratios[epoch], 2, &err), 0);
		CHECK(isinf(arms.list[1].half_width) == (epoch == 0));
		for (size_t i = 0; i < 2; i++)
			blocks[2 * epoch + i] =
				(struct stats_block){ratios[epoch][i], 100 + 7 * epoch};
	}
	CHECK_INT(stats_ratio(blocks, 6, plan.seed, &ratio, &err), 0);
	CHECK_NEAR(arms.list[1].half_width, ratio.half_width, 0);
	CHECK_INT(arms.list[1].epoch_nr, 3);
	arms_release(&arms);
}

/* A run that is resumed stands where it stopped. */
static void test_restore(void)
{
	static const struct stats_block blocks[] = {
		{0.01, 7}, {0.02, 7}, {0.03, 9}, {0.01, 12}, {0.02, 12}};
	struct stats_ratio ratio;
	struct arms arms;
	struct err err = {0};

	CHECK_INT(arms_init(&arms, &plan, 2, 1, &err), 0);
	CHECK_INT(arms_restore(&arms, 2, blocks, 5, &err), 0);
	CHECK_INT(arms.list[2].epoch_nr, 3);
	CHECK_INT(arms_add_epoch(&arms, 2, (double[]){0.04}, 1, &err), 0);
	CHECK_INT(arms.list[2].epoch_nr, 4);
	CHECK_INT(arms.list[2].blocks[5].epoch, 3);
	CHECK_INT(stats_ratio(arms.list[2].blocks, 6, plan.seed, &ratio, &err), 0);
	CHECK_NEAR(arms.list[2].half_width, ratio.half_width, 0);
	CHECK_INT(arms_restore(&arms, 1, NULL, 0, &err), 0);
	CHECK(isinf(arms.list[1].half_width));
	arms_release(&arms);
}

static void test_ops(void)
{
	static const struct arm plain = {.role = ROLE_AA},
				one = {.role = ROLE_INJECTED, .injected = 0.01},
				half = {.role = ROLE_INJECTED, .injected = 0.005};

	CHECK_INT(arm_ops(&plain, 4), 4);
	CHECK_INT(arm_ops(&one, 4), 100);
	CHECK_INT(arm_ops(&one, 100), 100);
	CHECK_INT(arm_ops(&one, 160), 200);
	CHECK_INT(arm_ops(&one, 205), 205); /* 2 of 2.05 */
	CHECK_INT(arm_ops(&half, 4), 200);
	CHECK_INT(arm_ops(&one, 1000000), 1000000);
}

/* Room for more blocks than the list begins with. */
static void test_many(void)
{
	double ratios[150] = {0};
	struct arms arms;
	struct err err = {0};

	CHECK_INT(arms_init(&arms, &plan, 2, 1, &err), 0);
	for (int i = 0; i < 3; i++)
		CHECK_INT(arms_add_epoch(&arms, 1, ratios, 150, &err), 0);
	CHECK_INT(arms.list[1].block_nr, 450);
	CHECK_INT(arms.list[1].blocks[449].epoch, 2);
	CHECK_NEAR(arms.list[1].half_width, 0, 0);
	arms_release(&arms);
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
	test_restore();
	test_ops();
	test_many();
	test_progress();
	test_given_up();
	return check_done();
}
