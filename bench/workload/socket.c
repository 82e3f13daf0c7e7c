/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages through the loopback interface, sent and received by one thread. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define TCP_BYTES 16384u
#define UDP_BYTES 1024u

struct part {
	int out, in; /* -1: none */
	uint64_t sent;
	uint8_t message[TCP_BYTES], answer[TCP_BYTES];
};

static void part_close(void *state)
{
	struct part *part = state;

	if (!part)
		return;
	if (part->out >= 0)
		(void)close(part->out);
	if (part->in >= 0)
		(void)close(part->in);
	free(part);
}

/* Bound to a free port of the loopback interface, whose address comes back. */
static int bound(int type, struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){.sin_family = AF_INET,
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)address, length) ||
	    getsockname(fd, (struct sockaddr *)address, &length)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static int connect_tcp(struct part *part)
{
	struct sockaddr_in address;
	int on = 1, listener = bound(SOCK_STREAM, &address);
	int rc = -1;

	if (listener < 0)
		return -1;
	part->out = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (part->out >= 0 && !listen(listener, 1) &&
	    !connect(part->out, (struct sockaddr *)&address, sizeof(address))) {
		part->in = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		rc = part->in < 0;
	}
	(void)close(listener);
	return rc ? rc : setsockopt(part->out, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int connect_udp(struct part *part)
{
	struct sockaddr_in address;

	part->in = bound(SOCK_DGRAM, &address);
	part->out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (part->in < 0 || part->out < 0)
		return -1;
	return connect(part->out, (struct sockaddr *)&address, sizeof(address));
}

static int open_part(int (*make)(struct part *part), void **ret, char *why)
{
	struct part *part = calloc(1, sizeof(*part));

	if (!part)
		return kernel_fail(ENOMEM, why, "no memory");
	part->in = part->out = -1;
	if (make(part)) {
		int rc = kernel_fail(EOPNOTSUPP, why, "no loopback interface here: %s",
				     strerror(errno));

		part_close(part);
		return rc;
	}
	*ret = part;
	return 0;
}

/* All of a message, which may arrive in pieces. */
static int receive(const struct part *part, uint8_t *to, size_t bytes)
{
	for (size_t had = 0; had < bytes;) {
		ssize_t got = recv(part->in, to + had, bytes - had, 0);

		if (got <= 0)
			return got < 0 ? -errno : -EPIPE;
		had += (size_t)got;
	}
	return 0;
}

static int exchange(struct part *part, size_t bytes, uint64_t ops, char *why)
{
	for (uint64_t i = 0; i < ops; i++) {
		uint64_t nr = part->sent++;
		int rc;

		memcpy(part->message, &nr, sizeof(nr));
		if (send(part->out, part->message, bytes, MSG_NOSIGNAL) != (ssize_t)bytes)
			return kernel_fail(errno, why, "cannot send: %s",
					   strerror(errno));
		rc = receive(part, part->answer, bytes);
		if (rc)
			return kernel_fail(-rc, why, "cannot receive: %s", strerror(-rc));
		if (memcmp(part->answer, &nr, sizeof(nr)) != 0)
			return kernel_fail(EBADMSG, why, "another message arrived");
	}
	return 0;
}

#define SOCKET(id, about, what, bytes)                                                  \
	static int part_open_##id(const struct workload_setup *setup, uint32_t thread,  \
				  void **ret, char *why)                                \
	{                                                                               \
		(void)setup;                                                            \
		(void)thread;                                                           \
		return open_part(connect_##id, ret, why);                               \
	}                                                                               \
	static int run_##id(void *part, uint64_t ops, uint64_t *checksum, char *why)    \
	{                                                                               \
		*checksum += ops;                                                       \
		return exchange(part, bytes, ops, why);                                 \
	}                                                                               \
	static int open_##id(const struct workload_setup *setup, void **state,          \
			     char *why)                                                 \
	{                                                                               \
		static const struct kernel_part kind = {                                \
			.open = part_open_##id, .run = run_##id, .close = part_close};  \
                                                                                        \
		return kernel_team_open(&kind, setup, state, why);                      \
	}                                                                               \
	static const struct workload_native native_##id = {                             \
		.open = open_##id, .run = kernel_team_run, .close = kernel_team_close}; \
	const struct workload workload_##id = {                                         \
		.name = #id,                                                            \
		.summary = about,                                                       \
		.operation = what,                                                      \
		.family = FAMILY_MEMCG,                                                 \
		.metric = METRIC_CPU_TIME,                                              \
		.charges = CHARGE_SOCKET,                                               \
		.native = &native_##id,                                                 \
	}

SOCKET(tcp, "16 KiB through a TCP connection on the loopback interface",
       "16 KiB sent and received", TCP_BYTES);
SOCKET(udp, "1 KiB datagrams through the loopback interface", "1 KiB sent and received",
       UDP_BYTES);
