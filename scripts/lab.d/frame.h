/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_LAB_FRAME_H
#define TARE_LAB_FRAME_H

/*
 * What talk.c, outside, and serve.c, in the machine, say to each other over one byte
 * stream: a request, then frames, the last of which is FRAME_END. Both sides are of one
 * build on one kind of CPU, so numbers go as they lie in memory.
 */
#include <stdint.h>

#define REQUEST_MAGIC 0x5452414cu /* "LART" */
#define COMMAND_ROOM 65536
#define FRAME_ROOM 16384

/* `length` bytes of the command follow; none: turn the machine off. */
struct request {
	uint32_t magic, nonce, length;
};

enum frame_type {
	FRAME_BEGIN = 'b', /* length: the request's nonce, nothing follows */
	FRAME_OUT = 'o',   /* stdout */
	FRAME_ERR = 'e',   /* stderr */
	FRAME_END = 'x'	   /* length: exit status, nothing follows */
};
struct frame {
	uint32_t type, length;
};

#endif
