/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole way of a number, from plan to ratio, over fakes: known costs must come out as
 * known ratios, and no failure of a platform may end a run, hang it, become a number or
 * leave a process or an open file behind.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../bench/clock.h"
#include "../../bench/results.h"
#include "../../bench/schedule.h"
#include "../../bench/scratch.h"
#include "../check.h"

extern const struct driver driver_fake;
const struct driver *const drivers[] = {&driver_fake}; /* and so the baseline */
const size_t driver_nr = 1;

static const char suite_text[] =
	"description: fakes\nbudget: 20s\nprecision: 50%\nemulation: refused\nseed: 7\n"
	"epochs: 3\nepoch: 20ms\n"
	"controls:\n  aa: yes\n  injected: 1%\n"
	"disk:\n  size: 16MiB\n  slice: 100ms\n  blocks: 2\nworkloads:\n";

static volatile int stopped;

struct scene {
	struct platform_set set;
	struct suite suite;
	struct plan plan;
	struct topology *topology;
	struct store *store;
	struct image image;
	struct progress progress;
	struct results results;
	char base[64], file[96], *scratch;
	int64_t run;
	int rc; /* of schedule_run */
	struct err err;
};

static int make_platform(const char *file, const char *settings, struct platform *ret,
			 struct err *err)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "driver: fake\n%s%s",
		       settings[0] ? "settings:\n" : "", settings);
	return platform_parse(file, text, ret, err);
}

static int make_inputs(struct scene *scene, const char *base, const char *other,
		       const char *workload)
{
	struct err *err = &scene->err;
	char text[1024];
	int rc;

	scene->set = (struct platform_set){calloc(2, sizeof(struct platform)), 2};
	rc = make_platform("base.yaml", base, &scene->set.list[0], err);
	(void)snprintf(text, sizeof(text), "%s  - %s\n", suite_text, workload);
	if (!rc)
		rc = make_platform("other.yaml", other, &scene->set.list[1], err);
	if (!rc)
		rc = suite_parse("s.yaml", text, &scene->suite, err);
	if (!rc)
		rc = topology_open("core:2 pu:1", &scene->topology, err);
	return rc ? rc
		  : plan_make(&scene->suite, &scene->set, "base,other", scene->topology,
			      &scene->plan, err);
}

static int make_places(struct scene *scene)
{
	struct store_run run = {.suite = "s",
				.suite_text = "",
				.command = "",
				.version = "",
				.options = "{}",
				.seed = 7,
				.budget_ns = 20 * NS_PER_S};
	int rc;

	(void)snprintf(scene->base, sizeof(scene->base), "/var/tmp/tare-test-XXXXXX");
	if (!mkdtemp(scene->base))
		return err_fail(&scene->err, errno, "no folder");
	(void)snprintf(scene->file, sizeof(scene->file), "%s/t.sqlite", scene->base);
	rc = store_open(scene->file, STORE_CREATE, &scene->store, &scene->err);
	if (!rc)
		rc = store_run_begin(scene->store, &run, &scene->run, &scene->err);
	return rc ? rc
		  : scratch_make(scene->base, "data", scene->base, scene->plan.disk_bytes,
				 NULL, &scene->scratch, &scene->err);
}

static void play(struct scene *scene)
{
	struct schedule schedule = {.suite = &scene->suite,
				    .plan = &scene->plan,
				    .image = &scene->image,
				    .topology = scene->topology,
				    .store = scene->store,
				    .run = scene->run,
				    .scratch = scene->scratch,
				    .run_dir = scene->base,
				    .progress = &scene->progress,
				    .stop = &stopped};

	progress_init(&scene->progress, stderr, true);
	scene->rc = schedule_run(&schedule, &scene->err);
	progress_end(&scene->progress);
}

static void end(struct scene *scene)
{
	char command[128];

	results_release(&scene->results);
	scratch_remove(scene->scratch);
	free(scene->scratch);
	store_close(scene->store);
	plan_release(&scene->plan);
	suite_release(&scene->suite);
	platform_set_release(&scene->set);
	topology_close(scene->topology);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", scene->base);
	CHECK_INT(system(command), 0);
}

static size_t open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t nr = 0;

	while (dir && readdir(dir))
		nr++;
	if (dir)
		(void)closedir(dir);
	return nr;
}

/* Runs a workload on two fakes; whatever happens, nothing is left. */
static void begin(struct scene *scene, const char *base, const char *other,
		  const char *workload)
{
	size_t before;

	*scene = (struct scene){.image = {.hash = "none", .root = "/nowhere"}};
	if (make_inputs(scene, base, other, workload) || make_places(scene)) {
		CHECK_STR(scene->err.text, "");
		return;
	}
	before = open_files();
	play(scene);
	CHECK_INT(open_files(), before);
	CHECK_INT(waitpid(-1, NULL, WNOHANG), -1); /* no child */
	CHECK_INT(results_load(scene->store, scene->run, &scene->results, &scene->err),
		  0);
}

static const struct result *result_of(const struct scene *scene, const char *role)
{
	for (size_t i = 0; i < scene->results.nr; i++)
		if (!strcmp(scene->results.list[i].role, role))
			return &scene->results.list[i];
	return NULL;
}

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
	{"clock", OUTCOME_SUSPECT, true, false},
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
	{"json", OUTCOME_FAILED, true, false},	{"exit", OUTCOME_FAILED, true, false},
	{"long", OUTCOME_FAILED, true, false},	{"die", OUTCOME_FAILED, true, false},
	{"short", OUTCOME_FAILED, true, false}, {"account", OUTCOME_OK, false, false},
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
