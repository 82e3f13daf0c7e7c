/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "guest.h"
#include "sha256.h"
#include "stream.h"

static int say_hello(int channel)
{
	struct proto_hello hello = {.version = PROTO_VERSION, .pid = (uint32_t)getpid()};
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	hello.monotonic_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	(void)sha256_file("/proc/self/exe", hello.agent_sha256);
	(void)sha256_file("/usr/bin/fio", hello.fio_sha256);
	return stream_write(channel, PROTO_HELLO, &hello, sizeof(hello), NULL, 0);
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
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	char why[PROTO_ERROR_MAX] = "cannot write /proc/sys/vm/drop_caches";

	sync();
	if (fd < 0 || write(fd, "3", 1) != 1) {
		if (fd >= 0)
			(void)close(fd);
		return stream_ready(channel, PROTO_FAILED, why);
	}
	(void)close(fd);
	return stream_ready(channel, PROTO_OK, "");
}

/* Children of children end up with the first process of a container or guest. */
static void reap_orphans(void)
{
	while (getpid() == 1 && waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static int answer(int channel, const struct proto_head *head, char *payload)
{
	struct proto_open open;

	switch (head->type) {
	case PROTO_FACTS:
		return facts_answer(channel);
	case PROTO_PREPARE:
		payload[PROTO_NAME_MAX - 1] = '\0';
		return prepare(channel, payload);
	case PROTO_DROP_CACHES:
		return drop_caches(channel);
	case PROTO_OPEN:
		if (head->length != sizeof(open))
			return -EPROTO;
		memcpy(&open, payload, sizeof(open));
		return worker_epoch(channel, &open);
	case PROTO_RUN:
		return run_program(channel, payload, head->length);
	default:
		return -EPROTO; /* SLICE and CLOSE belong to a worker */
	}
}

int serve(int channel)
{
	static char payload[STREAM_PAYLOAD_MAX + 1];
	struct proto_head head;
	int rc = say_hello(channel);

	while (rc == 0) {
		rc = stream_read_head(channel, &head);
		if (rc <= 0)
			return rc;
		memset(payload, 0, PROTO_NAME_MAX);
		rc = stream_read(channel, payload, head.length);
		if (rc || head.type == PROTO_BYE)
			return rc;
		payload[head.length] = '\0';
		rc = answer(channel, &head, payload);
		reap_orphans();
	}
	return rc < 0 ? rc : 0;
}
