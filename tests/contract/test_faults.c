/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole way of a number, from plan to ratio, over fakes: known costs must come out as
 * known ratios, and no failure of a platform may end a run, hang it, become a number or
 * leave a process or an open file behind.
 */
#include <signal.h>

#include "tests/contract/fake_scene.h"

extern const struct driver driver_fake;
const struct driver *const drivers[] = {&driver_fake}; /* and so the baseline */
const size_t driver_nr = 1;

/* --- known costs --- */

static void check_ratio(const struct scene *scene, const char *role, double ratio,
			double tolerance)
{
	const struct result *result = result_of(scene, role);

	CHECK(result && result->known);
	if (!result || !result->known) {
		printf("# %s: %s\n", role, result ? result->why : "no such arm");
		return;
	}
	CHECK_NEAR(result->stats.ratio, ratio, tolerance);
	CHECK(result->stats.low <= result->stats.ratio &&
	      result->stats.ratio <= result->stats.high);
	CHECK_NEAR(result->stats.high - result->stats.low, 0, 2 * tolerance);
	CHECK_INT(result->left_out, 0);
}

static void test_known(const char *workload, double tolerance, bool native)
{
	struct scene scene;

	begin(&scene, "", "  bias_percent: 25\n", workload);
	CHECK_INT(scene.rc, 0);
	CHECK_STR(scene.err.text, "");
	check_ratio(&scene, "platform", 0.8, tolerance);
	check_ratio(&scene, "aa", 1, tolerance);
	if (native)
		check_ratio(&scene, "injected", 1 / 1.01, 1e-4);
	end(&scene);
}

/* --- failures --- */

struct fault {
	const char *name;
	enum outcome outcome; /* of the samples that are not ok */
	bool sampled;	      /* it shows in samples; otherwise the instance is lost */
	bool for_ever;	      /* no sample of the arm is ok */
};

static const struct fault native_faults[] = {
	{"probe", OUTCOME_OK, false, true},
	{"open", OUTCOME_OK, false, true},
	{"start", OUTCOME_OK, false, true},
	{"hello", OUTCOME_OK, false, true},
	{"version", OUTCOME_OK, false, true},
	{"wrong-hash", OUTCOME_OK, false, true},
	{"observe", OUTCOME_OK, false, true},
	{"mismatch", OUTCOME_MISMATCH, true, true},
	{"unsupported", OUTCOME_UNSUPPORTED, true, true},
	{"worker", OUTCOME_FAILED, true, false},
	{"slice", OUTCOME_FAILED, true, false},
	{"wrong", OUTCOME_FAILED, true, false},
	{"checksum", OUTCOME_FAILED, true, false},
	{"fewer", OUTCOME_MISMATCH, true, false},
	{"clock", OUTCOME_CLOCK, true, false},
	{"die", OUTCOME_FAILED, true, false},
	{"garbage", OUTCOME_FAILED, true, false},
	{"oversize", OUTCOME_FAILED, true, false},
	{"short", OUTCOME_FAILED, true, false},
	{"truncated", OUTCOME_FAILED, true, false},
	{"sequence", OUTCOME_FAILED, true, false},
	{"stop", OUTCOME_OK, false, false},
	{"pause", OUTCOME_OK, false, false},
	{"resume", OUTCOME_OK, false, false},
};
static const struct fault disk_faults[] = {
	{"json", OUTCOME_FAILED, true, false},
	{"exit", OUTCOME_FAILED, true, false},
	{"long", OUTCOME_FAILED, true, false},
	{"die", OUTCOME_FAILED, true, false},
	{"engine", OUTCOME_MISMATCH, true, false},
	{"depth", OUTCOME_MISMATCH, true, false},
	{"cached", OUTCOME_CACHED, true, false},
	{"short", OUTCOME_FAILED, true, false},
	{"account", OUTCOME_OK, false, false},
};

/* Only what was told to fail failed, and none of it is a number. */
static void check_fault(const struct scene *scene, const struct fault *fault, int at)
{
	const struct result *result = result_of(scene, "platform");
	uint64_t bad = 0, other = 0;

	if (!result) {
		CHECK(false);
		return;
	}
	for (int i = 0; i < OUTCOME_NR; i++) {
		if (i == OUTCOME_OK)
			continue;
		if (i == (int)fault->outcome)
			bad += result->outcomes[i];
		else
			other += result->outcomes[i];
	}
	if (other || (fault->sampled && at == 1 && !bad))
		printf("# %s at %d: %llu as expected, %llu otherwise\n", fault->name, at,
		       (unsigned long long)bad, (unsigned long long)other);
	CHECK_INT(other, 0);
	CHECK(fault->sampled ? at > 1 || bad > 0 : bad == 0);
	if (fault->for_ever)
		CHECK_INT(result->outcomes[OUTCOME_OK], 0);
	if (result->known)
		CHECK_NEAR(result->stats.ratio, 0.8, 1e-3);
}

/* The n-th time it could happen, for growing n. */
static void test_fault(const struct fault *fault, const char *workload, int at)
{
	const struct result *control;
	struct scene scene;
	char settings[128];

	(void)snprintf(settings, sizeof(settings),
		       "  bias_percent: 25\n  fail: %s\n  at: %d\n", fault->name, at);
	begin(&scene, "", settings, workload);
	CHECK(scene.rc >= 0);
	CHECK_STR(scene.err.text, "");
	check_fault(&scene, fault, at);
	control = result_of(&scene, "aa"); /* the others go on */
	CHECK(control && control->known);
	end(&scene);
}

/* A baseline that fails now and then takes the run with it only when it never works. */
static void test_baseline_fault(const struct fault *fault)
{
	const struct result *result;
	struct scene scene;
	char settings[128];

	(void)snprintf(settings, sizeof(settings), "  fail: %s\n  at: 9\n", fault->name);
	begin(&scene, settings, "", "int");
	CHECK(scene.rc >= 0 || scene.rc == -ENODEV);
	CHECK(scene.rc >= 0 || scene.err.text[0]);
	result = result_of(&scene, "platform");
	CHECK(!result || !result->known || fabs(result->stats.ratio - 1) < 1e-3);
	end(&scene);
}

static void on_alarm(int signal)
{
	(void)signal;
	stopped = 1;
}

/* An agent that says nothing is no reason not to stop when asked. */
static void test_silent(void)
{
	struct scene scene;

	(void)signal(SIGALRM, on_alarm);
	(void)alarm(1);
	begin(&scene, "", "  fail: silent\n  at: 5\n", "int");
	CHECK_INT(scene.rc, -EINTR);
	end(&scene);
	(void)alarm(0);
	stopped = 0;
}

int main(void)
{
	test_known("int", 1e-9, true);
	test_known("randread-qd32", 1e-3, false);
	test_known("mixed-qd16", 1e-3, false);
	test_known("seqread-cached", 1e-3, false);
	for (size_t i = 0; i < sizeof(native_faults) / sizeof(native_faults[0]); i++) {
		test_fault(&native_faults[i], "int", 1);
		if (!native_faults[i].for_ever)
			test_fault(&native_faults[i], "int", 6);
	}
	for (size_t i = 0; i < sizeof(disk_faults) / sizeof(disk_faults[0]); i++) {
		test_fault(&disk_faults[i], "randread-qd32", 1);
		test_fault(&disk_faults[i], "randread-qd32", 2);
	}
	for (size_t i = 0; i < sizeof(native_faults) / sizeof(native_faults[0]); i++)
		if (!native_faults[i].for_ever)
			test_baseline_fault(&native_faults[i]);
	test_silent();
	return check_done();
}
