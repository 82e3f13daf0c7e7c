/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Truth checks over a whole run: a platform that lies about its clock, its disk or its
 * place is found out, by the outcome word that the check has, and gives no ratio.
 */
#include "bench/results/verdict.h"
#include "tests/contract/fake_scene.h"

extern const struct driver driver_fake;
static struct driver driver; /* a fake, or one with a kernel of its own */
const struct driver *const drivers[] = {&driver}; /* and so the baseline */
const size_t driver_nr = 1;

/* Every sample of the platform has this outcome; or, of a check that has to see some time
 * pass before it can prove anything, nearly every one. */
static void check_outcomes(const struct scene *scene, enum outcome outcome, bool every)
{
	const struct result *result = result_of(scene, "platform");
	uint64_t others = 0;

	CHECK(scene->rc >= 0);
	CHECK(result != NULL);
	for (int i = 0; result && i < OUTCOME_NR; i++)
		others += i == (int)outcome ? 0 : result->outcomes[i];
	if (result && others)
		printf("# %llu %s, %llu not\n",
		       (unsigned long long)result->outcomes[outcome],
		       outcome_name(outcome), (unsigned long long)others);
	CHECK(result && result->outcomes[outcome] > others);
	CHECK(!every || (!others && result && !result->known));
	result = result_of(scene, "aa");
	CHECK(result && result->known);
}

/* A clock at another rate than the host's; `workload` says whose time decides. */
static void test_lying_clock(const char *percent, const char *workload)
{
	struct scene scene;
	char settings[64];

	(void)snprintf(settings, sizeof(settings), "  clock_percent: %s\n", percent);
	printf("# clock at %s %%, %s\n", percent, workload);
	begin(&scene, "", settings, workload);
	check_outcomes(&scene, OUTCOME_CLOCK, driver.own_kernel);
	end(&scene);
}

/* What the platform claims to have read from the disk never came from there. It is
 * compared, and not as a disk. */
static void test_cached(void)
{
	const struct result *result;
	char verdict[VERDICT_MAX];
	struct scene scene;

	begin(&scene, "", "  bias_percent: 25\n", "seqread:disk");
	check_outcomes(&scene, OUTCOME_CACHED, true);
	result = result_of(&scene, "platform");
	CHECK(result && result->cached_known);
	if (result && result->cached_known) {
		CHECK_NEAR(result->cached.ratio, 0.8, 1e-2);
		CHECK(isfinite(result->cached_value) && !isfinite(result->value));
		CHECK_STR(verdict_text(result, verdict),
			  "from a cache: 20.00 % slower than the baseline's disk");
	}
	end(&scene);
}

/* An agent that somebody moves to another group: the slice is called so, the instance is
 * started again, and the others count. */
static void test_moved(void)
{
	const struct result *result;
	struct scene scene;

	if (geteuid()) {
		SKIP("moving between control groups needs root");
		return;
	}
	begin(&scene, "", "  bias_percent: 25\n  fail: moved\n  at: 6\n", "int");
	CHECK_INT(scene.rc, 0);
	result = result_of(&scene, "platform");
	CHECK(result && result->outcomes[OUTCOME_MOVED] > 0);
	CHECK(result && result->outcomes[OUTCOME_OK] > 0);
	CHECK(result && result->known);
	if (result && result->known)
		CHECK_NEAR(result->stats.ratio, 0.8, 1e-3);
	end(&scene);
}

int main(void)
{
	driver = driver_fake;
	test_lying_clock("150", "int");
	test_lying_clock("50", "int");
	test_lying_clock("97", "int");
	test_lying_clock("50", "randread-qd1");
	test_cached();
	test_moved();
	driver.own_kernel = true; /* as a guest: judged when it starts */
	test_lying_clock("103", "int");
	test_lying_clock("97", "randread-qd1");
	return check_done();
}
