/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_OBJECTS_H
#define TARE_MEMCG_OBJECTS_H

/* Kernel objects that a process can hold in numbers, or make and give back. */
#include <stdint.h>

enum memcg_object {
	OBJECT_FILE, /* an open file */
	OBJECT_PIPE,
	OBJECT_SOCKETPAIR,
	OBJECT_EVENTFD,
	OBJECT_EPOLL,
	OBJECT_INOTIFY,
	OBJECT_TCP, /* a socket, not connected */
	OBJECT_UDP,
	OBJECT_THREAD,
	OBJECT_PROCESS,
	OBJECT_NR
};
const char *memcg_object_name(enum memcg_object object);
/* How many of one kind can be held. */
uint32_t memcg_object_most(enum memcg_object object);

#define MEMCG_FDS_MAX 12000
struct memcg_objects {
	int fds[MEMCG_FDS_MAX], pids[64];
	uint32_t fd_nr, pid_nr;
};
/* Both return 0 or an errno. Holding fewer than asked (no more descriptors) is no error:
 * *ret says how many. */
int memcg_objects_hold(struct memcg_objects *held, uint64_t object, uint64_t nr,
		       uint64_t *ret);
/* *ret: CPU time of all, in ns. Descriptors only: ENOTSUP for the others. */
int memcg_objects_repeat(uint64_t object, uint64_t nr, uint64_t *ret);

#endif
