/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites of the studies: what they say, and what is wrong with them, line by line. */
#include <errno.h>

#include "bench/config/density_settings.h"
#include "bench/config/footprint_settings.h"
#include "bench/config/neighbour_settings.h"
#include "bench/config/start_settings.h"
#include "tests/check.h"
#include "tests/unit/tables.h"

#define HEAD(study) "study: " study "\ndescription: d\nbudget: 9m\nmemory: 512MiB\n"
#define START HEAD("start") "running: [0, 2]\ncold: yes\ntools: no\n"
#define STOP "stop: {share_of_alone: 2%, host_memory: 25%, memory_pressure: 10%}\n"
#define DENSITY_REST "slice: 2ms\nwindow: 500ms\nwindows: 6\n" STOP
#define DENSITY HEAD("density") "counts: [1, 2, 8]\nworkload: int\n" DENSITY_REST
#define FOOTPRINT_REST                                                                \
	"instances: 2\nrounds: 8\nsharers: 3\nshare_rounds: 2\nfile: 32MiB\ngroups: " \
	"1000\n"
#define FOOTPRINT HEAD("footprint") "touch: 64MiB\n" FOOTPRINT_REST
#define NEIGHBOURS_REST \
	"rounds: 6\nwindow: 150ms\nvictim_slice: 2ms\naggressor_slice: 20ms\n"
#define NEIGHBOURS                                                                   \
	HEAD("neighbours")                                                           \
	"limits: [none, quota]\n" NEIGHBOURS_REST "pairs:\n"                         \
	"  - {name: CPU hog, victim: int, aggressor: int}\n"                         \
	"  - {name: reader, victim: int, aggressor: chase, aggressor_size: 64MiB, "  \
	"limits: [cpuset]}\n"                                                        \
	"  - {name: flood, victim: int, aggressor: seqread-cached, aggressor_size: " \
	"8MiB}\n"                                                                    \
	"disk: {size: 16MiB, window: 300ms, rounds: 3}\n"

static void check_head(const struct study_head *head)
{
	CHECK_STR(head->suite.name, "s");
	CHECK_STR(head->suite.on, "metal");
	CHECK_INT(head->suite.seed, 7);
	CHECK_INT(head->suite.budget_ns, 540000000000);
	CHECK_INT(head->memory_bytes, 512 << 20);
}

static void test_start(void)
{
	struct start_settings settings = {.cold = false};
	struct err err = {0};

	CHECK_INT(study_parse("d/s.yaml", START "seed: 7\non: metal\n", &study_start,
			      &settings, &err),
		  0);
	CHECK_STR(err.text, "");
	check_head(&settings.head);
	CHECK_INT(settings.running_nr, 2);
	CHECK_INT(settings.running[1], 2);
	CHECK(settings.cold && !settings.tools);
	suite_release(&settings.head.suite);
}

static void test_density(void)
{
	struct density_settings settings = {.windows = 0};
	struct err err = {0};

	CHECK_INT(study_parse("s.yaml", DENSITY, &study_density, &settings, &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(settings.count_nr, 3);
	CHECK_INT(settings.counts[2], 8);
	CHECK(settings.workload == &workload_int);
	CHECK_INT(settings.windows, 6);
	CHECK_INT(settings.window_ns, 500000000);
	CHECK_NEAR(settings.stop_share, 0.02, 1e-12);
	CHECK_NEAR(settings.host_share, 0.25, 1e-12);
	CHECK_NEAR(settings.stop_pressure, 0.1, 1e-12);
	suite_release(&settings.head.suite);
	CHECK_INT(study_parse("s.yaml",
			      HEAD("density") "counts: auto\nworkload: chase\n"
					      "size: 64MiB\n" DENSITY_REST,
			      &study_density, &settings, &err),
		  0);
	CHECK_INT(settings.count_nr, 0);
	CHECK_INT(settings.size_bytes, 64 << 20);
	suite_release(&settings.head.suite);
}

static void check_disk(const struct neighbour_settings *settings)
{
	CHECK(neighbour_pair_uses_disk(&settings->pairs[2]));
	CHECK_INT(settings->pairs[2].aggressor_bytes, 8 << 20);
	CHECK_INT(settings->disk.bytes, 16 << 20);
	CHECK_INT(settings->disk.window_ns, 300000000);
	CHECK_INT(settings->disk.rounds, 3);
}

static void test_footprint(void)
{
	struct footprint_settings settings = {.rounds = 0};
	struct err err = {0};

	CHECK_INT(study_parse("s.yaml", FOOTPRINT, &study_footprint, &settings, &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(settings.instances, 2);
	CHECK_INT(settings.rounds, 8);
	CHECK_INT(settings.touch_bytes, 64 << 20);
	CHECK_INT(settings.sharers, 3);
	CHECK_INT(settings.share_rounds, 2);
	CHECK_INT(settings.file_bytes, 32 << 20);
	CHECK_INT(settings.groups, 1000);
	suite_release(&settings.head.suite);
}

static void test_neighbours(void)
{
	struct neighbour_settings settings = {.rounds = 0};
	struct err err = {0};

	CHECK_INT(study_parse("s.yaml", NEIGHBOURS, &study_neighbours, &settings, &err),
		  0);
	CHECK_STR(err.text, "");
	CHECK_INT(settings.limits, 1 << LIMIT_NONE | 1 << LIMIT_QUOTA);
	CHECK_INT(settings.pair_nr, 3);
	CHECK_STR(settings.pairs[0].name, "CPU hog");
	CHECK_INT(settings.pairs[0].limits, 0);
	CHECK(settings.pairs[1].aggressor == &workload_chase);
	CHECK_INT(settings.pairs[1].aggressor_bytes, 64 << 20);
	CHECK_INT(settings.pairs[1].limits, 1 << LIMIT_CPUSET);
	check_disk(&settings);
	suite_release(&settings.head.suite);
}

static const struct wrong {
	const struct study_kind *kind;
	const char *text, *says;
	int code;
} wrong[] = {
	{&study_start, START "coold: yes\n",
	 "s.yaml:8: unknown key 'coold'; did you mean 'cold'?", EINVAL},
	{&study_start, START "cold: yes\n", "s.yaml:8: ", EINVAL},
	{&study_start, HEAD("start") "cold: yes\ntools: no\n",
	 "s.yaml:1: key 'running' is missing", EINVAL},
	{&study_start, HEAD("start") "running: [2, 2]\n",
	 "s.yaml:5: running: 2 is not between 3 and 512", ERANGE},
	{&study_start, HEAD("start") "running: []\n", "s.yaml:5: running: the list is",
	 EINVAL},
	{&study_start, HEAD("start") "running: [0,1,2,3,4,5,6,7,8]\n",
	 "s.yaml:5: running: more than 8 numbers", E2BIG},
	{&study_start, HEAD("start") "cold: maybe\n",
	 "s.yaml:5: cold: 'maybe' is neither yes nor no", EINVAL},
	{&study_start, HEAD("start") "memory: 1KiB\n", "s.yaml:5: ", EINVAL},
	{&study_start, "study: start\nmemory: 1KiB\n", "s.yaml:2: memory: 1KiB is not",
	 ERANGE},
	/* whose is it? */
	{&study_start, DENSITY, "s.yaml:1: study: this suite is for 'tare density'",
	 EINVAL},
	{&study_start, HEAD("strat"),
	 "s.yaml:1: study: 'strat' is not a choice; did you mean 'start'?", EINVAL},
	{&study_start, "description: d\nbudget: 9m\nworkloads: [int]\n",
	 "s.yaml:1: this suite is for 'tare run', for it has no key 'study: start'",
	 EINVAL},
	{&study_density, HEAD("density") "counts: [2, 4]\n",
	 "s.yaml:5: counts: the first must be 1: all else is compared with it", EINVAL},
	{&study_density, HEAD("density") "counts: [1, 513]\n",
	 "s.yaml:5: counts: 513 is not between 2 and 512", ERANGE},
	{&study_density, HEAD("density") "counts: some\n",
	 "s.yaml:5: counts: expected a list", EINVAL},
	{&study_density, HEAD("density") "workload: itn\n",
	 "s.yaml:5: workload: there is no workload 'itn'; did you mean 'int'?", EINVAL},
	{&study_density, HEAD("density") "workload: randread-qd1\n",
	 "s.yaml:5: workload: 'randread-qd1' cannot be asked for slices", EINVAL},
	{&study_density,
	 HEAD("density") "counts: auto\nworkload: int\nsize: 1MiB\n" DENSITY_REST,
	 "s.yaml:1: 'int' takes no size", EINVAL},
	{&study_density, HEAD("density") "windows: 1\n",
	 "s.yaml:5: windows: 1 is not between 2 and 32", ERANGE},
	{&study_density, HEAD("density") "stop: {host_memory: 1%}\n",
	 "s.yaml:5: host_memory: 1% is not between 10% and 95%", ERANGE},
	{&study_density, HEAD("density") "stop: {host_memory: 25%}\n",
	 "s.yaml:5: stop: key 'share_of_alone' is missing", EINVAL},
	{&study_footprint, HEAD("footprint") "touch: 48MiB\n",
	 "s.yaml:5: touch: a power of two is expected", EINVAL},
	{&study_footprint, HEAD("footprint") "touch: 256MiB\n" FOOTPRINT_REST,
	 "s.yaml:1: touch and file may be a quarter of memory at most", ERANGE},
	{&study_footprint, HEAD("footprint") "rounds: 2\n",
	 "s.yaml:5: rounds: 2 is not between 3 and 16", ERANGE},
	{&study_footprint, HEAD("footprint") "instances: 0\n",
	 "s.yaml:5: instances: 0 is not between 1 and 512", ERANGE},
	{&study_neighbours, HEAD("neighbours") "limits: [quote]\n",
	 "s.yaml:5: limits: 'quote' is not a choice; did you mean 'quota'?", EINVAL},
	{&study_neighbours, HEAD("neighbours") "limits: [quota, quota]\n",
	 "s.yaml:5: limits: 'quota' is there already", EINVAL},
	{&study_neighbours, HEAD("neighbours") "pairs:\n  - {name: a, victim: int}\n",
	 "s.yaml:6: pairs: key 'aggressor' is missing", EINVAL},
	{&study_neighbours,
	 HEAD("neighbours") "pairs:\n  - {name: a, victim: int, aggressor: int}\n"
			    "  - {name: a, victim: int, aggressor: int}\n",
	 "s.yaml:7: pairs: there is a pair 'a' already", EINVAL},
	{&study_neighbours,
	 HEAD("neighbours") "pairs:\n  - {name: a, victim: int, victim_size: 1MiB, "
			    "aggressor: int}\n",
	 "s.yaml:6: pairs: 'int' takes no size", EINVAL},
	{&study_neighbours,
	 HEAD("neighbours") "limits: [none]\n" NEIGHBOURS_REST
			    "pairs: [{name: a, victim: int, aggressor: "
			    "seqread-cached}]\n",
	 "s.yaml:1: pair 'a' works on the disk: key 'disk' is missing", EINVAL},
	{&study_neighbours,
	 HEAD("neighbours") "limits: [none]\n" NEIGHBOURS_REST
			    "disk: {size: 8MiB, window: 1s, rounds: 2}\npairs:\n"
			    "  - {name: a, victim: int, aggressor: seqread-cached, "
			    "aggressor_size: 16MiB}\n",
	 "s.yaml:1: pair 'a' uses more than the disk's size", ERANGE},
	{&study_neighbours, HEAD("neighbours") "disk: {size: 8MiB, window: 9ms}\n",
	 "s.yaml:5: window: 9ms is not between", ERANGE},
	{&study_neighbours,
	 HEAD("neighbours") "pairs: [{name: a name that is much too long for it}]\n",
	 "s.yaml:5: name: a name has 1 to 32 bytes", EINVAL},
};

/* And nothing is left in what would have been filled in. */
static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct neighbour_settings room = {.rounds = 0}; /* the largest */
		struct err err = {0};

		CHECK_INT(
			study_parse("s.yaml", wrong[i].text, wrong[i].kind, &room, &err),
			-wrong[i].code);
		if (strncmp(err.text, wrong[i].says, strlen(wrong[i].says)) != 0)
			CHECK_STR(err.text, wrong[i].says);
		CHECK(!room.head.suite.name);
	}
}

static void test_run_refuses(void)
{
	struct suite suite = {0};
	struct err err = {0};

	CHECK_INT(suite_parse("s.yaml", DENSITY, &suite, &err), -EINVAL);
	CHECK_STR(err.text, "s.yaml:1: study: this suite is for 'tare density'");
}

int main(void)
{
	test_start();
	test_density();
	test_footprint();
	test_neighbours();
	test_wrong();
	test_run_refuses();
	return check_done();
}
