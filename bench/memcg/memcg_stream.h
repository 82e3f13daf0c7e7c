/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_STREAM_H
#define TARE_MEMCG_STREAM_H

/*
 * A working set that one process read once, and another that streams past it: how much of
 * the set stays in the page cache.  Read once it lies on the inactive list, where it has
 * nothing but its group to protect it; a set that is read again is active and would stay
 * in any case.
 */
#include "bench/memcg/memcg_behaviour.h"

#define MEMCG_SET_BYTES (16 * MIB)
#define MEMCG_STREAM_BYTES (96 * MIB)

struct memcg_stream {
	const char *curve;	    /* name of the result's series */
	bool same_group;	    /* both in the first one's */
	uint64_t own_limit_bytes;   /* of each group; 0: none of their own */
	uint64_t above_limit_bytes; /* of the group around both; 0: none */
	/* a file of the first one's group that is set, with its value; NULL: none */
	const struct memcg_knob *protection;
	uint64_t protection_bytes;
};
/* *ret_percent of the set is left. Adds the curve: MiB streamed → percent left. */
int memcg_stream_past(struct memcg_context *context, const struct memcg_stream *stream,
		      struct memcg_result *result, double *ret_percent, struct err *err);

#endif
