/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A runner's life over a fake platform, and each of its steps failing. */
#include "bench/schedule/runner.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/config/config.h"
#include "tests/check.h"

extern const struct driver driver_fake;
const struct driver *const drivers[] = {&driver_fake};
const size_t driver_nr = 1;

static const struct image image = {
	.hash = "none", .agent_sha256 = {1}, .fio_sha256 = {2}};
static volatile int stop;

struct scene {
	struct platform_set set;
	struct spec spec;
	struct runner runner;
	struct err err;
};

static void begin(struct scene *scene, const char *fail)
{
	char text[96];

	*scene = (struct scene){.set = {calloc(1, sizeof(struct platform)), 1}};
	(void)snprintf(text, sizeof(text), "driver: fake\nsettings: {fail: %s}\n", fail);
	CHECK_INT(platform_parse("one.yaml", text, scene->set.list, &scene->err), 0);
	scene->spec = (struct spec){
		.platform = scene->set.list, .image = &image, .memory_bytes = 1 << 20};
	runner_init(&scene->runner, &scene->spec, &stop);
}

/* Whatever happened: no agent, no stream. */
static void end(struct scene *scene)
{
	runner_release(&scene->runner);
	runner_release(&scene->runner); /* again */
	CHECK(!runner_is_running(&scene->runner));
	CHECK(!scene->runner.instance);
	CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
	CHECK_INT(errno, ECHILD);
	platform_set_release(&scene->set);
}

static int start(struct scene *scene, unsigned number)
{
	return runner_start(&scene->runner, "tare-1-a", number, &scene->err);
}

static void test_life(void)
{
	struct scene scene;
	struct runner *runner = &scene.runner;

	begin(&scene, "none");
	CHECK(!runner_is_running(runner));
	CHECK_INT(runner_pause(runner, &scene.err), 0); /* nothing to pause */
	CHECK_INT(start(&scene, 3), 0);
	CHECK(runner_is_running(runner));
	CHECK_STR(runner->id, "tare-1-a-3");
	CHECK_STR(runner->mismatch, "");
	CHECK_INT(runner->facts.nr, 2);
	CHECK_STR(runner->facts.list[1].name, "agent.kernel");
	CHECK(runner->open_to_hello_ns > 0);
	CHECK_INT(runner_prepare(runner, 0, &scene.err), 0);
	CHECK(runner->prepared[0]);
	CHECK_INT(runner_pause(runner, &scene.err), 0);
	CHECK_INT(runner_pause(runner, &scene.err), 0); /* it is so already */
	CHECK(runner->paused);
	CHECK_INT(runner_stop(runner, &scene.err), 0);
	CHECK(!runner_is_running(runner) && !runner->paused);
	CHECK_INT(start(&scene, 4), 0);
	CHECK_STR(runner->id, "tare-1-a-4");
	CHECK(!runner->prepared[0]); /* by this instance */
	CHECK_INT(runner->starts, 2);
	CHECK_STR(scene.err.text, "");
	end(&scene);
}

static void test_start_fails(const char *fail, const char *want)
{
	struct scene scene;

	begin(&scene, fail);
	CHECK(start(&scene, 1) < 0);
	if (!strstr(scene.err.text, want) || strncmp(scene.err.text, "one: ", 5) != 0)
		CHECK_STR(scene.err.text, want);
	CHECK(!runner_is_running(&scene.runner));
	CHECK_INT(scene.runner.starts, 0);
	end(&scene);
}

static void test_mismatch(void)
{
	struct scene scene;

	begin(&scene, "mismatch");
	CHECK_INT(start(&scene, 1), 0);
	CHECK_STR(scene.runner.mismatch, "bias: asked as set, got another");
	end(&scene);
}

/* Stopping what is paused resumes it: a failure of that is one of stopping. The next
 * start owes nothing to it. */
static void test_stop_fails(const char *fail)
{
	struct scene scene;
	char want[64];

	begin(&scene, fail);
	CHECK_INT(start(&scene, 1), 0);
	CHECK_INT(runner_pause(&scene.runner, &scene.err), 0);
	CHECK_INT(runner_stop(&scene.runner, &scene.err), -EIO);
	(void)snprintf(want, sizeof(want), "%s fails, as told", fail);
	CHECK(strstr(scene.err.text, want));
	CHECK(!runner_is_running(&scene.runner) && !scene.runner.paused);
	CHECK(!scene.runner.instance);
	end(&scene);
}

static void test_pause_fails(void)
{
	struct scene scene;

	begin(&scene, "pause");
	CHECK_INT(start(&scene, 1), 0);
	CHECK_INT(runner_pause(&scene.runner, &scene.err), -EIO);
	CHECK_STR(scene.err.text, "pausing one: pause fails, as told");
	CHECK(!scene.runner.paused);
	end(&scene);
}

/* After Ctrl-C nobody waits for the agent: it is ended by force. */
static void test_in_a_hurry(void)
{
	struct scene scene;

	begin(&scene, "stop"); /* which is not even asked */
	CHECK_INT(start(&scene, 1), 0);
	stop = 1;
	CHECK_INT(runner_stop(&scene.runner, &scene.err), 0);
	CHECK_STR(scene.err.text, "");
	stop = 0;
	end(&scene);
}

/* What a guest says of its own clock is believed only where it can be true. */
static void test_split(void)
{
	const struct runner_agent_times guest = {.from_ns = 1000,
						 .to_ns = 5000,
						 .hello_host_ns = 5010,
						 .begun_ns = 2500,
						 .hello_ns = 3000,
						 .own_kernel = true};
	struct runner_agent_times wrong = guest, native = guest;
	uint64_t kernel_ns = 7, agent_ns = 7;

	CHECK(runner_split(&guest, &kernel_ns, &agent_ns));
	CHECK_INT(kernel_ns, 2010);
	CHECK_INT(agent_ns, 4510);
	kernel_ns = agent_ns = 7;
	wrong.begun_ns = 0; /* it did not say */
	CHECK(!runner_split(&wrong, &kernel_ns, &agent_ns));
	wrong.begun_ns = 3001; /* it spoke before it was there */
	CHECK(!runner_split(&wrong, &kernel_ns, &agent_ns));
	wrong = guest;
	wrong.hello_ns = 4011; /* its kernel ran before the phase began */
	CHECK(!runner_split(&wrong, &kernel_ns, &agent_ns));
	wrong.hello_ns = wrong.begun_ns = UINT64_MAX;
	CHECK(!runner_split(&wrong, &kernel_ns, &agent_ns));
	native.own_kernel = false;
	CHECK(runner_split(&native, &kernel_ns, &agent_ns));
	CHECK_INT(kernel_ns, 1000);
	CHECK_INT(agent_ns, 2500);
	kernel_ns = agent_ns = 7;
	native.begun_ns = 999; /* before what started it */
	CHECK(!runner_split(&native, &kernel_ns, &agent_ns));
	native.begun_ns = native.hello_ns = 5001;
	CHECK(!runner_split(&native, &kernel_ns, &agent_ns));
	CHECK_INT(kernel_ns, 7);
	CHECK_INT(agent_ns, 7);
}

int main(void)
{
	test_life();
	test_start_fails("open", "open fails, as told");
	test_start_fails("start", "start fails, as told");
	test_start_fails("observe", "observe fails, as told");
	test_start_fails("hello", "the agent");
	test_start_fails("version", "speaks protocol");
	test_start_fails("wrong-hash", "the agent inside is not the image's");
	test_mismatch();
	test_pause_fails();
	test_stop_fails("stop");
	test_stop_fails("resume");
	test_in_a_hurry();
	test_split();
	return check_done();
}
