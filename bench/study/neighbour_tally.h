/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_NEIGHBOUR_TALLY_H
#define TARE_NEIGHBOUR_TALLY_H

/*
 * What the rounds of one combination say together. A round is four windows: alone,
 * beside, beside, alone; its ratio is paired within it. All else is a median over rounds
 * with the interval that order statistics give, which makes no assumption and never
 * reaches beyond what was seen.
 */
#include "bench/study/neighbour_limit.h"

#define NEIGHBOUR_WINDOWS 4 /* of a round */
/* Is the aggressor at work in this window of a round? */
static inline bool neighbour_is_beside(unsigned window)
{
	return window == 1 || window == 2;
}

struct neighbour_window {
	double ops_per_s, p50_ns, p99_ns; /* the victim's; times of a slice */
	double got, cached, hits;	  /* as in neighbour_seen, of this window */
	double operations, accounted, host, overlap;
};

struct neighbour_tally {
	struct stats_block blocks[NEIGHBOUR_ROUNDS_MAX];
	double p50_ns[2][NEIGHBOUR_ROUNDS_MAX], p99_ns[2][NEIGHBOUR_ROUNDS_MAX];
	double got[NEIGHBOUR_ROUNDS_MAX], cached[NEIGHBOUR_ROUNDS_MAX], hits;
	double operations[NEIGHBOUR_ROUNDS_MAX], accounted[NEIGHBOUR_ROUNDS_MAX],
		host[NEIGHBOUR_ROUNDS_MAX], overlap[NEIGHBOUR_ROUNDS_MAX];
	size_t nr;
	unsigned dropped; /* rounds that said nothing and are not among nr */
};

/* One more round; the tally began as zeros. -EDOM: a window without work. */
int neighbour_tally_add(struct neighbour_tally *tally,
			const struct neighbour_window windows[NEIGHBOUR_WINDOWS],
			struct err *err);
/* Needs two rounds. Leaves what was seen without a limit as it is. */
int neighbour_tally_see(const struct neighbour_tally *tally, uint64_t seed,
			struct neighbour_seen *ret, struct err *err);

#endif
