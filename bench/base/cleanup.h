/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CLEANUP_H
#define TARE_CLEANUP_H

/*
 * Scope-bound cleanup: `cleanup(free) char *s = …;`.  Each cleaner skips the none
 * value and keeps errno, so that an error path is one return.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define cleanup(kind) __attribute__((cleanup(cleanup_##kind)))

/* Defines cleanup_<kind> for a pointer type with a NULL-safe destructor. */
#define CLEANUP_DEFINE(kind, type, destroy)           \
	static inline void cleanup_##kind(type *slot) \
	{                                             \
		int saved = errno;                    \
		if (*slot)                            \
			destroy(*slot);               \
		errno = saved;                        \
	}

static inline void cleanup_free(void *slot)
{
	int saved = errno;

	free(*(void **)slot);
	errno = saved;
}

static inline void cleanup_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	errno = saved;
}

CLEANUP_DEFINE(file, FILE *, (void)fclose)
CLEANUP_DEFINE(dir, DIR *, (void)closedir)

/* Takes the value out of a cleaned slot, so that the caller owns it. */
#define take_ptr(slot)                       \
	({                                   \
		__auto_type taken_ = (slot); \
		(slot) = NULL;               \
		taken_;                      \
	})

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
