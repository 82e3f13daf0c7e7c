/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/fake_agent.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/agent/proto.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

#define REQUEST_MAX 16384

struct session {
	int channel;
	const struct fake_script *script;
	uint64_t faults;     /* how often the fault could have happened */
	uint64_t seed, done; /* of the open worker: operations so far */
	struct proto_head head;
	char request[REQUEST_MAX + 1];
};

/* A stream that broke: nobody is left to serve. */
static void send_bytes(const struct session *session, const void *from, size_t length)
{
	const char *at = from;

	while (length) {
		ssize_t put = write(session->channel, at, length);

		if (put <= 0)
			_exit(1);
		at += put;
		length -= (size_t)put;
	}
}

static void receive_bytes(const struct session *session, void *to, size_t length)
{
	char *at = to;

	while (length) {
		ssize_t got = read(session->channel, at, length);

		if (got <= 0)
			_exit(got ? 1 : 0);
		at += got;
		length -= (size_t)got;
	}
}

static void send_head(const struct session *session, enum proto_type type, size_t length)
{
	struct proto_head head = {PROTO_MAGIC, type, (uint32_t)length};

	send_bytes(session, &head, sizeof(head));
}

static void send_message(const struct session *session, enum proto_type type,
			 const void *payload, size_t length)
{
	send_head(session, type, length);
	send_bytes(session, payload, length);
}

static void wait_ns(uint64_t ns)
{
	struct timespec left = {.tv_sec = (time_t)(ns / NS_PER_S),
				.tv_nsec = (long)(ns % NS_PER_S)};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

/* As its own clock has it, which may lie about the rate. */
static uint64_t own_ns(const struct session *session, uint64_t ns)
{
	return (uint64_t)((double)ns * session->script->clock);
}

/* Is this the time to fail in this way? */
static bool fails(struct session *session, const char *fault)
{
	return !strcmp(session->script->fault, fault) &&
	       ++session->faults == session->script->at;
}

/* Until the harness hangs up. */
static _Noreturn void be_silent(const struct session *session)
{
	struct pollfd ended = {.fd = session->channel, .events = POLLRDHUP};

	while (poll(&ended, 1, -1) < 0 && errno == EINTR)
		;
	_exit(0);
}

/* What a broken or hostile agent may do in place of an answer. */
static void maybe_break(struct session *session, enum proto_type type, size_t length)
{
	static const char junk[256] = "\xa5\x5a no message at all";

	if (fails(session, "die"))
		_exit(1);
	if (fails(session, "silent"))
		be_silent(session);
	if (fails(session, "garbage"))
		send_bytes(session, junk, sizeof(junk));
	else if (fails(session, "oversize"))
		send_head(session, type, 1u << 30);
	else if (fails(session, "short"))
		send_message(session, type, junk, length / 2);
	else if (fails(session, "truncated"))
		send_head(session, type, length); /* and the stream ends */
	else
		return;
	_exit(1);
}

static void answer_ready(struct session *session, enum proto_status status,
			 const char *why)
{
	struct proto_ready ready = {.status = status};

	(void)snprintf(ready.error, sizeof(ready.error), "%s", why);
	send_message(session, PROTO_READY, &ready, sizeof(ready));
}

static void say_hello(struct session *session)
{
	struct proto_hello hello = {.version = PROTO_VERSION,
				    .pid = (uint32_t)getpid(),
				    .monotonic_ns = own_ns(session, clock_now_ns())};

	memcpy(hello.agent_sha256, session->script->agent_sha256, 32);
	memcpy(hello.fio_sha256, session->script->fio_sha256, 32);
	if (fails(session, "hello"))
		_exit(1);
	hello.version += fails(session, "version");
	hello.agent_sha256[31] ^= fails(session, "wrong-hash");
	send_message(session, PROTO_HELLO, &hello, sizeof(hello));
}

static void answer_open(struct session *session)
{
	struct proto_open open;

	if (session->head.length != sizeof(open))
		_exit(1);
	memcpy(&open, session->request, sizeof(open));
	session->seed = open.seed;
	session->done = 0;
	if (fails(session, "worker"))
		answer_ready(session, PROTO_FAILED, "no worker, as told");
	else if (fails(session, "unsupported"))
		answer_ready(session, PROTO_UNSUPPORTED, "not here, as told");
	else
		answer_ready(session, PROTO_OK, "");
}

/* Some function of the work alone (the finalizer of splitmix64). */
static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
	value = (value ^ value >> 27) * 0x94d049bb133111ebu;
	return value ^ value >> 31;
}

static void move_away(const char *procs)
{
	cleanup(fd) int fd = open(procs, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "0", 1) != 1)
		_exit(1);
}

/* It sleeps for as long as it says it worked: the harness checks that. */
static void answer_slice(struct session *session)
{
	struct proto_result result = {.status = PROTO_OK};
	struct proto_slice slice;

	if (session->head.length != sizeof(slice))
		_exit(1);
	memcpy(&slice, session->request, sizeof(slice));
	maybe_break(session, PROTO_RESULT, sizeof(result));
	session->done += slice.ops;
	result.sequence = slice.sequence;
	result.ops = slice.ops;
	result.begin_ns = own_ns(session, clock_now_ns());
	result.wall_ns = (uint64_t)((double)(slice.ops * FAKE_OPERATION_NS) *
				    session->script->cost);
	result.checksum = mix(session->seed + session->done);
	wait_ns(result.wall_ns);
	result.wall_ns = own_ns(session, result.wall_ns);
	result.cpu_ns = result.wall_ns;
	if (fails(session, "slice"))
		result.status = PROTO_FAILED;
	if (fails(session, "wrong"))
		result.status = PROTO_WRONG;
	if (result.status)
		(void)snprintf(result.error, sizeof(result.error), "failed, as told");
	result.checksum ^= fails(session, "checksum");
	result.ops -= fails(session, "fewer");
	result.sequence += fails(session, "sequence");
	if (fails(session, "moved"))
		move_away(session->script->move_to);
	if (fails(session, "clock"))
		result.wall_ns += NS_PER_S;
	send_message(session, PROTO_RESULT, &result, sizeof(result));
}

/* The value behind "--name=" among the NUL-ended words, or "". */
static const char *option(const struct session *session, const char *name)
{
	size_t length = strlen(name);
	const char *end = session->request + session->head.length;

	for (const char *at = session->request; at < end; at += strlen(at) + 1)
		if (!strncmp(at, "--", 2) && !strncmp(at + 2, name, length) &&
		    at[2 + length] == '=')
			return at + 2 + length + 1;
	return "";
}

static uint64_t option_number(const struct session *session, const char *name)
{
	return strtoull(option(session, name), NULL, 10); /* "200ms": 200 */
}

/* A job as it ran. */
struct job {
	uint64_t reads, writes, block_bytes, depth, runtime_ms, latency_ns;
	bool direct;
};

static struct job run_job(const struct session *session)
{
	const char *rw = option(session, "rw");
	double cost = session->script->cost;
	struct job job = {.block_bytes = option_number(session, "bs"),
			  .depth = option_number(session, "iodepth"),
			  .runtime_ms = option_number(session, "runtime"),
			  .latency_ns = (uint64_t)(FAKE_IO_NS * cost),
			  .direct = !strcmp(option(session, "direct"), "1")};
	uint64_t ios;

	if (!job.depth)
		job.depth = 1;
	ios = (uint64_t)((double)(job.runtime_ms * NS_PER_MS) /
			 (FAKE_IO_NS * cost / (double)job.depth));
	if (!job.runtime_ms) { /* all data once */
		job.runtime_ms = 1;
		ios = option_number(session, "size") /
		      (job.block_bytes ? job.block_bytes : 1);
	}
	job.reads = strstr(rw, "write") ? 0 : ios;
	if (!strcmp(rw, "randrw"))
		job.reads = ios * option_number(session, "rwmixread") / 100;
	job.writes = ios - job.reads;
	return job;
}

static int print_side(char *to, size_t size, const char *side, uint64_t ios,
		      uint64_t block_bytes)
{
	return snprintf(to, size,
			"\"%s\" : {\"io_bytes\" : %" PRIu64 ", \"total_ios\" : %" PRIu64
			"}, ",
			side, ios * block_bytes, ios);
}

/* What tells an engine and its queue: the word, submission latencies, the levels. */
static int print_queue(struct session *session, const struct job *job, char *to,
		       size_t size)
{
	bool waits = !job->direct || fails(session, "engine");
	uint64_t level = job->depth << fails(session, "depth");

	return snprintf(to, size,
			"\"job options\" : {\"ioengine\" : \"%s\"}, "
			"\"iodepth_level\" : {\"%" PRIu64 "\" : 100.0}, "
			"\"mixed\" : {\"slat_ns\" : {\"N\" : %" PRIu64 "}, ",
			option(session, "ioengine"), level,
			waits ? 0 : job->reads + job->writes);
}

/* The fields that a reader of fio's JSON needs, as fio names them. */
static size_t print_fio(struct session *session, const struct job *job, char *to,
			size_t size)
{
	uint64_t ns = job->latency_ns;
	int used = snprintf(to, size, "{\"jobs\" : [{\"error\" : 0, ");

	used += print_side(to + used, size - (size_t)used, "read", job->reads,
			   job->block_bytes);
	used += print_side(to + used, size - (size_t)used, "write", job->writes,
			   job->block_bytes);
	used += print_queue(session, job, to + used, size - (size_t)used);
	used += snprintf(to + used, size - (size_t)used,
			 "\"runtime\" : %" PRIu64 ", \"lat_ns\" : {\"mean\" : %" PRIu64
			 ", \"max\" : %" PRIu64
			 ", \"percentile\" : {\"50.000000\" : %" PRIu64
			 ", \"90.000000\" : %" PRIu64 ", \"99.000000\" : %" PRIu64
			 ", \"99.900000\" : %" PRIu64 "}}}}]}\n",
			 job->runtime_ms, ns, ns, ns, ns, ns, ns);
	return (size_t)used;
}

/* What its kernel would count: all of a direct job, nothing of a cached one. */
static void count_blocks(struct session *session, const struct job *job,
			 struct proto_ran *ran)
{
	uint64_t share = job->direct ? 100 : 0;

	if (job->direct && fails(session, "cached"))
		share = 25;
	if (!job->direct && job->runtime_ms > 1 && fails(session, "warm"))
		share = 100;
	ran->read_bytes = job->reads * job->block_bytes / 100 * share;
	ran->write_bytes = job->writes * job->block_bytes / 100 * share;
}

static void answer_run(struct session *session)
{
	struct proto_ran ran = {.status = PROTO_OK};
	const struct job job = run_job(session);
	uint64_t begin_ns = clock_now_ns();
	char answer[sizeof(ran) + 2048];
	size_t length;

	maybe_break(session, PROTO_RAN, sizeof(ran));
	wait_ns(option_number(session, "runtime") * NS_PER_MS);
	length = print_fio(session, &job, answer + sizeof(ran),
			   sizeof(answer) - sizeof(ran));
	if (fails(session, "json"))
		memset(answer + sizeof(ran), '[', length);
	ran.exit_code = fails(session, "exit");
	if (ran.exit_code)
		(void)snprintf(ran.error, sizeof(ran.error), "ended with 1, as told");
	ran.truncated = fails(session, "long");
	count_blocks(session, &job, &ran);
	ran.begin_ns = own_ns(session, begin_ns);
	ran.wall_ns = own_ns(session, clock_now_ns() - begin_ns);
	memcpy(answer, &ran, sizeof(ran));
	send_message(session, PROTO_RAN, answer, sizeof(ran) + length);
}

static void answer_clock(const struct session *session)
{
	const struct proto_clock clock = {own_ns(session, clock_now_ns())};

	send_message(session, PROTO_CLOCK, &clock, sizeof(clock));
}

static void answer(struct session *session)
{
	static const char facts[] = "kernel=fake\n";

	wait_ns(session->script->latency_ns);
	switch (session->head.type) {
	case PROTO_FACTS:
		send_message(session, PROTO_FACTS, facts, sizeof(facts) - 1);
		break;
	case PROTO_TRAITS:
		send_message(session, PROTO_TRAITS, facts, sizeof(facts) - 1);
		break;
	case PROTO_CLOCK:
		answer_clock(session);
		break;
	case PROTO_OPEN:
		answer_open(session);
		break;
	case PROTO_SLICE:
		answer_slice(session);
		break;
	case PROTO_RUN:
		answer_run(session);
		break;
	case PROTO_PREPARE:
	case PROTO_DROP_CACHES:
	case PROTO_CLOSE:
		answer_ready(session, PROTO_OK, "");
		break;
	default:
		_exit(session->head.type != PROTO_BYE);
	}
}

void fake_agent_serve(int channel, const struct fake_script *script)
{
	static struct session session;

	session.channel = channel;
	session.script = script;
	say_hello(&session);
	for (;;) {
		receive_bytes(&session, &session.head, sizeof(session.head));
		if (session.head.magic != PROTO_MAGIC ||
		    session.head.length > REQUEST_MAX)
			_exit(1);
		receive_bytes(&session, session.request, session.head.length);
		session.request[session.head.length] = '\0';
		answer(&session);
	}
}
