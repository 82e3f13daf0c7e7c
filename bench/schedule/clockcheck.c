/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/clockcheck.h"

#include <math.h>
#include <stdio.h>

#include "bench/base/clock.h"

#define READINGS 8 /* one of them finds both sides awake */
#define TIMEOUT_NS (20 * NS_PER_S)

/* Clocks of an agent may go back. */
static double since(uint64_t before, uint64_t after)
{
	return after >= before ? (double)(after - before) : -(double)(before - after);
}

struct clock_rate clockcheck_rate(const struct clock_reading *first,
				  const struct clock_reading *second)
{
	double agent = since(first->agent_ns, second->agent_ns);
	double shortest = since(first->end_ns, second->begin_ns);
	double longest = since(first->begin_ns, second->end_ns);

	return (struct clock_rate){
		.least = longest > 0 ? agent / longest : -INFINITY,
		.most = shortest > 0 ? agent / shortest : INFINITY,
		.host_s = longest / 1e9,
	};
}

bool clockcheck_is_fast(const struct clock_rate *rate)
{
	return rate->least > 1 + CLOCKCHECK_TOLERANCE;
}

bool clockcheck_is_slow(const struct clock_rate *rate)
{
	return rate->most < 1 - CLOCKCHECK_TOLERANCE;
}

const char *clockcheck_text(const struct clock_rate *rate,
			    char to[static CLOCKCHECK_TEXT_MAX])
{
	(void)snprintf(to, CLOCKCHECK_TEXT_MAX,
		       "its clock ran at %.4g to %.4g of the host's over %.3g s",
		       rate->least, rate->most, rate->host_s);
	return to;
}

static uint64_t width(const struct clock_reading *reading)
{
	return reading->end_ns - reading->begin_ns;
}

int clockcheck_read(struct channel *channel, struct clock_reading *ret, struct err *err)
{
	struct clock_reading best = {0};

	for (int i = 0; i < READINGS; i++) {
		struct clock_reading reading;
		int rc = channel_clock(channel, TIMEOUT_NS, &reading.agent_ns, err);

		if (rc)
			return rc;
		reading.begin_ns = channel->begin_ns;
		reading.end_ns = channel->end_ns;
		if (!i || width(&reading) < width(&best))
			best = reading;
	}
	*ret = best;
	return 0;
}
