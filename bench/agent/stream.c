/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/agent/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* 1: all of it; 0: the stream ended before the first byte. */
static int read_full(int fd, void *to, size_t length)
{
	char *at = to;
	size_t left = length;

	while (left) {
		ssize_t got = read(fd, at, left);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return left == length ? 0 : -EPIPE;
		at += got;
		left -= (size_t)got;
	}
	return 1;
}

int stream_read_head(int fd, struct proto_head *ret)
{
	int rc = read_full(fd, ret, sizeof(*ret));

	if (rc <= 0)
		return rc;
	if (ret->magic != PROTO_MAGIC || ret->length > STREAM_PAYLOAD_MAX)
		return -EPROTO;
	return 1;
}

int stream_read(int fd, void *to, size_t length)
{
	int rc = length ? read_full(fd, to, length) : 1;

	return rc == 1 ? 0 : rc ? rc : -EPIPE;
}

static int write_full(int fd, const char *at, size_t left)
{
	while (left) {
		ssize_t put = write(fd, at, left);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		at += put;
		left -= (size_t)put;
	}
	return 0;
}

int stream_write(int fd, enum proto_type type, const void *first, size_t first_length,
		 const void *second, size_t second_length)
{
	struct proto_head head = {PROTO_MAGIC, type,
				  (uint32_t)(first_length + second_length)};
	size_t length = sizeof(head) + first_length + second_length;
	char *message = malloc(length);
	int rc;

	if (!message)
		return -ENOMEM;
	memcpy(message, &head, sizeof(head));
	if (first_length)
		memcpy(message + sizeof(head), first, first_length);
	if (second_length)
		memcpy(message + sizeof(head) + first_length, second, second_length);
	rc = write_full(fd, message, length);
	free(message);
	return rc;
}

int stream_write_head(int fd, enum proto_type type, size_t length)
{
	struct proto_head head = {PROTO_MAGIC, type, (uint32_t)length};

	return write_full(fd, (const char *)&head, sizeof(head));
}

int stream_write_rest(int fd, const void *payload, size_t length)
{
	return write_full(fd, payload, length);
}

int stream_ready(int fd, enum proto_status status, const char *why)
{
	struct proto_ready ready = {.status = status};

	if (status != PROTO_OK)
		(void)snprintf(ready.error, sizeof(ready.error), "%s", why);
	return stream_write(fd, PROTO_READY, &ready, sizeof(ready), NULL, 0);
}
