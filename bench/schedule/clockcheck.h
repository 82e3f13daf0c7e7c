/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CLOCKCHECK_H
#define TARE_CLOCKCHECK_H

/*
 * Does the agent's clock run at the host's rate?  A reading of the agent's clock was
 * taken at some moment between a request and its answer, both on the host's clock.  Two
 * readings bound the rate from both sides without any assumption about the channel's
 * latency: what passed on the host in between is at least the time from the first answer
 * to the second request, and at most that from the first request to the second answer.
 */
#include <stdbool.h>
#include <stdint.h>

#include "bench/host/channel.h"

/* How far from the host's rate a clock may run: what the smallest effect that tare states
 * would be wrong by.  NTP slews a clock by 0.05 % at most. */
#define CLOCKCHECK_TOLERANCE 0.01

struct clock_reading {
	uint64_t begin_ns, end_ns; /* the host's CLOCK_MONOTONIC around it */
	uint64_t agent_ns;
};
/* Seconds of the agent in one of the host's: somewhere in [least, most]. */
struct clock_rate {
	double least, most; /* most is INFINITY when the readings overlap */
	double host_s;	    /* from the first request to the second answer */
};
struct clock_rate clockcheck_rate(const struct clock_reading *first,
				  const struct clock_reading *second);
/* Cannot be the host's rate, even with the tolerance. */
bool clockcheck_is_fast(const struct clock_rate *rate);
bool clockcheck_is_slow(const struct clock_rate *rate);
/* "its clock ran at 0.500 to 0.502 of the host's over 1.2 s". */
#define CLOCKCHECK_TEXT_MAX 96
const char *clockcheck_text(const struct clock_rate *rate,
			    char to[static CLOCKCHECK_TEXT_MAX]);

/* The tightest of some readings taken at once. Transport failures as in channel.h. */
int clockcheck_read(struct channel *channel, struct clock_reading *ret, struct err *err);

#endif
