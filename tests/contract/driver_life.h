/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_DRIVER_LIFE_H
#define TARE_DRIVER_LIFE_H

/* What every instance has to do from its start to its end. */
#include <poll.h>
#include <sys/socket.h>

#include "bench/schedule/fio.h"
#include "bench/cgroup/membership.h"
#include "tests/contract/driver_fixture.h"

/* One instance on its way. */
struct life {
	const struct driver *driver;
	struct fixture *fixture;
	struct instance *instance;
	struct channel channel;
	bool emulated;
};

static void end_life(struct life *life)
{
	struct err err = {0};

	if (life->channel.fd >= 0)
		(void)close(life->channel.fd);
	life->channel.fd = -1;
	if (life->instance) {
		CHECK_INT(life->driver->stop(life->instance, &err), 0);
		CHECK_INT(life->driver->stop(life->instance, &err), 0); /* again */
		CHECK_STR(err.text, "");
	}
	life->driver->close(life->instance);
	life->instance = NULL;
}

/* The process that is named lives, and where it is stays as it is. */
static void check_members(pid_t pid)
{
	struct membership members = {.nr = 0};
	struct err err = {0};
	char why[160] = "";

	CHECK_INT(membership_note(&members, pid, &err), 0);
	CHECK((members.nr > 0) == (pid != 0));
	CHECK(membership_holds(&members, why, sizeof(why)));
	CHECK_STR(why, "");
	membership_release(&members);
}

/* open, start, hello: the agent inside is the image's. */
static bool begin_life(struct life *life, struct fixture *fixture,
		       const struct platform *platform)
{
	struct start start = {.channel = -1};
	struct proto_hello hello = {0};
	struct err err = {0};
	uint64_t last_ns = clock_now_ns();
	int rc;

	*life = (struct life){
		.driver = platform->driver, .fixture = fixture, .channel = {.fd = -1}};
	rc = life->driver->open(fixture_spec(fixture, platform), &life->instance, &err);
	if (!rc)
		rc = life->driver->start(life->instance, &start, &err);
	life->channel.fd = start.channel;
	life->emulated = start.emulated;
	if (!rc)
		rc = channel_hello(&life->channel, PATIENCE_NS, &hello, &err);
	CHECK_STR(err.text, "");
	if (rc)
		return false;
	CHECK(start.phase_nr > 0 && start.phase_nr <= START_PHASES_MAX);
	for (size_t i = 0; i < start.phase_nr; i++) {
		CHECK(start.phases[i].name && start.phases[i].end_ns >= last_ns);
		last_ns = start.phases[i].end_ns;
	}
	check_members(start.pid);
	CHECK(!memcmp(hello.agent_sha256, fixture->image->agent_sha256, 32));
	CHECK(!memcmp(hello.fio_sha256, fixture->image->fio_sha256, 32));
	return true;
}

/* Everything that was asked for was given, and something was asked for. */
static void check_facts(struct life *life)
{
	struct facts facts = {0};
	struct err err = {0};
	cleanup(free) char *text = NULL;
	size_t asked = 0;

	CHECK_INT(life->driver->observe(life->instance, &facts, &err), 0);
	CHECK_STR(err.text, "");
	for (size_t i = 0; i < facts.nr; i++) {
		const struct fact *fact = &facts.list[i];

		CHECK(fact->name[0] && fact->source[0]);
		if (!fact->asked)
			continue;
		asked++;
		if (strcmp(fact->asked, fact->got) != 0)
			printf("# %s (%s):\n", fact->name, fact->source);
		CHECK_STR(fact->got, fact->asked);
	}
	CHECK(asked > 0);
	facts_release(&facts);
	CHECK_INT(channel_facts(&life->channel, PATIENCE_NS, &text, &err), 0);
	CHECK(text && strstr(text, "kernel="));
}

static bool run_slice(struct life *life, uint64_t ops, struct proto_result *ret)
{
	struct proto_slice slice = {.ops = ops, .sequence = ops ^ 0x5a5a};
	struct err err = {0};
	int rc = channel_slice(&life->channel, &slice, PATIENCE_NS, ret, &err);

	CHECK_STR(err.text, "");
	if (rc)
		return false;
	CHECK_INT(ret->status, PROTO_OK);
	CHECK_INT(ret->ops, ops);
	CHECK_INT(ret->sequence, slice.sequence);
	return true;
}

/* A worker of the workload that does two slices; their common checksum. */
static uint64_t run_worker(struct life *life, const char *workload, uint64_t ops)
{
	struct proto_open open = {.seed = 7, .threads = 1, .cpu = -1};
	struct proto_ready ready = {.status = PROTO_FAILED};
	struct proto_result result = {0};
	struct err err = {0};
	uint64_t checksum = 0;

	strncpy(open.workload, workload, sizeof(open.workload) - 1);
	CHECK_INT(channel_open(&life->channel, &open, PATIENCE_NS, &ready, &err), 0);
	CHECK_STR(ready.error, "");
	for (int i = 0; i < 2; i++) {
		if (!run_slice(life, ops, &result))
			return 0;
		checksum = checksum * 31 + result.checksum;
	}
	CHECK_INT(channel_close_worker(&life->channel, PATIENCE_NS, &ready, &err), 0);
	CHECK_INT(ready.status, PROTO_OK);
	CHECK_STR(err.text, "");
	return checksum;
}

/* The same work has the same result on every platform; the fake does none. */
static void check_work(struct life *life)
{
	static uint64_t expected;
	uint64_t checksum;

	(void)run_worker(life, "null", 1);
	checksum = run_worker(life, "int", 1000);
	if (life->driver->hidden)
		return;
	if (!expected)
		expected = checksum;
	CHECK_INT(checksum, expected);
}

/* A paused agent keeps silent; the answer comes when it goes on. */
static void check_pause(struct life *life)
{
	struct proto_head head = {PROTO_MAGIC, PROTO_FACTS, 0};
	struct pollfd answer = {.fd = life->channel.fd, .events = POLLIN};
	struct err err = {0};
	char text[4096];

	CHECK_INT(life->driver->pause(life->instance, &err), 0);
	CHECK_INT(write(life->channel.fd, &head, sizeof(head)), (int)sizeof(head));
	CHECK_INT(poll(&answer, 1, 200), 0);
	CHECK_INT(life->driver->resume(life->instance, &err), 0);
	CHECK_STR(err.text, "");
	CHECK_INT(poll(&answer, 1, (int)(PATIENCE_NS / NS_PER_MS)), 1);
	CHECK_INT(recv(life->channel.fd, &head, sizeof(head), MSG_WAITALL),
		  (int)sizeof(head));
	CHECK_INT(head.type, PROTO_FACTS);
	while (head.length) {
		size_t want = head.length < sizeof(text) ? head.length : sizeof(text);
		ssize_t got = read(life->channel.fd, text, want);

		CHECK(got > 0);
		head.length -= got > 0 ? (uint32_t)got : head.length;
	}
}

/* Every process is named, and the shares add up. */
static void check_roles(const struct account *account)
{
	uint64_t sum = 0;

	CHECK(account->role_nr > 0);
	for (size_t i = 0; i < account->role_nr; i++) {
		CHECK(account->roles[i].name[0] && account->roles[i].processes > 0);
		sum += account->roles[i].pss_bytes;
	}
	CHECK(sum == account->pss_bytes);
}

/* Counters never go back, and work that was done costs time. */
static void check_account(struct life *life)
{
	struct account before, after;
	struct proto_open open = {.workload = "int", .threads = 1, .cpu = -1};
	struct proto_ready ready;
	struct proto_result result;
	struct err err = {0};
	uint64_t worked_ns = 0, ops = 1000;

	CHECK_INT(life->driver->account(life->instance, &before, &err), 0);
	CHECK_INT(channel_open(&life->channel, &open, PATIENCE_NS, &ready, &err), 0);
	while (worked_ns < 100 * NS_PER_MS && run_slice(life, ops, &result)) {
		worked_ns += result.wall_ns;
		ops += ops < 1u << 20 ? ops : 0;
	}
	CHECK_INT(life->driver->account(life->instance, &after, &err), 0);
	CHECK_INT(channel_close_worker(&life->channel, PATIENCE_NS, &ready, &err), 0);
	CHECK_STR(err.text, "");
	CHECK(after.cpu_ns >= before.cpu_ns);
	CHECK(life->driver->hidden || after.cpu_ns > before.cpu_ns);
	CHECK(before.exits == UINT64_MAX || after.exits >= before.exits);
	CHECK(after.pss_bytes > 0);
	check_roles(&after);
	CHECK_INT(life->driver->account(life->instance, &before, &err), 0);
	CHECK(before.cpu_ns >= after.cpu_ns); /* the worker's share is kept */
}

/* fio reads the data file by the path's name for it. */
static void check_path(struct life *life, size_t path)
{
	const char *name = life->driver->paths[path].name;
	const char *target = life->driver->target(life->instance, path);
	struct proto_ran ran = {.exit_code = -1};
	cleanup(free) char *output = NULL;
	struct fio_argv argv;
	struct err err = {0};
	size_t length;
	int rc;

	CHECK(target && target[0] == '/');
	CHECK_INT(channel_prepare(&life->channel, name, PATIENCE_NS, &err), 0);
	fio_argv_warm(target, 4u << 20, &argv);
	rc = channel_run(&life->channel, argv.argv, PATIENCE_NS, &ran, &output, &length,
			 &err);
	CHECK_STR(err.text, "");
	CHECK_INT(ran.exit_code, 0);
	CHECK_STR(ran.error, "");
	CHECK(rc || strstr(output, "\"io_bytes\" : 4194304"));
}

static void test_life(struct fixture *fixture, const struct platform *platform,
		      const struct probe *probe)
{
	struct life life;

	if (begin_life(&life, fixture, platform)) {
		CHECK_INT(life.emulated, probe->state == EMULATED);
		check_facts(&life);
		check_work(&life);
		check_pause(&life);
		check_work(&life);
		check_account(&life);
		for (size_t i = 0; i < DRIVER_PATHS_MAX && life.driver->paths[i].name;
		     i++) {
			if (probe->paths[i].state == UNAVAILABLE)
				SKIP(probe->paths[i].reason);
			else
				check_path(&life, i);
		}
	}
	end_life(&life);
	CHECK_INT(leftovers(fixture->id), 0);
}

/* A tree that is not there: some step fails and says why; close takes what there is. */
static void test_broken_image(struct fixture *fixture, const struct platform *platform)
{
	const struct driver *driver = platform->driver;
	struct image broken = *fixture->image;
	struct instance *instance = NULL;
	struct start start = {.channel = -1};
	struct err err = {0};
	struct spec spec = *fixture_spec(fixture, platform);
	int rc;

	broken.root = broken.initrd = broken.kernel = "/nonexistent/tare";
	spec.image = &broken;
	rc = driver->open(&spec, &instance, &err);
	CHECK(!rc || !instance);
	if (!rc)
		rc = driver->start(instance, &start, &err);
	if (!driver->hidden) { /* which needs no image */
		CHECK(rc < 0);
		CHECK(err.text[0] != '\0');
		CHECK_INT(start.channel, -1); /* outputs on success only */
	}
	if (start.channel >= 0)
		(void)close(start.channel);
	driver->close(instance);
	driver->close(NULL);
	CHECK_INT(leftovers(spec.id), 0);
}

#endif
