/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/agent/agent.h"
#include "bench/agent/guest.h"
#include "bench/agent/sha256.h"
#include "bench/agent/stream.h"
#include "bench/agent/traits.h"

/* The head goes first: it ends the start as the harness times it, and what follows, two
 * hashes over megabytes, is no part of a start. */
static int say_hello(int channel)
{
	struct proto_hello hello = {.version = PROTO_VERSION, .pid = (uint32_t)getpid()};
	struct timespec now;
	int rc = stream_write_head(channel, PROTO_HELLO, sizeof(hello));

	if (rc)
		return rc;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	hello.monotonic_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	(void)sha256_file("/proc/self/exe", hello.agent_sha256);
	(void)sha256_file("/usr/bin/fio", hello.fio_sha256);
	return stream_write_rest(channel, &hello, sizeof(hello));
}

static int answer_clock(int channel)
{
	struct proto_clock clock;
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	clock.monotonic_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	return stream_write(channel, PROTO_CLOCK, &clock, sizeof(clock), NULL, 0);
}

/* A path of a guest needs modules and mounts; elsewhere the driver made it. */
static int prepare(int channel, char *name)
{
	char why[PROTO_ERROR_MAX] = "";

	if (!guest_is_init())
		return stream_ready(channel, PROTO_OK, "");
	if (guest_prepare(name, why, sizeof(why)))
		return stream_ready(channel, PROTO_FAILED, why);
	return stream_ready(channel, PROTO_OK, "");
}

static int drop_caches(int channel)
{
	cleanup(fd) int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	sync();
	if (fd < 0 || write(fd, "3", 1) != 1)
		return stream_ready(channel, PROTO_FAILED,
				    "cannot write /proc/sys/vm/drop_caches");
	return stream_ready(channel, PROTO_OK, "");
}

/* Children of children end up with the first process of a container or guest. */
static void reap_orphans(void)
{
	while (getpid() == 1 && waitpid(-1, NULL, WNOHANG) > 0)
		;
}

struct session {
	int channel;
	uint64_t begun_ns;
	/* why there is no worker that a SLICE or CLOSE could be for */
	char no_worker[PROTO_ERROR_MAX];
	char payload[STREAM_PAYLOAD_MAX + 1];
};

static int open_worker(struct session *session, uint32_t length)
{
	struct proto_open open;

	if (length != sizeof(open))
		return -EPROTO;
	memcpy(&open, session->payload, sizeof(open));
	(void)snprintf(session->no_worker, sizeof(session->no_worker),
		       "no worker is open");
	return worker_epoch(session->channel, &open, session->no_worker);
}

static int no_worker(const struct session *session, uint32_t length)
{
	struct proto_slice slice;

	if (length != sizeof(slice))
		return -EPROTO;
	memcpy(&slice, session->payload, sizeof(slice));
	return worker_missing(session->channel, slice.sequence, session->no_worker);
}

static int answer(struct session *session, const struct proto_head *head)
{
	switch (head->type) {
	case PROTO_FACTS:
		return facts_answer(session->channel, session->begun_ns);
	case PROTO_TRAITS: /* the payload has a NUL behind it */
		return traits_answer(session->channel, session->payload);
	case PROTO_PREPARE:
		session->payload[PROTO_NAME_MAX - 1] = '\0';
		return prepare(session->channel, session->payload);
	case PROTO_DROP_CACHES:
		return drop_caches(session->channel);
	case PROTO_CLOCK:
		return answer_clock(session->channel);
	case PROTO_OPEN:
		return open_worker(session, head->length);
	case PROTO_SLICE:
		return no_worker(session, head->length);
	case PROTO_CLOSE:
		return stream_ready(session->channel, PROTO_FAILED, session->no_worker);
	case PROTO_RUN:
		return run_program(session->channel, session->payload, head->length);
	default:
		return -EPROTO;
	}
}

int serve(int channel, uint64_t begun_ns)
{
	struct session session = {.channel = channel,
				  .begun_ns = begun_ns,
				  .no_worker = "no worker is open"};
	struct proto_head head;
	int rc = say_hello(channel);

	while (rc == 0) {
		rc = stream_read_head(channel, &head);
		if (rc <= 0)
			return rc;
		memset(session.payload, 0, PROTO_NAME_MAX);
		rc = stream_read(channel, session.payload, head.length);
		if (rc || head.type == PROTO_BYE)
			return rc;
		session.payload[head.length] = '\0';
		rc = answer(&session, &head);
		reap_orphans();
	}
	return rc < 0 ? rc : 0;
}
