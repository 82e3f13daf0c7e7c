/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CGROUP_AROUND_H
#define TARE_CGROUP_AROUND_H

/*
 * What may surround a group whose cost is measured: idle groups beside it, somebody who
 * reads its memory.stat, tasks that charge the same group or groups of their own.  They
 * run while either side of a comparison does, so that a difference is the group's.
 */
#include <sys/types.h>

#include "bench/cgroup/cgroup.h"
#include "drivers/driver.h"

#define AROUND_NEIGHBOURS_MAX 64
#define AROUND_HELPERS_MAX (AROUND_NEIGHBOURS_MAX + 1) /* and a reader */
#define AROUND_GROUP_ROOM 160

#define AROUND_SETTINGS                                                           \
	{"idle_groups", SETTING_COUNT, NULL, "0",                                 \
	 "empty groups beside it; up to 10000"},                                  \
		{"poll_hz", SETTING_COUNT, NULL, "0",                             \
		 "times a second that its memory.stat is read; up to 1000"},      \
		{"neighbours", SETTING_COUNT, NULL, "0",                          \
		 "tasks that charge memory meanwhile, each on a CPU of its own"}, \
	{                                                                         \
		"neighbours_in", SETTING_WORD, "same|own", "same",                \
			"their group: the same, or one of its own for each"       \
	}

struct around {
	const struct spec *spec;
	const struct cgroup_hierarchies *groups;
	const char *group;		/* that is measured */
	char beside[AROUND_GROUP_ROOM]; /* parent of the groups beside it */
	size_t idle_nr, neighbour_nr;
	unsigned poll_hz;
	bool own, made;
	pid_t helpers[AROUND_HELPERS_MAX];
	size_t helper_nr;
};

/* Reads the settings and makes the groups. spec, groups and group must outlive it. */
int around_open(struct around *around, const struct spec *spec,
		const struct cgroup_hierarchies *groups, const char *group,
		struct err *err);
/* Starts the helpers. */
int around_start(struct around *around, struct err *err);
/* SIGSTOP or SIGCONT to the helpers. */
void around_signal(const struct around *around, int number);
/* Adds what is there: "memcg.idle_groups", "memcg.poll_hz", "memcg.neighbours". 0 or
 * -ENOMEM. */
int around_observe(const struct around *around, struct facts *into);
/* Ends helpers, removes groups; fine when there are none. */
void around_stop(struct around *around);

#endif
