/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_CHILD_H
#define TARE_MEMCG_CHILD_H

/*
 * A process in a group that does what it is told, one order after the other, and dies
 * with its harness.  It is the group's first choice when memory runs out.
 */
#include <sys/types.h>

#include "bench/memcg/memcg_group.h"

enum memcg_do {
	MEMCG_MAP,	   /* a: bytes of anonymous memory, in place of what it had */
	MEMCG_TOUCH,	   /* a: first page of it, b: how many; writes to each */
	MEMCG_TOUCH_TRACE, /* and after each reads the counter into child->trace */
	MEMCG_CPU,	   /* a: the only CPU to run on */
	MEMCG_COUNTER,	   /* path: file that MEMCG_TOUCH_TRACE reads */
	MEMCG_READ,	   /* path; a: offset, b: bytes */
	MEMCG_WRITE,	   /* the same, writing */
	MEMCG_MAKE_FILES,  /* path: folder, a: how many empty files */
	MEMCG_PIPES,	   /* a: how many full ones (64 KiB) to keep; 0: closes them */
	MEMCG_TCP,	   /* writes to a connection to itself that nobody reads; a: bytes
			    * at most, 0: closes it; value: bytes taken */
	MEMCG_HOLD,	   /* a: enum memcg_object, b: how many to hold, in place of
			    * what it held; value: how many it holds */
	MEMCG_REPEAT,	   /* a: enum memcg_object, b: how often to make one and give it
			    * back; value: ns of CPU time */
};
struct memcg_order {
	enum memcg_do what;
	uint64_t a, b;
	char path[256];
};

#define MEMCG_TRACE_MAX 16384
struct memcg_child {
	pid_t pid, starter; /* children of this process; 0: none */
	int fd;		    /* orders and answers */
	const volatile int *stop;
	uint64_t *trace; /* MEMCG_TRACE_MAX readings in bytes, shared with it */
	bool killed;	 /* it was seen to be dead */
};
/* *ret is valid on success only. */
int memcg_child_start(const struct memcg_group *group, struct memcg_child *ret,
		      struct err *err);
/*
 * Has it do something and waits for the answer. *ret_value may be NULL. -ECHILD: it was
 * killed, which may be what the experiment wants; -EINTR: stopped; -ETIMEDOUT; or what
 * the order met.
 */
int memcg_child_tell(struct memcg_child *child, const struct memcg_order *order,
		     uint64_t *ret_value, struct err *err);
/* The same in two steps: while it works, others can be looked at. */
int memcg_child_send(struct memcg_child *child, const struct memcg_order *order,
		     struct err *err);
int memcg_child_await(struct memcg_child *child, uint64_t timeout_ns, uint64_t *ret_value,
		      struct err *err);
/* Ends and reaps it; the signal that it died of, 0: none. Takes one never started. */
int memcg_child_end(struct memcg_child *child);
/* `cleanup(memcg_child) struct memcg_child child = {.fd = -1};` */
static inline void cleanup_memcg_child(struct memcg_child *child)
{
	(void)memcg_child_end(child);
}

/* memcg_orders.c: the child's own side; `fd` is its end. */
struct memcg_reply {
	int code; /* errno, 0: done */
	uint64_t value;
};
_Noreturn void memcg_orders_serve(int fd, uint64_t *trace, uint64_t page_bytes);

#endif
