/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CHANNEL_H
#define TARE_CHANNEL_H

/*
 * Harness side of the agent's byte stream (agent/proto.h).  Every read has a deadline;
 * everything read is checked before it is believed: -EPROTO with the field that was
 * wrong, -ETIMEDOUT, -EPIPE when the agent is gone, -EINTR when *stop was set.
 * After an error other than a READY/RESULT status the channel must not be used again.
 */
#include <stddef.h>
#include <stdint.h>

#include "bench/agent/proto.h"
#include "bench/base/err.h"

struct channel {
	int fd;
	const volatile int *stop; /* set by a signal handler; may be NULL */
	uint64_t begin_ns,
		end_ns; /* CLOCK_MONOTONIC around the last request and answer */
};

int channel_hello(struct channel *channel, uint64_t timeout_ns, struct proto_hello *ret,
		  struct err *err);
/* *ret is malloc'ed NUL-ended text of printable lines */
int channel_facts(struct channel *channel, uint64_t timeout_ns, char **ret,
		  struct err *err);
/* What a program can tell the platform by, or a path where target is not ""; as facts. */
int channel_traits(struct channel *channel, const char *target, uint64_t timeout_ns,
		   char **ret, struct err *err);
int channel_prepare(struct channel *channel, const char *path, uint64_t timeout_ns,
		    struct err *err);
int channel_drop_caches(struct channel *channel, uint64_t timeout_ns, struct err *err);
/* The agent's clock, read by it between channel->begin_ns and channel->end_ns. */
int channel_clock(struct channel *channel, uint64_t timeout_ns, uint64_t *ret_ns,
		  struct err *err);
/* status of the answer in *ret; a transport failure is the return value */
int channel_open(struct channel *channel, const struct proto_open *open,
		 uint64_t timeout_ns, struct proto_ready *ret, struct err *err);
int channel_slice(struct channel *channel, const struct proto_slice *slice,
		  uint64_t timeout_ns, struct proto_result *ret, struct err *err);
int channel_close_worker(struct channel *channel, uint64_t timeout_ns,
			 struct proto_ready *ret, struct err *err);
/* *output: malloc'ed, NUL-ended, *length bytes, may hold any byte */
int channel_run(struct channel *channel, const char *const *argv, uint64_t timeout_ns,
		struct proto_ran *ret, char **output, size_t *length, struct err *err);
void channel_bye(struct channel *channel);

#endif
