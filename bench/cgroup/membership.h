/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMBERSHIP_H
#define TARE_MEMBERSHIP_H

/*
 * In which control groups the processes of an instance are, noted once and asked again
 * after every slice: a supervisor of the host, or a slip, may move one, and what it does
 * then is charged and limited elsewhere.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "bench/base/err.h"

struct member; /* one thread */
struct membership {
	struct member *list;
	size_t nr;
};

/*
 * Notes all threads of `pid` (the agent, or QEMU) that are not noted yet, where they are
 * now, and those of its descendants, which belong where `pid` was first seen.  Forgets
 * those that have ended.  Does nothing for pid 0: membership is not known.  -ENOMEM;
 * -ESRCH: `pid` is gone.
 */
int membership_note(struct membership *membership, pid_t pid, struct err *err);
/* Is everybody alive still there?  Otherwise who went where in `why`. */
bool membership_holds(const struct membership *membership, char *why, size_t size);
void membership_release(struct membership *membership);

#endif
