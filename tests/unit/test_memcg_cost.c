/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reading side of the memory cgroup's costs, and the band of dear phases. */
#include <math.h>
#include <string.h>

#include "bench/figure/figure_memcg.h"
#include "bench/memcg/memcg_bytes.h"
#include "tests/check.h"

#define NR 64
#define PAGE 4096.0

static struct result ratio(int64_t cell, const char *label, const char *role,
			   const char *charges, double value)
{
	return (struct result){
		.cell = cell,
		.label = (char *)(uintptr_t)label,
		.family = (char *)(uintptr_t) "memcg",
		.role = (char *)(uintptr_t)role,
		.platform = (char *)(uintptr_t) "memcg",
		.parameters = (char *)(uintptr_t)charges,
		.known = true,
		.stats = {.ratio = value, .low = value * 0.9, .high = value * 1.1},
	};
}

static void test_costs(void)
{
	struct result list[] = {
		ratio(1, "syscall", "platform", "{\"charges\":\"none\"}", 1),
		ratio(2, "pipe", "baseline", "{\"charges\":\"object\"}", 1),
		ratio(2, "pipe", "platform", "{\"charges\":\"object\"}", 0.8),
		ratio(2, "pipe", "platform", "{\"charges\":\"object\"}", 0.5),
		ratio(2, "pipe", "aa", "{\"charges\":\"object\"}", 1),
		ratio(3, "fault-4k", "platform", "{\"charges\":\"page\"}", 0.9),
		ratio(4, "odd", "injected", "not JSON", 0.9),
	};
	const struct results results = {.list = list, .nr = 7};
	struct memcg_costs costs = {0};
	struct err err = {0};

	CHECK_INT(memcg_costs_make(&results, &costs, &err), 0);
	CHECK_INT(costs.nr, 5);
	if (costs.nr != 5)
		return;
	CHECK_STR(costs.list[0].result->label, "fault-4k");
	CHECK_STR(costs.list[1].result->label, "pipe");
	CHECK(fabs(costs.list[1].share - 0.25) < 1e-9);
	CHECK(costs.list[1].low < costs.list[1].share);
	CHECK(costs.list[1].share < costs.list[1].high);
	CHECK(costs.list[3].control);
	CHECK_STR(costs.list[4].result->label, "syscall");
	CHECK(memcg_cost_is_plain(&costs, 0) && !memcg_cost_is_variant(&costs, 0));
	CHECK(memcg_cost_is_plain(&costs, 1) && memcg_cost_is_variant(&costs, 1));
	CHECK(!memcg_cost_is_plain(&costs, 2) && memcg_cost_is_variant(&costs, 2));
	CHECK(!memcg_cost_is_plain(&costs, 3) && !memcg_cost_is_variant(&costs, 3));
	memcg_costs_release(&costs);
}

/* Dear in [3000, 4096) and [0, 904): a band of 2000 bytes around the end of the page. */
static void test_band(void)
{
	double phases[NR], values[NR];
	uint64_t random = 42;
	struct memcg_band band;
	struct err err = {0};

	for (size_t i = 0; i < NR; i++) {
		bool dear = i * PAGE / NR >= 3000 || i * PAGE / NR < 904;

		phases[i] = i * PAGE / NR;
		values[i] = (dear ? 110 : 100) + (double)(i * 7 % 5);
	}
	CHECK_INT(memcg_band(phases, values, NR, 2000, PAGE, &random, &band, &err), 0);
	CHECK(band.start_bytes >= 3000 && band.start_bytes <= 3072);
	CHECK(band.dear > 109 && band.dear < 115);
	CHECK(band.cheap > 99 && band.cheap < 105);
	CHECK(band.chance <= 0.01);
	for (size_t i = 0; i < NR; i++) /* no order in it */
		values[i] = (double)(i * 37 % 61);
	CHECK_INT(memcg_band(phases, values, NR, 2000, PAGE, &random, &band, &err), 0);
	CHECK(band.chance > 0.05);
	CHECK_INT(memcg_band(phases, values, 1, 2000, PAGE, &random, &band, &err),
		  -EINVAL);
}

int main(void)
{
	test_costs();
	test_band();
	return check_done();
}
