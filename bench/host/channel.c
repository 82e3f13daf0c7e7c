/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/channel.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

/* How long poll may sleep before the stop flag is looked at again. */
#define POLL_SLICE_MS 100

static int wait_for(const struct channel *channel, short events, uint64_t deadline_ns,
		    struct err *err)
{
	if (channel->fd < 0) /* poll would sleep on it until the deadline */
		return err_fail(err, EPIPE, "the agent is gone");
	for (;;) {
		struct pollfd entry = {.fd = channel->fd, .events = events};
		uint64_t now = clock_now_ns();
		uint64_t left_ms;
		int ready;

		if (channel->stop && *channel->stop)
			return err_fail(err, EINTR, "interrupted");
		if (now >= deadline_ns)
			return err_fail(err, ETIMEDOUT,
					"the agent did not answer in time");
		left_ms = (deadline_ns - now) / NS_PER_MS + 1;
		ready = poll(&entry, 1,
			     left_ms < POLL_SLICE_MS ? (int)left_ms : POLL_SLICE_MS);
		if (ready > 0)
			return 0;
		if (ready < 0 && errno != EINTR)
			return err_fail(err, errno, "cannot wait for the agent: %m");
	}
}

static int read_full(const struct channel *channel, void *to, size_t length,
		     uint64_t deadline_ns, struct err *err)
{
	char *at = to;

	while (length) {
		ssize_t got;
		int rc = wait_for(channel, POLLIN, deadline_ns, err);

		if (rc)
			return rc;
		got = read(channel->fd, at, length);
		if (got == 0 || (got < 0 && errno == ECONNRESET))
			return err_fail(err, EPIPE, "the agent is gone");
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return err_fail(err, errno, "cannot read from the agent: %m");
		if (got > 0) {
			at += got;
			length -= (size_t)got;
		}
	}
	return 0;
}

static int write_full(const struct channel *channel, const void *from, size_t length,
		      uint64_t deadline_ns, struct err *err)
{
	const char *at = from;

	while (length) {
		ssize_t put;
		int rc = wait_for(channel, POLLOUT, deadline_ns, err);

		if (rc)
			return rc;
		put = send(channel->fd, at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0 && errno == ENOTSOCK)
			put = write(channel->fd, at, length);
		if (put < 0 && (errno == EPIPE || errno == ECONNRESET))
			return err_fail(err, EPIPE, "the agent is gone");
		if (put < 0 && errno != EINTR && errno != EAGAIN)
			return err_fail(err, errno, "cannot write to the agent: %m");
		if (put > 0) {
			at += put;
			length -= (size_t)put;
		}
	}
	return 0;
}

/* One write for head and payload: a guest sees one message, not two. */
static int send_message(struct channel *channel, enum proto_type type,
			const void *payload, size_t length, uint64_t deadline_ns,
			struct err *err)
{
	struct proto_head head = {PROTO_MAGIC, type, (uint32_t)length};
	cleanup(free) char *message = malloc(sizeof(head) + length);

	if (!message)
		return err_fail(err, ENOMEM, "no memory for a message");
	memcpy(message, &head, sizeof(head));
	if (length)
		memcpy(message + sizeof(head), payload, length);
	channel->begin_ns = clock_now_ns();
	return write_full(channel, message, sizeof(head) + length, deadline_ns, err);
}

/* The head of the answer, with its type and a length in [min, max]. */
static int receive_head(struct channel *channel, enum proto_type type, size_t min,
			size_t max, uint64_t deadline_ns, uint32_t *ret_length,
			struct err *err)
{
	struct proto_head head;
	int rc = read_full(channel, &head, sizeof(head), deadline_ns, err);

	if (rc)
		return rc;
	channel->end_ns = clock_now_ns();
	if (head.magic != PROTO_MAGIC)
		return err_fail(err, EPROTO, "the agent sent garbage (magic 0x%08x)",
				head.magic);
	if (head.type != (uint32_t)type)
		return err_fail(err, EPROTO,
				"the agent sent message type %u instead of %u", head.type,
				(unsigned)type);
	if (head.length < min || head.length > max)
		return err_fail(err, EPROTO,
				"the agent sent %u bytes where %zu to %zu were due",
				head.length, min, max);
	*ret_length = head.length;
	return 0;
}

static int receive_fixed(struct channel *channel, enum proto_type type, void *to,
			 size_t length, uint64_t deadline_ns, struct err *err)
{
	uint32_t got;
	int rc = receive_head(channel, type, length, length, deadline_ns, &got, err);

	return rc ? rc : read_full(channel, to, length, deadline_ns, err);
}

/* Texts of the agent reach terminals and databases: printable ASCII or '?'. */
static void make_printable(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

static int check_status(uint32_t status, char error[static PROTO_ERROR_MAX],
			struct err *err)
{
	make_printable(error, PROTO_ERROR_MAX);
	if (status > PROTO_TIMEOUT)
		return err_fail(err, EPROTO, "the agent sent an unknown status %u",
				status);
	return 0;
}

static int request_ready(struct channel *channel, enum proto_type type,
			 const void *payload, size_t length, uint64_t timeout_ns,
			 struct proto_ready *ret, struct err *err)
{
	uint64_t deadline_ns = clock_now_ns() + timeout_ns;
	struct proto_ready ready;
	int rc = send_message(channel, type, payload, length, deadline_ns, err);

	if (!rc)
		rc = receive_fixed(channel, PROTO_READY, &ready, sizeof(ready),
				   deadline_ns, err);
	if (!rc)
		rc = check_status(ready.status, ready.error, err);
	if (!rc)
		*ret = ready;
	return rc;
}

int channel_hello(struct channel *channel, uint64_t timeout_ns, struct proto_hello *ret,
		  struct err *err)
{
	struct proto_hello hello;
	int rc = receive_fixed(channel, PROTO_HELLO, &hello, sizeof(hello),
			       clock_now_ns() + timeout_ns, err);

	if (rc)
		return err_because(err, "waiting for the agent's hello");
	if (hello.version != PROTO_VERSION)
		return err_fail(err, EPROTO,
				"the agent speaks protocol %u, not %u; run 'make image'",
				hello.version, PROTO_VERSION);
	*ret = hello;
	return 0;
}

static int request_text(struct channel *channel, enum proto_type type,
			const char *payload, size_t length_out, uint64_t timeout_ns,
			char **ret, struct err *err)
{
	uint64_t deadline_ns = clock_now_ns() + timeout_ns;
	cleanup(free) char *text = NULL;
	uint32_t length;
	int rc = send_message(channel, type, payload, length_out, deadline_ns, err);

	if (!rc)
		rc = receive_head(channel, type, 0, PROTO_TEXT_MAX, deadline_ns, &length,
				  err);
	if (rc)
		return rc;
	text = malloc(length + 1);
	if (!text)
		return err_fail(err, ENOMEM, "no memory for facts");
	rc = read_full(channel, text, length, deadline_ns, err);
	if (rc)
		return rc;
	text[length] = '\0';
	for (uint32_t i = 0; i < length; i++)
		if (text[i] != '\n' && !isprint((unsigned char)text[i]))
			text[i] = '?';
	*ret = take_ptr(text);
	return 0;
}

int channel_facts(struct channel *channel, uint64_t timeout_ns, char **ret,
		  struct err *err)
{
	return request_text(channel, PROTO_FACTS, NULL, 0, timeout_ns, ret, err);
}

int channel_traits(struct channel *channel, const char *target, uint64_t timeout_ns,
		   char **ret, struct err *err)
{
	return request_text(channel, PROTO_TRAITS, target, strlen(target) + 1, timeout_ns,
			    ret, err);
}

/* For requests whose only answer is "done": a status other than ok is an error. */
static int request_done(struct channel *channel, enum proto_type type,
			const void *payload, size_t length, uint64_t timeout_ns,
			struct err *err)
{
	struct proto_ready ready;
	int rc = request_ready(channel, type, payload, length, timeout_ns, &ready, err);

	if (rc)
		return rc;
	if (ready.status != PROTO_OK)
		return err_fail(err, EREMOTEIO, "%s",
				ready.error[0] ? ready.error : "the agent refused");
	return 0;
}

int channel_prepare(struct channel *channel, const char *path, uint64_t timeout_ns,
		    struct err *err)
{
	char name[PROTO_NAME_MAX] = "";
	int rc;

	strncpy(name, path, sizeof(name) - 1);
	rc = request_done(channel, PROTO_PREPARE, name, sizeof(name), timeout_ns, err);
	return rc ? err_because(err, "preparing path '%s'", path) : 0;
}

int channel_drop_caches(struct channel *channel, uint64_t timeout_ns, struct err *err)
{
	return request_done(channel, PROTO_DROP_CACHES, NULL, 0, timeout_ns, err);
}

int channel_clock(struct channel *channel, uint64_t timeout_ns, uint64_t *ret_ns,
		  struct err *err)
{
	uint64_t deadline_ns = clock_now_ns() + timeout_ns;
	struct proto_clock clock;
	int rc = send_message(channel, PROTO_CLOCK, NULL, 0, deadline_ns, err);

	if (!rc)
		rc = receive_fixed(channel, PROTO_CLOCK, &clock, sizeof(clock),
				   deadline_ns, err);
	if (!rc)
		*ret_ns = clock.monotonic_ns;
	return rc;
}

int channel_open(struct channel *channel, const struct proto_open *open,
		 uint64_t timeout_ns, struct proto_ready *ret, struct err *err)
{
	return request_ready(channel, PROTO_OPEN, open, sizeof(*open), timeout_ns, ret,
			     err);
}

int channel_slice(struct channel *channel, const struct proto_slice *slice,
		  uint64_t timeout_ns, struct proto_result *ret, struct err *err)
{
	uint64_t deadline_ns = clock_now_ns() + timeout_ns;
	struct proto_result result;
	int rc = send_message(channel, PROTO_SLICE, slice, sizeof(*slice), deadline_ns,
			      err);

	if (!rc)
		rc = receive_fixed(channel, PROTO_RESULT, &result, sizeof(result),
				   deadline_ns, err);
	if (!rc)
		rc = check_status(result.status, result.error, err);
	if (rc)
		return rc;
	if (result.sequence != slice->sequence)
		return err_fail(err, EPROTO,
				"the agent answered slice %llu instead of %llu",
				(unsigned long long)result.sequence,
				(unsigned long long)slice->sequence);
	*ret = result;
	return 0;
}

int channel_close_worker(struct channel *channel, uint64_t timeout_ns,
			 struct proto_ready *ret, struct err *err)
{
	return request_ready(channel, PROTO_CLOSE, NULL, 0, timeout_ns, ret, err);
}

static int pack_argv(const char *const *argv, char **ret, size_t *ret_length,
		     struct err *err)
{
	cleanup(free) char *packed = NULL;
	size_t length = 0, at = 0;

	for (size_t i = 0; argv[i]; i++)
		length += strlen(argv[i]) + 1;
	packed = malloc(length ? length : 1);
	if (!packed)
		return err_fail(err, ENOMEM, "no memory for a command");
	for (size_t i = 0; argv[i]; i++) {
		size_t size = strlen(argv[i]) + 1;

		memcpy(packed + at, argv[i], size);
		at += size;
	}
	*ret = take_ptr(packed);
	*ret_length = length;
	return 0;
}

/* The fixed part of a RAN answer and its output, up to PROTO_OUTPUT_MAX bytes. */
static int receive_ran(struct channel *channel, uint64_t deadline_ns,
		       struct proto_ran *ret, char **output, size_t *output_length,
		       struct err *err)
{
	cleanup(free) char *text = NULL;
	struct proto_ran ran;
	uint32_t length;
	int rc = receive_head(channel, PROTO_RAN, sizeof(ran),
			      sizeof(ran) + PROTO_OUTPUT_MAX, deadline_ns, &length, err);

	if (!rc)
		rc = read_full(channel, &ran, sizeof(ran), deadline_ns, err);
	if (!rc)
		rc = check_status(ran.status, ran.error, err);
	if (rc)
		return rc;
	length -= (uint32_t)sizeof(ran);
	text = malloc(length + 1);
	if (!text)
		return err_fail(err, ENOMEM, "no memory for output");
	rc = read_full(channel, text, length, deadline_ns, err);
	if (rc)
		return rc;
	text[length] = '\0';
	*ret = ran;
	*output = take_ptr(text);
	*output_length = length;
	return 0;
}

int channel_run(struct channel *channel, const char *const *argv, uint64_t timeout_ns,
		struct proto_ran *ret, char **output, size_t *length, struct err *err)
{
	uint64_t deadline_ns = clock_now_ns() + timeout_ns;
	cleanup(free) char *packed = NULL;
	size_t packed_length = 0;
	int rc = pack_argv(argv, &packed, &packed_length, err);

	if (!rc)
		rc = send_message(channel, PROTO_RUN, packed, packed_length, deadline_ns,
				  err);
	return rc ? rc : receive_ran(channel, deadline_ns, ret, output, length, err);
}

void channel_bye(struct channel *channel)
{
	struct err ignored = {0};

	(void)send_message(channel, PROTO_BYE, NULL, 0, clock_now_ns() + 100 * NS_PER_MS,
			   &ignored);
}
