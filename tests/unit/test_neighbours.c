/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbours.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "bench/study/neighbour_tally.h"
#include "tests/check.h"

static const char *why;

/* What the neighbour had is known to ±0.01; without the limit it had twice that. */
static enum finding judge(enum neighbour_limit limit, double got, double low, double high)
{
	const struct neighbour_finding one = {
		.limit = &neighbour_limits[limit],
		.seen = {.ratio = {.low = low, .high = high},
			 .got = {got, got - 0.01, got + 0.01},
			 .without.got = {2 * got, 2 * got, 2 * got}}};

	return neighbours_judge(&one, &why);
}

/* A limit shows nothing where no more is wanted, or where nothing is known. */
static void test_demand(void)
{
	struct neighbour_finding one = {
		.limit = &neighbour_limits[LIMIT_PIDS],
		.seen = {.got = {16, 16, 16}, .without.got = {34, 34, 34}}};

	CHECK_INT(neighbours_judge(&one, &why), FINDING_HOLDS);
	CHECK_STR(why, "");
	one.seen.got.high = one.seen.got.low = 17;
	CHECK_INT(neighbours_judge(&one, &why), FINDING_FAILS);
	one.seen.got = (struct neighbour_reading){10, 10, 10};
	one.seen.without.got = one.seen.got;
	CHECK_INT(neighbours_judge(&one, &why), FINDING_INCONCLUSIVE);
	CHECK_STR(why, "the neighbour wants no more without the limit");
	one.seen.without.got = (struct neighbour_reading){NAN, NAN, NAN};
	CHECK_INT(neighbours_judge(&one, &why), FINDING_HOLDS);
	one.seen.got = one.seen.without.got;
	CHECK_INT(neighbours_judge(&one, &why), FINDING_INCONCLUSIVE);
	one.unavailable = "a reason";
	CHECK_INT(neighbours_judge(&one, &why), FINDING_UNAVAILABLE);
}

/* A victim that nobody harms shows nothing about what protects it. */
static void test_unharmed(void)
{
	struct neighbour_finding one = {
		.limit = &neighbour_limits[LIMIT_IO_WEIGHT],
		.seen = {.ratio = {.low = 0.95, .high = 1},
			 .without.ratio = {.low = 0.4, .high = 0.6, .blocks = 6}}};

	CHECK_INT(neighbours_judge(&one, &why), FINDING_HOLDS);
	one.seen.without.ratio.low = 0.94;
	CHECK_INT(neighbours_judge(&one, &why), FINDING_INCONCLUSIVE);
	CHECK_STR(why, "the victim keeps as much without the limit");
	one.seen.ratio = (struct stats_ratio){.low = 0.3, .high = 0.4};
	CHECK_INT(neighbours_judge(&one, &why), FINDING_FAILS);
}

static void test_cached(void)
{
	struct neighbour_finding one = {
		.limit = &neighbour_limits[LIMIT_LOW],
		.seen = {.cached = {0.99, 0.97, 1}, .without.cached = {0.3, 0.2, 0.4}}};

	CHECK(one.limit->on_victim);
	CHECK_INT(neighbours_judge(&one, &why), FINDING_HOLDS);
	one.seen.cached = (struct neighbour_reading){0.9, 0.8, 0.96};
	CHECK_INT(neighbours_judge(&one, &why), FINDING_INCONCLUSIVE);
	CHECK(why[0]);
	one.seen.cached.high = 0.91;
	CHECK_INT(neighbours_judge(&one, &why), FINDING_FAILS);
	one.seen.without.cached = (struct neighbour_reading){1, 0.99, 1};
	CHECK_INT(neighbours_judge(&one, &why), FINDING_INCONCLUSIVE);
	CHECK_STR(why, "the set stays cached without it as well");
}

/* Half the rate beside; the slices' times tripled, the worst of them in one window. */
static void fill(struct neighbour_window windows[NEIGHBOUR_WINDOWS], double factor)
{
	for (unsigned i = 0; i < NEIGHBOUR_WINDOWS; i++) {
		bool beside = neighbour_is_beside(i);

		windows[i] = (struct neighbour_window){
			.ops_per_s = (beside ? 50 : 100) * factor,
			.p50_ns = (beside ? 30 : 10) * factor,
			.p99_ns = beside ? (i == 1 ? 90 : 50) : 20,
			.got = beside ? 0.5 * factor : 0,
			.cached = NAN,
			.hits = beside ? 3 : 100};
	}
}

/* The least and the most of three rounds enclose the median three times in four only. */
static void test_few_rounds(void)
{
	struct neighbour_tally tally = {.nr = 0};
	struct neighbour_window windows[NEIGHBOUR_WINDOWS];
	struct neighbour_seen seen = {.hits = -1};
	struct err err = {0};

	for (int i = 0; i < 3; i++) {
		fill(windows, 1 + i / 100.0);
		windows[1].cached = windows[2].cached = 1 - i / 100.0;
		CHECK_INT(neighbour_tally_add(&tally, windows, &err), 0);
	}
	CHECK_INT(neighbour_tally_see(&tally, 1, &seen, &err), 0);
	CHECK_NEAR(seen.got.value, 0.505, 1e-9);
	/* t of 2 degrees of freedom, 4.3027, times 0.005 / sqrt(3) */
	CHECK_NEAR(seen.got.low, 0.505 - 0.012421, 1e-6);
	CHECK_NEAR(seen.got.high, 0.505 + 0.012421, 1e-6);
	CHECK_NEAR(seen.cached.high, 1, 0);
}

static void test_tally(void)
{
	struct neighbour_tally tally = {.nr = 0};
	struct neighbour_window windows[NEIGHBOUR_WINDOWS];
	struct neighbour_seen seen = {.hits = -1};
	struct err err = {0};

	fill(windows, 1);
	CHECK_INT(neighbour_tally_add(&tally, windows, &err), 0);
	CHECK_INT(neighbour_tally_see(&tally, 1, &seen, &err), -ENODATA);
	CHECK_NEAR(seen.hits, -1, 0); /* nothing is written on failure */
	err_clear(&err);
	for (int i = 1; i < 8; i++) {
		fill(windows, 1 + i / 100.0);
		CHECK_INT(neighbour_tally_add(&tally, windows, &err), 0);
	}
	CHECK_INT(neighbour_tally_see(&tally, 1, &seen, &err), 0);
	CHECK_NEAR(seen.ratio.ratio, 0.5, 1e-9);
	CHECK_NEAR(seen.p50_ns[false].value, 10.35, 1e-9);
	CHECK_NEAR(seen.p50_ns[true].value, 31.05, 1e-9);
	CHECK_NEAR(seen.p99_ns[true].value, 90, 1e-9);
	CHECK_NEAR(seen.got.value, 0.5175, 1e-9);
	/* an interval never reaches beyond what was seen */
	CHECK(seen.got.low >= 0.5 && seen.got.high <= 0.535 + 1e-9);
	CHECK(isnan(seen.cached.value));
	CHECK_NEAR(seen.hits, 8 * 6, 0);
	windows[2].ops_per_s = 0;
	CHECK_INT(neighbour_tally_add(&tally, windows, &err), -EDOM);
}

/* A name that does not fit is refused, for its beginning is another group's. */
static void test_long_name(void)
{
	static const char *const controllers[] = {"cpu", NULL};
	struct neighbour_host host = {0};
	struct neighbour_group group;
	struct err err = {0};
	char name[400];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	CHECK_INT(neighbour_group_open(&group, &host, controllers, name, getpid(), &err),
		  -ENAMETOOLONG);
	CHECK(!group.made && !group.name[0]);
	err_clear(&err);
	CHECK(neighbour_room_open(&host, name, 1 << 20, &err) != 0 || !host.room[0]);
	CHECK(!host.room[0]);
	neighbour_room_close(&host);
}

/* "0" written to cgroup.procs would move tare itself. */
static void test_no_process(void)
{
	static const char *const controllers[] = {"cpu", NULL};
	struct neighbour_host host = {0};
	struct neighbour_group group;
	struct err err = {0};

	CHECK_INT(neighbour_group_open(&group, &host, controllers, "tare-1-a", 0, &err),
		  -ESRCH);
	CHECK(!group.made);
	neighbour_group_close(&group);
}

int main(void)
{
	test_no_process();
	test_long_name();
	test_demand();
	test_unharmed();
	test_cached();
	test_few_rounds();
	test_tally();
	CHECK_INT(judge(LIMIT_QUOTA, 0.21, 0.4, 0.5), FINDING_HOLDS);
	CHECK_INT(judge(LIMIT_QUOTA, 0.35, 0.9, 1.0), FINDING_FAILS); /* a cap is a cap */
	CHECK_INT(judge(LIMIT_WEIGHT, 0.6, 0.85, 0.95), FINDING_HOLDS);
	/* as with equal weights */
	CHECK_INT(judge(LIMIT_WEIGHT, 0.5, 0.45, 0.55), FINDING_FAILS);
	CHECK_INT(judge(LIMIT_WEIGHT, 0.1, 0.5, 1.2), FINDING_INCONCLUSIVE);
	CHECK_INT(judge(LIMIT_CPUSET, 1, 0.95, 1.02), FINDING_HOLDS);
	/* still on the same CPU */
	CHECK_INT(judge(LIMIT_CPUSET, 1, 0.45, 0.55), FINDING_FAILS);
	CHECK_INT(judge(LIMIT_NONE, 1, 0.45, 0.55), FINDING_INCONCLUSIVE);
	/* the interval lies on both sides of the cap */
	CHECK_INT(judge(LIMIT_QUOTA, 0.3, 0.9, 1.0), FINDING_INCONCLUSIVE);
	CHECK_STR(why, "what the neighbour had lies on both sides of the limit");
	CHECK_STR(neighbour_limits[LIMIT_NONE].name, "none");
	CHECK_STR(neighbour_limits[LIMIT_CPUSET].name, "cpuset");
	return check_done();
}
