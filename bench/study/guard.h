/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_GUARD_H
#define TARE_GUARD_H

/*
 * Why a study adds no more instances, and the guard that sees to it that the host neither
 * swaps nor kills a stranger for them: it is asked before every start and after every
 * window.
 */
#include "bench/host/room.h"

enum stop_rule {
	STOP_NONE,
	STOP_SHARE,    /* an instance gets too little of what one alone gets */
	STOP_START,    /* one did not start */
	STOP_FAILURE,  /* one failed at work */
	STOP_MEMORY,   /* the host's share of the memory */
	STOP_PRESSURE, /* somebody waits for memory */
	STOP_SWAP,     /* pages went to swap or came back */
	STOP_KILL,     /* the kernel ended a process for want of memory */
	STOP_BUDGET,
	STOP_RULE_NR
};
/* "share_of_alone", "host_memory", …; STOP_NONE: "". */
const char *stop_rule_name(enum stop_rule rule);

struct stop {
	enum stop_rule rule;
	double value, limit; /* what was read, and what it was held against */
	char text[160];	     /* for people */
};
void stop_set(struct stop *stop, enum stop_rule rule, double value, double limit,
	      const char *format, ...) __attribute__((format(printf, 5, 6)));
static inline bool stop_is_set(const struct stop *stop)
{
	return stop->rule != STOP_NONE;
}

struct guard {
	double host_bytes;    /* what stays with the host */
	double most_pressure; /* share of the time */
	struct room_memory last;
};
/* host_share: of what is available now. */
int guard_open(struct guard *guard, double host_share, double most_pressure,
	       struct err *err);
/* Would one more that may take `bytes` leave the host its share? Says so in *stop. */
bool guard_admits(const struct guard *guard, double bytes, struct stop *stop);
/* Did the host come to harm since the last reading? Reads anew. */
bool guard_holds(struct guard *guard, struct stop *stop);

/* The pure decisions behind them. */
bool guard_admits_in(const struct guard *guard, const struct room_memory *now,
		     double bytes, struct stop *stop);
bool guard_holds_in(const struct guard *guard, const struct room_memory *now,
		    struct stop *stop);

#endif
