/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FAKE_SCENE_H
#define TARE_FAKE_SCENE_H

/*
 * A whole run over fakes in a folder of its own: platforms base (the baseline) and other,
 * one workload.  Whoever includes this has the table of drivers.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "bench/results/results.h"
#include "bench/schedule/schedule.h"
#include "bench/host/scratch.h"
#include "bench/results/verdict.h"
#include "tests/check.h"

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

/* workload: as the suite has it, behind it the path of `other` where it is not the one
 * without a disk: "seqread:disk". */
static int make_inputs(struct scene *scene, const char *base, const char *other,
		       const char *workload)
{
	int name = (int)strcspn(workload, ":");
	const char *path = workload[name] ? workload + name + 1 : "memory";
	struct err *err = &scene->err;
	char text[1024], on[64];
	int rc;

	(void)snprintf(on, sizeof(on), "base:memory,other:%s", path);
	scene->set = (struct platform_set){calloc(2, sizeof(struct platform)), 2};
	rc = make_platform("base.yaml", base, &scene->set.list[0], err);
	(void)snprintf(text, sizeof(text), "%s  - %.*s\n", suite_text, name, workload);
	if (!rc)
		rc = make_platform("other.yaml", other, &scene->set.list[1], err);
	if (!rc)
		rc = suite_parse("s.yaml", text, &scene->suite, err);
	if (!rc)
		rc = topology_open("core:2 pu:1", &scene->topology, err);
	return rc ? rc
		  : plan_make(&scene->suite, &scene->set, on, scene->topology,
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

#endif
