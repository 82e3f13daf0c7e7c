/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/runner.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

/* An emulated guest on a loaded host needs tens of seconds to its first word. */
#define HELLO_TIMEOUT_NS (90 * NS_PER_S)
#define FACTS_TIMEOUT_NS (20 * NS_PER_S)
#define PREPARE_TIMEOUT_NS (60 * NS_PER_S)
#define AGENT_FACTS_MAX 256 /* lines believed to be worth keeping */

void runner_init(struct runner *runner, const struct spec *spec, const volatile int *stop)
{
	memset(runner, 0, sizeof(*runner));
	runner->driver = spec->platform->driver;
	runner->spec = *spec;
	runner->channel.fd = -1;
	runner->channel.stop = stop;
}

bool runner_is_running(const struct runner *runner)
{
	return runner->channel.fd >= 0;
}

static int check_hello(struct runner *runner, struct err *err)
{
	const struct image *image = runner->spec.image;
	struct proto_hello hello;
	int rc = channel_hello(&runner->channel, HELLO_TIMEOUT_NS, &hello, err);

	if (rc)
		return rc;
	runner->open_to_hello_ns = runner->channel.end_ns - runner->begin_ns;
	runner->hello_ns = hello.monotonic_ns;
	if (memcmp(hello.agent_sha256, image->agent_sha256, sizeof(hello.agent_sha256)))
		return err_fail(
			err, EBADMSG,
			"the agent inside is not the image's (its SHA-256 differs); "
			"run 'make image'");
	if (memcmp(hello.fio_sha256, image->fio_sha256, sizeof(hello.fio_sha256)))
		return err_fail(err, EBADMSG,
				"fio inside is not the image's (its SHA-256 differs); "
				"run 'make image'");
	return 0;
}

static int add_agent_facts(struct runner *runner, struct err *err)
{
	cleanup(free) char *text = NULL;
	char *rest = NULL;
	unsigned nr = 0;
	int rc = channel_facts(&runner->channel, FACTS_TIMEOUT_NS, &text, err);

	if (rc)
		return rc;
	for (char *line = strtok_r(text, "\n", &rest); line && nr < AGENT_FACTS_MAX;
	     line = strtok_r(NULL, "\n", &rest), nr++) {
		char *equals = strchr(line, '=');
		char name[96];

		if (!equals)
			continue;
		(void)snprintf(name, sizeof(name), "agent.%.*s", (int)(equals - line),
			       line);
		if (!strcmp(name, "agent.begun_ns")) /* checked where it is used */
			runner->begun_ns = strtoull(equals + 1, NULL, 10);
		if (facts_add(&runner->facts, name, NULL, equals + 1, "agent"))
			return err_fail(err, ENOMEM, "no memory for facts");
	}
	return 0;
}

/* How long the two readings of a guest's clock lie apart. */
#define CLOCK_APART_MS 250

/* On the host's own kernel one reading is enough: every later slice is compared with it.
 * A guest's clock stops whenever the guest is paused, and so it is judged here, before it
 * is paused for the first time. */
static int check_clock(struct runner *runner, struct err *err)
{
	struct clock_reading second;
	struct clock_rate rate;
	char text[64];
	int rc = clockcheck_read(&runner->channel, &runner->clock, err);

	runner->clock_stops = runner->driver->own_kernel;
	runner->clock_fault[0] = '\0';
	if (rc || !runner->clock_stops)
		return rc;
	(void)poll(NULL, 0, CLOCK_APART_MS);
	rc = clockcheck_read(&runner->channel, &second, err);
	if (rc)
		return rc;
	rate = clockcheck_rate(&runner->clock, &second);
	if (clockcheck_is_fast(&rate) || clockcheck_is_slow(&rate))
		(void)clockcheck_text(&rate, runner->clock_fault);
	(void)snprintf(text, sizeof(text), "%.4f to %.4f", rate.least, rate.most);
	if (facts_add(&runner->facts, "clock.rate", NULL, text, "readings on both sides"))
		return err_fail(err, ENOMEM, "no memory for facts");
	return 0;
}

static void note_mismatch(struct runner *runner)
{
	runner->mismatch[0] = '\0';
	for (size_t i = 0; i < runner->facts.nr && !runner->mismatch[0]; i++) {
		const struct fact *fact = &runner->facts.list[i];

		if (fact->asked && strcmp(fact->asked, fact->got))
			(void)snprintf(runner->mismatch, sizeof(runner->mismatch),
				       "%s: asked %s, got %s", fact->name, fact->asked,
				       fact->got);
	}
}

static int start_agent(struct runner *runner, struct err *err)
{
	int rc = runner->driver->open(&runner->spec, &runner->instance, err);

	if (!rc)
		rc = runner->driver->start(runner->instance, &runner->start, err);
	if (rc)
		return rc;
	runner->channel.fd = runner->start.channel;
	runner->emulated = runner->start.emulated;
	rc = check_hello(runner, err);
	if (!rc)
		rc = runner->driver->observe(runner->instance, &runner->facts, err);
	if (!rc)
		rc = add_agent_facts(runner, err);
	if (!rc)
		rc = membership_note(&runner->members, runner->start.pid, err);
	if (!rc)
		rc = check_clock(runner, err);
	if (!rc)
		note_mismatch(runner);
	return rc;
}

int runner_start(struct runner *runner, const char *owner, unsigned number,
		 struct err *err)
{
	int rc;

	(void)snprintf(runner->id, sizeof(runner->id), "%s-%u", owner, number);
	runner->spec.id = runner->id;
	memset(runner->prepared, 0, sizeof(runner->prepared));
	memset(&runner->start, 0, sizeof(runner->start));
	runner->ending.nr = 0;
	runner->begun_ns = runner->hello_ns = 0;
	runner->spec.ending = &runner->ending;
	runner->begin_ns = clock_now_ns();
	rc = start_agent(runner, err);
	if (rc) {
		runner_release(runner);
		return err_because(err, "%s", runner->spec.platform->name);
	}
	runner->starts++;
	return 0;
}

/* After Ctrl-C nobody waits for an agent to leave by itself: close ends it by force. */
static bool in_a_hurry(const struct runner *runner)
{
	return runner->channel.stop && *runner->channel.stop;
}

int runner_stop(struct runner *runner, struct err *err)
{
	int rc = runner_resume(runner, err), stopped = 0;

	runner->ending.nr = 0;
	runner->stop_begin_ns = clock_now_ns();
	if (runner->channel.fd >= 0) {
		channel_bye(&runner->channel);
		(void)close(runner->channel.fd);
	}
	runner->channel.fd = -1;
	if (runner->instance && !in_a_hurry(runner))
		stopped = runner->driver->stop(runner->instance, err);
	if (runner->driver) /* or it was never begun */
		runner->driver->close(runner->instance);
	phase_log_note(&runner->ending, "clean-up");
	runner->instance = NULL;
	runner->paused = false;
	runner->spoiled = false;
	facts_release(&runner->facts);
	membership_release(&runner->members);
	if (stopped && !rc)
		rc = err_because(err, "%s", runner->spec.platform->name);
	return rc;
}

void runner_release(struct runner *runner)
{
	struct err ignored = {0};

	(void)runner_stop(runner, &ignored);
}

int runner_pause(struct runner *runner, struct err *err)
{
	int rc;

	if (runner->paused || !runner_is_running(runner))
		return 0;
	rc = runner->driver->pause(runner->instance, err);
	if (rc)
		return err_because(err, "pausing %s", runner->spec.platform->name);
	runner->paused = true;
	return 0;
}

int runner_resume(struct runner *runner, struct err *err)
{
	int rc;

	if (!runner->paused)
		return 0;
	rc = runner->driver->resume(runner->instance, err);
	if (rc)
		return err_because(err, "resuming %s", runner->spec.platform->name);
	runner->paused = false;
	return 0;
}

int runner_prepare(struct runner *runner, size_t path, struct err *err)
{
	const char *name = runner->driver->paths[path].name;
	int rc;

	if (runner->prepared[path])
		return 0;
	rc = channel_prepare(&runner->channel, name, PREPARE_TIMEOUT_NS, err);
	runner->prepared[path] = !rc;
	return rc ? err_because(err, "%s", runner->spec.platform->name) : 0;
}
