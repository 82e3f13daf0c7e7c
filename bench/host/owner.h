/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_OWNER_H
#define TARE_OWNER_H

/*
 * Whoever makes a cgroup, container, domain or directory puts its id in the name:
 * "tare-<pid>-<start time of the process, hex>".  A name whose process no longer
 * exists (or whose pid was taken by another) belongs to a dead run and may be removed.
 */
#include <stdbool.h>
#include <stddef.h>

#include "bench/base/err.h"

#define OWNER_MAX 48
#define OWNER_PREFIX "tare-"
#define OWNER_RUN_DIR "/run/tare" /* one folder per owner below it */

/* Id of this process. */
int owner_self(char id[static OWNER_MAX], struct err *err);
/* Does `name` begin with an owner id ("tare-1-a", "tare-1-a-3", "tare-1-a.x")? */
bool owner_parse(const char *name, int *pid, unsigned long long *start);
/* Is it one of ours whose process is gone?  False for anything that is not ours. */
bool owner_is_dead(const char *name);
/* One measuring tare at a time: takes /run/tare/lock; the fd keeps it, and it goes with
 * this process, whatever children of it live on. -EWOULDBLOCK: it is held. */
int owner_lock(int *ret_fd, struct err *err);
/* Is that lock held?  Looks only, so that no run is kept from starting; needs no rights.
 * True also when it cannot tell. */
bool owner_is_measuring(void);

#endif
