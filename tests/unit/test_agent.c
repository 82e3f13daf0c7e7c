/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The built agent over a socket pair: what it answers, and how it ends. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/agent/sha256.h"
#include "bench/host/channel.h"
#include "bench/base/clock.h"
#include "bench/workload/workload.h"
#include "tests/check.h"

#define AGENT "build/tare-agent"
#define LONG_NS (60 * NS_PER_S) /* only a hung agent comes near */

struct agent {
	struct channel channel;
	struct proto_hello hello;
	pid_t pid;
};

static pid_t spawn(const char *option, const char *value)
{
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		(void)dup2(null, STDERR_FILENO);
		(void)execl(AGENT, "agent", option, value, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static int exit_code(pid_t pid)
{
	int status = -1;

	CHECK_INT(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct agent start(void)
{
	struct agent agent = {.channel = {.fd = -1}};
	struct err err = {0};
	char number[16];
	int fds[2];

	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	(void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	(void)snprintf(number, sizeof(number), "%d", fds[1]);
	agent.pid = spawn("--fd", number);
	(void)close(fds[1]);
	agent.channel.fd = fds[0];
	CHECK_INT(channel_hello(&agent.channel, LONG_NS, &agent.hello, &err), 0);
	return agent;
}

static void hang_up(struct agent *agent)
{
	(void)close(agent->channel.fd);
	agent->channel.fd = -1;
}

/* The agent ends by itself, in order. */
static void finish(struct agent *agent)
{
	hang_up(agent);
	CHECK_INT(exit_code(agent->pid), 0);
}

static bool stream_ended(const struct agent *agent)
{
	char byte;
	ssize_t got = read(agent->channel.fd, &byte, 1);

	return got == 0 || (got < 0 && errno == ECONNRESET);
}

/* Sends what no harness sends and expects the agent to give up. */
static void check_refused(const void *bytes, size_t length)
{
	struct agent agent = start();

	CHECK(send(agent.channel.fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length);
	CHECK(stream_ended(&agent));
	CHECK_INT(exit_code(agent.pid), 1);
	hang_up(&agent);
}

static struct proto_ready open_worker(struct agent *agent, const struct proto_open *open)
{
	struct proto_ready ready = {.status = 99};
	struct err err = {0};

	CHECK_INT(channel_open(&agent->channel, open, LONG_NS, &ready, &err), 0);
	return ready;
}

static struct proto_open open_of(const char *workload)
{
	struct proto_open open = {
		.size_bytes = 1 << 20, .seed = 1, .threads = 1, .cpu = -1};

	strncpy(open.workload, workload, sizeof(open.workload) - 1);
	return open;
}

static struct proto_result slice(struct agent *agent, uint64_t ops, uint64_t sequence)
{
	struct proto_slice request = {.ops = ops, .warmup_ops = 1, .sequence = sequence};
	struct proto_result result = {.status = 99};
	struct err err = {0};

	CHECK_INT(channel_slice(&agent->channel, &request, LONG_NS, &result, &err), 0);
	return result;
}

static struct proto_ready close_worker(struct agent *agent)
{
	struct proto_ready ready = {.status = 99};
	struct err err = {0};

	CHECK_INT(channel_close_worker(&agent->channel, LONG_NS, &ready, &err), 0);
	return ready;
}

/* The agent's only child, or 0. */
static pid_t child_of(pid_t pid)
{
	char path[64], text[64] = "";
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	file = fopen(path, "re");
	CHECK(file != NULL);
	if (file && !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		(void)fclose(file);
	return (pid_t)atoi(text);
}

/* Sleeping in a read, that is between two messages. */
static void await_idle(pid_t pid)
{
	char path[64], state = '?';

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (int i = 0; i < 10000 && state != 'S'; i++) {
		FILE *file = fopen(path, "re");

		if (!file || fscanf(file, "%*d %*s %c", &state) != 1)
			state = '?';
		if (file)
			(void)fclose(file);
		(void)usleep(1000);
	}
	CHECK_INT(state, 'S');
}

static void kill_child(pid_t pid)
{
	CHECK(pid > 1); /* 0 would be this program's own group */
	if (pid > 1)
		CHECK_INT(kill(pid, SIGKILL), 0);
}

static void test_hello(void)
{
	static const uint8_t none[SHA256_BYTES];
	uint8_t digest[SHA256_BYTES] = {0};
	struct agent agent = start();

	CHECK_INT(agent.hello.pid, agent.pid);
	CHECK(agent.hello.monotonic_ns <= clock_now_ns());
	CHECK_INT(sha256_file(AGENT, digest), 0);
	CHECK(!memcmp(agent.hello.agent_sha256, digest, sizeof(digest)));
	if (sha256_file("/usr/bin/fio", digest))
		memcpy(digest, none, sizeof(digest));
	CHECK(!memcmp(agent.hello.fio_sha256, digest, sizeof(digest)));
	finish(&agent);
}

static void test_facts(void)
{
	static const char *const keys[] = {"kernel=",
					   "machine=x86_64\n",
					   "cpus_online=",
					   "cpus_allowed=",
					   "cpu_list=",
					   "page_bytes=4096\n",
					   "memory_total_bytes=",
					   "cgroup.",
					   "mount./=",
					   "clocksource=",
					   "capabilities=",
					   "rlimit_nofile=",
					   "cpu_model=",
					   "cpu_flags=",
					   "uid_map="};
	struct agent agent = start();
	struct err err = {0};
	char *text = NULL;

	CHECK_INT(channel_facts(&agent.channel, LONG_NS, &text, &err), 0);
	for (size_t i = 0; text && i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!strstr(text, keys[i]))
			printf("# no '%s'\n", keys[i]);
		CHECK(strstr(text, keys[i]) != NULL);
	}
	free(text);
	CHECK_INT(channel_prepare(&agent.channel, "host", LONG_NS, &err), 0);
	finish(&agent);
}

static void check_traits(struct agent *agent, const char *target, const char *const *keys,
			 size_t nr)
{
	struct err err = {0};
	char *text = NULL;

	CHECK_INT(channel_traits(&agent->channel, target, LONG_NS, &text, &err), 0);
	for (size_t i = 0; text && i < nr; i++)
		check_say(strstr(text, keys[i]) != NULL, __FILE__, __LINE__, keys[i]);
	free(text);
}

/* What is tried on a path leaves the target's bytes and nothing beside it. */
static void test_traits(void)
{
	static const char *const own[] = {
		"cpu.online=", "limit.nofile=", "syscall.openat2=reached",
		"syscall.copy_file_range=reached", "file./dev/null=read write"};
	static const char *const disk[] = {"disk.kind=file system", "disk.fsync=ok",
					   "disk.symbolic link=ok", "disk.remove=ok"};
	static const char *const none[] = {"disk.open=ENOENT"};
	char dir[] = "/tmp/tare-test-XXXXXX", target[64], bytes[8] = "";
	struct agent agent = start();
	FILE *file;

	CHECK(mkdtemp(dir) != NULL);
	(void)snprintf(target, sizeof(target), "%s/disk.img", dir);
	check_traits(&agent, "", own, sizeof(own) / sizeof(own[0]));
	check_traits(&agent, target, none, 1);
	file = fopen(target, "w+e");
	CHECK(file && fputs("kept", file) >= 0);
	if (file)
		(void)fclose(file);
	check_traits(&agent, target, disk, sizeof(disk) / sizeof(disk[0]));
	file = fopen(target, "re");
	CHECK(file && fgets(bytes, sizeof(bytes), file));
	if (file)
		(void)fclose(file);
	CHECK_STR(bytes, "kept");
	CHECK(!unlink(target));
	CHECK(!rmdir(dir)); /* nothing else was left */
	finish(&agent);
}

/* Twice the same epoch: same checksums; and what the clocks say is possible. */
static void test_workload(const struct workload *workload)
{
	struct proto_open open = open_of(workload->name);
	struct agent agent = start();
	uint64_t checksum[2] = {0};

	for (uint32_t epoch = 0; epoch < 2; epoch++) {
		struct proto_ready ready = open_worker(&agent, &open);
		struct proto_result result;

		if (ready.status == PROTO_UNSUPPORTED) {
			SKIP(ready.error);
			break;
		}
		CHECK_INT(ready.status, PROTO_OK);
		(void)slice(&agent, 10, 1);
		result = slice(&agent, 20, 77 + epoch);
		CHECK_INT(result.status, PROTO_OK);
		CHECK_STR(result.error, "");
		CHECK_INT(result.ops, 20);
		CHECK_INT(result.sequence, 77 + epoch);
		CHECK(result.begin_ns + result.wall_ns <= clock_now_ns());
		CHECK(result.cpu_ns < LONG_NS);
		checksum[epoch] = result.checksum;
		CHECK_INT(close_worker(&agent).status, PROTO_OK);
		CHECK_INT(child_of(agent.pid), 0); /* READY says that it has ended */
		open.phase = 9;
	}
	CHECK(checksum[0] == checksum[1]);
	finish(&agent);
}

static void test_counters(void)
{
	struct proto_open open = open_of("fault-4k");
	struct agent agent = start();

	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	CHECK(slice(&agent, 640, 1).minor_faults >= 640);
	CHECK_INT(close_worker(&agent).status, PROTO_OK);
	open = open_of("ctxswitch");
	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	CHECK(slice(&agent, 500, 1).voluntary >= 500);
	CHECK_INT(close_worker(&agent).status, PROTO_OK);
	open = open_of("fork"); /* children's time and faults are counted */
	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	CHECK(slice(&agent, 20, 1).minor_faults >= 20);
	CHECK_INT(close_worker(&agent).status, PROTO_OK);
	finish(&agent);
}

static void test_refusals(void)
{
	struct proto_open open = open_of("no-such");
	struct agent agent = start();
	struct proto_ready ready = open_worker(&agent, &open);

	CHECK_INT(ready.status, PROTO_UNSUPPORTED);
	CHECK_STR(ready.error, "the agent knows no workload 'no-such'; is its image "
			       "older than tare ('make image')?");
	open = open_of("seqread"); /* fio's */
	CHECK_INT(open_worker(&agent, &open).status, PROTO_UNSUPPORTED);
	memset(open.workload, 'x', sizeof(open.workload)); /* no NUL */
	CHECK_INT(open_worker(&agent, &open).status, PROTO_UNSUPPORTED);
	open = open_of("null");
	open.threads = 2;
	ready = open_worker(&agent, &open);
	CHECK_INT(ready.status, PROTO_UNSUPPORTED);
	CHECK_STR(ready.error, "this workload runs in one thread only");
	open = open_of("int");
	open.threads = UINT32_MAX;
	CHECK_INT(open_worker(&agent, &open).status, PROTO_FAILED);
	open = open_of("int");
	open.cpu = 1 << 30;
	ready = open_worker(&agent, &open);
	CHECK_INT(ready.status, PROTO_FAILED);
	CHECK_STR(ready.error, "cannot stay on CPU 1073741824");
	open = open_of("int"); /* more objects than it is willing to hold */
	open.phase = UINT32_MAX;
	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	CHECK_INT(close_worker(&agent).status, PROTO_OK);
	finish(&agent);
}

static void test_no_worker(void)
{
	struct agent agent = start();
	struct proto_result result = slice(&agent, 1, 42);

	CHECK_INT(result.status, PROTO_FAILED);
	CHECK_INT(result.sequence, 42);
	CHECK_STR(result.error, "no worker is open");
	CHECK_INT(close_worker(&agent).status, PROTO_FAILED);
	finish(&agent);
}

/* A worker that dies between slices, and the agent that goes on. */
static void test_killed_idle(void)
{
	static const char why[] = "the worker was killed by signal 9 (Killed)";
	struct proto_open open = open_of("int");
	struct agent agent = start();
	struct proto_ready ready;

	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	await_idle(child_of(agent.pid));
	kill_child(child_of(agent.pid));
	CHECK_STR(slice(&agent, 10, 1).error, why);
	ready = close_worker(&agent);
	CHECK_INT(ready.status, PROTO_FAILED);
	CHECK_STR(ready.error, why);
	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	CHECK_INT(slice(&agent, 10, 2).status, PROTO_OK);
	CHECK_INT(close_worker(&agent).status, PROTO_OK);
	finish(&agent);
}

static void test_killed_in_slice(void)
{
	struct proto_slice request = {.ops = UINT64_MAX, .sequence = 5};
	struct proto_head head = {PROTO_MAGIC, PROTO_SLICE, sizeof(request)};
	char message[sizeof(head) + sizeof(request)];
	struct proto_open open = open_of("syscall");
	struct proto_result result;
	struct agent agent = start();
	pid_t worker;

	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	worker = child_of(agent.pid);
	memcpy(message, &head, sizeof(head));
	memcpy(message + sizeof(head), &request, sizeof(request));
	CHECK(write(agent.channel.fd, message, sizeof(message)) == sizeof(message));
	(void)usleep(100000); /* a slice without end; before or in it is both right */
	kill_child(worker);
	CHECK(recv(agent.channel.fd, &head, sizeof(head), MSG_WAITALL) == sizeof(head));
	CHECK_INT(head.type, PROTO_RESULT);
	CHECK_INT(head.length, sizeof(result));
	CHECK(recv(agent.channel.fd, &result, sizeof(result), MSG_WAITALL) ==
	      sizeof(result));
	CHECK_INT(result.status, PROTO_FAILED);
	CHECK_INT(result.sequence, 5);
	CHECK_INT(close_worker(&agent).status, PROTO_FAILED);
	finish(&agent);
}

/* A worker never outlives its agent: the stream ends when both have gone. */
static void test_killed_agent(void)
{
	struct proto_open open = open_of("int");
	struct agent agent = start();

	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	CHECK_INT(kill(agent.pid, SIGKILL), 0);
	CHECK_INT(exit_code(agent.pid), -1);
	CHECK(stream_ended(&agent));
	hang_up(&agent);
}

static void test_end_in_epoch(void)
{
	struct proto_open open = open_of("int");
	struct agent agent = start();
	pid_t worker;

	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	worker = child_of(agent.pid);
	CHECK(worker > 0);
	finish(&agent);
	CHECK(kill(worker, 0) == -1 && errno == ESRCH);

	agent = start();
	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	channel_bye(&agent.channel);
	CHECK(stream_ended(&agent));
	finish(&agent);
}

static struct proto_ran run(struct agent *agent, const char *const *argv, char **output,
			    size_t *length)
{
	struct proto_ran ran = {.status = 99};
	struct err err = {0};

	*output = NULL;
	*length = 0;
	CHECK_INT(channel_run(&agent->channel, argv, LONG_NS, &ran, output, length, &err),
		  0);
	return ran;
}

static struct proto_ran run_shell(struct agent *agent, const char *script, char **output,
				  size_t *length)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};

	return run(agent, argv, output, length);
}

static void test_run(void)
{
	struct agent agent = start();
	struct proto_ran ran;
	size_t length;
	char *output;

	ran = run_shell(&agent, "echo out; echo one >&2; echo two >&2; exit 3", &output,
			&length);
	CHECK_INT(ran.status, PROTO_OK);
	CHECK_INT(ran.exit_code, 3);
	CHECK_STR(ran.error, "two");
	CHECK_STR(output, "out\n");
	free(output);
	ran = run_shell(&agent, "kill -9 $$", &output, &length);
	CHECK_INT(ran.status, PROTO_OK);
	CHECK_INT(ran.exit_code, -1);
	CHECK_INT(ran.signal, SIGKILL);
	free(output);
	ran = run_shell(&agent, "head -c 1500000 /dev/zero", &output, &length);
	CHECK_INT(ran.exit_code, 0);
	CHECK_INT(ran.truncated, 1);
	CHECK_INT(length, PROTO_OUTPUT_MAX);
	free(output);
	/* a long complaint on standard error blocks nobody, its end is kept */
	ran = run_shell(&agent,
			"head -c 300000 /dev/zero >&2; echo >&2; echo end >&2; exit 1",
			&output, &length);
	CHECK_STR(ran.error, "end");
	free(output);
	finish(&agent);
}

static void test_run_wrong(void)
{
	const char *many[80] = {0};
	struct agent agent = start();
	struct proto_ran ran;
	size_t length;
	char *output;

	ran = run(&agent, (const char *const[]){"/no/such", NULL}, &output, &length);
	CHECK_INT(ran.status, PROTO_FAILED);
	CHECK_STR(ran.error, "cannot run '/no/such': No such file or directory");
	free(output);
	ran = run(&agent, (const char *const[]){NULL}, &output, &length);
	CHECK_INT(ran.status, PROTO_FAILED);
	free(output);
	for (int i = 0; i < 79; i++)
		many[i] = "/bin/true";
	ran = run(&agent, many, &output, &length);
	CHECK_INT(ran.status, PROTO_FAILED);
	free(output);
	finish(&agent);
}

/* A program that runs does not outlive the harness. */
static void test_run_end(void)
{
	static const char words[] = "/bin/sleep\0"
				    "300";
	struct proto_head head = {PROTO_MAGIC, PROTO_RUN, sizeof(words)};
	struct agent agent = start();
	pid_t child = 0;

	CHECK(write(agent.channel.fd, &head, sizeof(head)) == sizeof(head));
	CHECK(write(agent.channel.fd, words, sizeof(words)) == sizeof(words));
	for (int i = 0; i < 1000 && child <= 0; i++) {
		(void)usleep(10000);
		child = child_of(agent.pid);
	}
	CHECK(child > 0);
	hang_up(&agent);
	CHECK(exit_code(agent.pid) >= 0);
	CHECK(kill(child, 0) == -1 && errno == ESRCH);
}

static void test_garbage(void)
{
	static const char text[] = "GET / HTTP/1.0\r\n\r\n";
	struct proto_head head = {PROTO_MAGIC, PROTO_FACTS, 0};
	char open[sizeof(head) + 4] = {0}, worker[sizeof(head) + 4] = {0};
	struct agent agent;

	check_refused(text, sizeof(text));
	head.length = UINT32_MAX; /* longer than anything it reads */
	check_refused(&head, sizeof(head));
	head = (struct proto_head){PROTO_MAGIC, 4711, 0};
	check_refused(&head, sizeof(head));
	head.type = PROTO_RESULT; /* a harness asks */
	check_refused(&head, sizeof(head));
	head = (struct proto_head){PROTO_MAGIC, PROTO_OPEN, 4};
	memcpy(open, &head, sizeof(head));
	check_refused(open, sizeof(open));
	head.type = PROTO_SLICE;
	memcpy(worker, &head, sizeof(head));
	check_refused(worker, sizeof(worker));

	agent = start(); /* half a head, then nothing more */
	CHECK(write(agent.channel.fd, &head, 5) == 5);
	hang_up(&agent);
	CHECK_INT(exit_code(agent.pid), 1);
}

/* The same in front of a worker. */
static void test_garbage_in_epoch(void)
{
	static const char text[] = "GET / HTTP/1.0\r\n\r\n";
	struct proto_open open = open_of("int");
	struct agent agent = start();

	CHECK_INT(open_worker(&agent, &open).status, PROTO_OK);
	CHECK(write(agent.channel.fd, text, sizeof(text)) == sizeof(text));
	CHECK(stream_ended(&agent));
	(void)exit_code(agent.pid);
	hang_up(&agent);
}

static void test_bye(void)
{
	struct agent agent = start();

	channel_bye(&agent.channel);
	CHECK(stream_ended(&agent));
	finish(&agent);
}

static void test_connect(void)
{
	char directory[] = "/tmp/tare-test-agent-XXXXXX";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct agent agent = {.channel = {.fd = -1}};
	struct err err = {0};

	CHECK(mkdtemp(directory) != NULL);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", directory);
	CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_INT(listen(listener, 1), 0);
	agent.pid = spawn("--connect", address.sun_path);
	agent.channel.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	CHECK_INT(channel_hello(&agent.channel, LONG_NS, &agent.hello, &err), 0);
	finish(&agent);
	(void)close(listener);
	CHECK_INT(unlink(address.sun_path), 0);
	CHECK_INT(exit_code(spawn("--connect", address.sun_path)), 2);
	CHECK_INT(rmdir(directory), 0);
}

static void test_command_line(void)
{
	CHECK_INT(exit_code(spawn("--true", NULL)), 0);
	CHECK_INT(exit_code(spawn("--fd", NULL)), 2);
	CHECK_INT(exit_code(spawn("--fd", "-1")), 2);
	CHECK_INT(exit_code(spawn("--fd", "3x")), 2);
	CHECK_INT(exit_code(spawn("--fd", "")), 2);
	CHECK_INT(exit_code(spawn("--fd", "999")), 2);
	CHECK_INT(exit_code(spawn("--help", NULL)), 2);
}

int main(void)
{
	(void)alarm(300); /* an agent that hangs fails the test */
	if (access(AGENT, X_OK)) {
		printf("# no %s; run 'make'\n", AGENT);
		CHECK(access(AGENT, X_OK) == 0);
		return check_done();
	}
	test_command_line();
	test_hello();
	test_facts();
	for (size_t i = 0; i < workload_nr; i++)
		if (workloads[i]->native)
			test_workload(workloads[i]);
	test_counters();
	test_refusals();
	test_no_worker();
	test_killed_idle();
	test_killed_in_slice();
	test_killed_agent();
	test_end_in_epoch();
	test_run();
	test_run_wrong();
	test_run_end();
	test_traits();
	test_garbage();
	test_garbage_in_epoch();
	test_bye();
	test_connect();
	return check_done();
}
