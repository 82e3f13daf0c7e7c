/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes from the agent is hostile: each way of being wrong has its own answer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/host/channel.h"
#include "bench/base/clock.h"
#include "tests/check.h"

#define SHORT_NS (50 * NS_PER_MS)
#define LONG_NS (5 * NS_PER_S)

struct pair {
	struct channel channel;
	int agent;
};

static struct pair pair_open(void)
{
	int fds[2] = {-1, -1};

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	return (struct pair){.channel = {.fd = fds[0]}, .agent = fds[1]};
}

static void pair_close(struct pair *pair)
{
	(void)close(pair->channel.fd);
	if (pair->agent >= 0)
		(void)close(pair->agent);
}

static void say(const struct pair *pair, uint32_t magic, uint32_t type,
		const void *payload, uint32_t length)
{
	struct proto_head head = {magic, type, length};

	CHECK(write(pair->agent, &head, sizeof(head)) == (ssize_t)sizeof(head));
	if (payload)
		CHECK(write(pair->agent, payload, length) == (ssize_t)length);
}

static void test_hello(void)
{
	struct pair pair = pair_open();
	struct proto_hello hello = {.version = PROTO_VERSION, .pid = 7}, got = {0};
	struct err err = {0};

	say(&pair, PROTO_MAGIC, PROTO_HELLO, &hello, sizeof(hello));
	CHECK_INT(channel_hello(&pair.channel, LONG_NS, &got, &err), 0);
	CHECK_INT(got.pid, 7);
	pair_close(&pair);
}

static void test_other_version(void)
{
	struct pair pair = pair_open();
	struct proto_hello hello = {.version = PROTO_VERSION + 1}, got = {.pid = 99};
	struct err err = {0};

	say(&pair, PROTO_MAGIC, PROTO_HELLO, &hello, sizeof(hello));
	CHECK_INT(channel_hello(&pair.channel, LONG_NS, &got, &err), -EPROTO);
	CHECK_INT(got.pid, 99);
	CHECK(strstr(err.text, "make image") != NULL);
	pair_close(&pair);
}

static void test_silence(void)
{
	struct pair pair = pair_open();
	struct proto_hello got;
	struct err err = {0};

	CHECK_INT(channel_hello(&pair.channel, SHORT_NS, &got, &err), -ETIMEDOUT);
	pair_close(&pair);
}

static void test_gone(void)
{
	struct pair pair = pair_open();
	struct proto_hello got;
	struct err err = {0};

	(void)close(pair.agent);
	pair.agent = -1;
	CHECK_INT(channel_hello(&pair.channel, LONG_NS, &got, &err), -EPIPE);
	pair_close(&pair);
}

static void test_stop(void)
{
	struct pair pair = pair_open();
	struct proto_hello got;
	struct err err = {0};
	volatile int stop = 1;

	pair.channel.stop = &stop;
	CHECK_INT(channel_hello(&pair.channel, LONG_NS, &got, &err), -EINTR);
	pair_close(&pair);
}

/* Heads that must be refused before a byte of payload is read. */
static void test_bad_heads(void)
{
	static const struct proto_head heads[] = {
		{0x12345678u, PROTO_HELLO, sizeof(struct proto_hello)},
		{PROTO_MAGIC, PROTO_RESULT, sizeof(struct proto_hello)},
		{PROTO_MAGIC, 0xffffffffu, sizeof(struct proto_hello)},
		{PROTO_MAGIC, PROTO_HELLO, sizeof(struct proto_hello) + 1},
		{PROTO_MAGIC, PROTO_HELLO, 0},
		{PROTO_MAGIC, PROTO_HELLO, 0xffffffffu},
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct pair pair = pair_open();
		struct proto_hello got;
		struct err err = {0};

		say(&pair, heads[i].magic, heads[i].type, NULL, heads[i].length);
		CHECK_INT(channel_hello(&pair.channel, LONG_NS, &got, &err), -EPROTO);
		pair_close(&pair);
	}
}

static void test_slice_sequence(void)
{
	struct pair pair = pair_open();
	struct proto_slice slice = {.ops = 5, .sequence = 1};
	struct proto_result result = {.sequence = 2, .ops = 5}, got;
	struct err err = {0};

	say(&pair, PROTO_MAGIC, PROTO_RESULT, &result, sizeof(result));
	CHECK_INT(channel_slice(&pair.channel, &slice, LONG_NS, &got, &err), -EPROTO);
	pair_close(&pair);
}

static void test_status_and_text(void)
{
	struct pair pair = pair_open();
	struct proto_open open = {.threads = 1};
	struct proto_ready ready = {.status = PROTO_FAILED}, got = {0};
	struct err err = {0};

	memset(ready.error, '\033', sizeof(ready.error)); /* escape codes, no end */
	say(&pair, PROTO_MAGIC, PROTO_READY, &ready, sizeof(ready));
	CHECK_INT(channel_open(&pair.channel, &open, LONG_NS, &got, &err), 0);
	CHECK_INT(got.status, PROTO_FAILED);
	CHECK_INT(strlen(got.error), PROTO_ERROR_MAX - 1);
	CHECK(strchr(got.error, '\033') == NULL);
	ready.status = 77;
	say(&pair, PROTO_MAGIC, PROTO_READY, &ready, sizeof(ready));
	CHECK_INT(channel_open(&pair.channel, &open, LONG_NS, &got, &err), -EPROTO);
	pair_close(&pair);
}

static void test_run_output(void)
{
	static const char *const argv[] = {"/bin/x", "--y", NULL};
	struct pair pair = pair_open();
	struct {
		struct proto_ran ran;
		char output[5];
	} __attribute__((packed)) message = {.ran = {.exit_code = 3}, .output = "a\0b\n"};
	struct proto_ran got;
	struct err err = {0};
	char *output = NULL;
	size_t length = 0;

	say(&pair, PROTO_MAGIC, PROTO_RAN, &message, sizeof(message));
	CHECK_INT(channel_run(&pair.channel, argv, LONG_NS, &got, &output, &length, &err),
		  0);
	CHECK_INT(got.exit_code, 3);
	CHECK_INT(length, 5);
	CHECK(output && !memcmp(output, "a\0b\n", 4));
	free(output);
	say(&pair, PROTO_MAGIC, PROTO_RAN, NULL,
	    sizeof(struct proto_ran) + PROTO_OUTPUT_MAX + 1);
	output = NULL;
	CHECK_INT(channel_run(&pair.channel, argv, LONG_NS, &got, &output, &length, &err),
		  -EPROTO);
	CHECK(output == NULL);
	pair_close(&pair);
}

/* A platform that is not running answers at once that it is gone. */
static void test_not_running(void)
{
	struct channel channel = {.fd = -1};
	struct proto_hello got;
	struct err err = {0};
	uint64_t begin_ns = clock_now_ns();

	CHECK_INT(channel_hello(&channel, LONG_NS, &got, &err), -EPIPE);
	CHECK(clock_now_ns() - begin_ns < LONG_NS);
}

int main(void)
{
	test_hello();
	test_other_version();
	test_silence();
	test_gone();
	test_not_running();
	test_stop();
	test_bad_heads();
	test_slice_sequence();
	test_status_and_text();
	test_run_output();
	return check_done();
}
