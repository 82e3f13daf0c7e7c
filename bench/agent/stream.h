/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_STREAM_H
#define TARE_STREAM_H

/* Agent side of the byte stream: whole messages in, whole messages out. */
#include <stddef.h>
#include <stdint.h>

#include "bench/agent/proto.h"

#define STREAM_PAYLOAD_MAX (64u << 10) /* longest request: fio's argv */

/* 1: a head is there; 0: the stream has ended; negative errno, -EPROTO for a head that
 * makes no sense. */
int stream_read_head(int fd, struct proto_head *ret);
/* The payload; 0 or a negative errno. */
int stream_read(int fd, void *to, size_t length);
/* One message of two parts (either may be empty), in one write where it fits. */
int stream_write(int fd, enum proto_type type, const void *first, size_t first_length,
		 const void *second, size_t second_length);
/* The same in two steps, for a payload that takes its time. */
int stream_write_head(int fd, enum proto_type type, size_t length);
int stream_write_rest(int fd, const void *payload, size_t length);
/* READY with a status and, unless it is ok, a reason. */
int stream_ready(int fd, enum proto_status status, const char *why);

#endif
