/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contract of drivers/driver.h, the same assertions for every platform in
 * configs/platforms and for the fake. What cannot run here is skipped with its reason.
 *
 * "test_driver victim FILE" is the program's other half: it starts an instance of a
 * platform and waits to be killed.
 */
#include <fcntl.h>
#include <signal.h>

#include "bench/cgroup/cgroup.h"
#include "tests/contract/driver_life.h"

/* --- killed --- */

/* A minute of fio, which nobody will wait for. Its job is a process of its own here, so
 * that it outlives also an agent that ends fio before it dies itself. */
static void start_fio(struct life *life)
{
	static const char words[] = "/usr/bin/fio\0--name=tare\0--rw=read\0--size=4M\0"
				    "--time_based\0--runtime=60\0--eta=never\0"
				    "--filename=";
	struct err err = {0};
	char message[sizeof(struct proto_head) + 256], *payload = message + 12;
	const char *target = life->driver->target(life->instance, 0);
	uint32_t length = (uint32_t)(sizeof(words) + strlen(target));
	struct proto_head head = {PROTO_MAGIC, PROTO_RUN, length};

	CHECK_INT(channel_prepare(&life->channel, life->driver->paths[0].name,
				  PATIENCE_NS, &err),
		  0);
	memcpy(message, &head, sizeof(head));
	memcpy(payload, words, sizeof(words));
	(void)snprintf(payload + sizeof(words) - 1, 128, "%s", target);
	CHECK_INT(write(life->channel.fd, message, sizeof(head) + length),
		  (int)(sizeof(head) + length));
	(void)sleep(1); /* until it runs, or it is no test of much */
}

/* Starts an instance, says that it did, waits for its end. */
static int be_victim(const char *file, const char *how)
{
	static struct fixture fixture;
	struct platform platform;
	struct err err = {0};
	struct life life;

	if (platform_parse(file, NULL, &platform, &err) || fixture_open(&fixture, &err)) {
		printf("%s\n", err.text);
		return 1;
	}
	if (!begin_life(&life, &fixture, &platform))
		return 1;
	if (!strcmp(how, "busy"))
		start_fio(&life);
	if (!strcmp(how, "paused") && life.driver->pause(life.instance, &err))
		return 1;
	printf("%s %s\n", fixture.owner, fixture.scratch_base);
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}

struct victim {
	char owner[64], base[64];
	pid_t pid;
};

static bool start_victim(const struct platform *platform, const char *how,
			 struct victim *ret)
{
	unsigned long long start;
	char line[1024] = "";
	int out[2], pid;

	if (pipe2(out, O_CLOEXEC))
		return false;
	ret->pid = fork();
	if (ret->pid == 0) {
		(void)dup2(out[1], STDOUT_FILENO);
		(void)execl("/proc/self/exe", "test_driver", "victim", platform->file,
			    how, NULL);
		_exit(127);
	}
	(void)close(out[1]);
	FILE *from = fdopen(out[0], "r");

	if (from && fgets(line, sizeof(line), from))
		line[strcspn(line, "\n")] = '\0';
	if (from)
		(void)fclose(from);
	if (sscanf(line, "%47s %63s", ret->owner, ret->base) == 2 &&
	    owner_parse(ret->owner, &pid, &start))
		return true;
	CHECK_STR(line, "an owner"); /* it says what failed */
	return false;
}

/* A group whose name looks almost like ours. */
static bool make_decoy(char *path, size_t size)
{
	struct cgroup_hierarchies all;
	struct err err = {0};

	if (cgroup_hierarchies_read(&all, &err))
		return false;
	(void)snprintf(path, size, "%s/tare-not-%d", all.list[0].dir, (int)getpid());
	return !mkdir(path, 0755);
}

/* After kill -9 the others reap what it left, and nothing of the living. */
static void test_killed(struct fixture *fixture, const struct platform *platform,
			const char *how)
{
	struct victim victim;
	struct life bystander;
	struct reaped list[REAPED_MAX];
	struct err err = {0};
	char decoy[512];
	size_t nr;
	bool started = start_victim(platform, how, &victim), has_decoy;

	(void)kill(victim.pid, SIGKILL);
	(void)waitpid(victim.pid, NULL, 0);
	if (!started) {
		CHECK_INT(reap_each(list, &nr, &err), 0);
		return;
	}
	has_decoy = make_decoy(decoy, sizeof(decoy));
	if (begin_life(&bystander, fixture, platform)) {
		CHECK_INT(reap_each(list, &nr, &err), 0);
		CHECK_STR(err.text, "");
		CHECK_INT(leftovers(victim.owner), 0);
		CHECK_INT(rmdir(victim.base), 0); /* its scratch folder is gone */
		CHECK_INT(run_worker(&bystander, "int", 1000) != 0, 1);
	}
	end_life(&bystander);
	CHECK(!has_decoy || !rmdir(decoy));
	CHECK_INT(leftovers(fixture->id), 0);
}

/* --- all of it for one platform --- */

static bool test_probe(struct fixture *fixture, const struct platform *platform,
		       struct probe *ret)
{
	struct err err = {0};
	char reason[512];

	CHECK_INT(platform->driver->probe(fixture_spec(fixture, platform), ret, &err), 0);
	CHECK_STR(err.text, "");
	CHECK(ret->reason[0] != '\0');
	CHECK_INT(leftovers(fixture->id), 0);
	if (ret->state != UNAVAILABLE)
		return true;
	(void)snprintf(reason, sizeof(reason), "%s: %s", platform->name, ret->reason);
	SKIP(reason);
	return false;
}

static bool part_life(struct fixture *fixture, const struct platform *platform)
{
	struct probe probe;

	if (!test_probe(fixture, platform, &probe))
		return false;
	test_life(fixture, platform, &probe);
	test_broken_image(fixture, platform);
	return true;
}

static bool part_killed_busy(struct fixture *fixture, const struct platform *platform)
{
	test_killed(fixture, platform, "busy");
	return true;
}

static bool part_killed_paused(struct fixture *fixture, const struct platform *platform)
{
	test_killed(fixture, platform, "paused");
	return true;
}

typedef bool part(struct fixture *fixture, const struct platform *platform);

struct tally {
	unsigned passed, failed, skipped;
	bool go_on;
};

static _Noreturn void be_part(part *run, const struct platform *platform, int to)
{
	static struct fixture fixture;
	struct tally tally = {0};
	struct err err = {0};

	check_passed = check_failed = check_skipped = 0;
	if (!fixture_open(&fixture, &err))
		tally.go_on = run(&fixture, platform);
	CHECK_STR(err.text, "");
	fixture_close(&fixture);
	CHECK_INT(leftovers(fixture.owner), 0);
	tally.passed = check_passed;
	tally.failed = check_failed;
	tally.skipped = check_skipped;
	(void)fflush(stdout);
	_exit(write(to, &tally, sizeof(tally)) != sizeof(tally));
}

/* In a process of its own: the embedded libvirt belongs to one process at a time, and a
 * crash is one failure. */
static bool run_part(part *run, const struct platform *platform)
{
	struct tally tally = {.failed = 1};
	int out[2];
	pid_t pid;

	CHECK_INT(pipe2(out, O_CLOEXEC), 0);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		be_part(run, platform, out[1]);
	(void)close(out[1]);
	CHECK_INT(read(out[0], &tally, sizeof(tally)), (int)sizeof(tally));
	(void)close(out[0]);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
	check_passed += tally.passed;
	check_failed += tally.failed;
	check_skipped += tally.skipped;
	return tally.go_on;
}

static void test_platform(const struct platform *platform)
{
	printf("# %s\n", platform->name);
	if (!run_part(part_life, platform))
		return;
	(void)run_part(part_killed_busy, platform);
	(void)run_part(part_killed_paused, platform);
}

static int take_lock(void)
{
	uint64_t until_ns = clock_now_ns() + 60 * NS_PER_S;
	struct err err = {0};
	int lock = -1;

	while (owner_lock(&lock, &err) == -EWOULDBLOCK && clock_now_ns() < until_ns) {
		err_clear(&err);
		(void)sleep(1);
	}
	CHECK_STR(err.text, "");
	return lock;
}

/* A platform that has no file in configs. */
static void test_text(const char *text)
{
	char file[] = "/tmp/tare-test-XXXXXX.yaml";
	struct platform_set one = {calloc(1, sizeof(*one.list)), 1};
	struct err err = {0};
	int fd = mkstemps(file, 5);

	CHECK_INT(write(fd, text, strlen(text)), (int)strlen(text));
	(void)close(fd);
	CHECK_INT(platform_parse(file, NULL, one.list, &err), 0);
	CHECK_STR(err.text, "");
	printf("# driver %s:\n", one.list->driver->name);
	test_platform(one.list);
	platform_set_release(&one);
	(void)unlink(file);
}

/* The folder's, limits that are reached, and the fake. */
static void test_all(const char *only)
{
	struct platform_set set = {0};
	struct err err = {0};

	CHECK_INT(platform_set_load("configs", &set, &err), 0);
	CHECK_STR(err.text, "");
	for (size_t i = 0; i < set.nr; i++)
		if (!only || !strcmp(only, set.list[i].name))
			test_platform(&set.list[i]);
	platform_set_release(&set);
	if (!only || !strcmp(only, "cgroup"))
		test_text("driver: cgroup\nsettings:\n  memory: 256MiB\n  cpuset: no\n"
			  "  cpu_percent: 50\n  pids: 64\n");
	if (!only || !strcmp(only, "fake"))
		test_text("driver: fake\n");
}

int main(int argc, char **argv)
{
	struct err err = {0};

	if (argc == 4 && !strcmp(argv[1], "victim"))
		return be_victim(argv[2], argv[3]);
	CHECK_INT(driver_check(&err), 0);
	if (geteuid() != 0)
		SKIP("drivers need root");
	else if (take_lock() >= 0)
		test_all(argc > 1 ? argv[1] : NULL);
	return check_done();
}
