/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_LXC_CONFIG_H
#define TARE_LXC_CONFIG_H

/*
 * What a container is configured with: pure text out of the spec, so that it can be
 * tested without a container.  Names of the container's control groups are here too.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/driver.h"

/* Where the data file is mounted inside: the file alone, so that nothing else can be put
 * into its place. */
#define LXC_DATA "/data"
#define LXC_SCRATCH LXC_DATA "/disk.img"

/* Groups at the root of every hierarchy, where lxc itself puts its own, so that the
 * container is charged at the depth an ordinary container is charged at. */
#define LXC_PAYLOAD ".payload"
#define LXC_MONITOR ".monitor"
#define LXC_ABOVE ".lxc"   /* holds the others, where systemd owns what is above */
#define LXC_PIVOT ".pivot" /* liblxc moves its monitor there to remove the others */

/* User and group ids inside from 0 on are `host_first` on outside; count 0: as they are.
 */
struct lxc_idmap {
	uint32_t host_first, count;
};
/* "none" or "100000:65536". Host id 0 is refused: that would be root itself. */
int lxc_idmap_parse(const char *text, struct lxc_idmap *ret, struct err *err);

/* What the host decides. */
struct lxc_place {
	const char *log;     /* liblxc's log file */
	bool cpuset_unified; /* the controller is on the cgroup2 hierarchy */
	bool memory_unified;
	bool relative;	     /* its groups go below the one the monitor is in */
	bool devices;	     /* version 1 has the controller of devices */
	bool apparmor;	     /* enabled in this kernel */
	const char *seccomp; /* file of the distribution's profile, or NULL */
};

struct lxc_item {
	char *key, *value;
};
#define LXC_ITEMS_MAX 40
struct lxc_items {
	struct lxc_item list[LXC_ITEMS_MAX];
	size_t nr;
};
/* Every item in the order liblxc must get it. -EINVAL: a setting is wrong. */
int lxc_items_build(const struct spec *spec, const struct lxc_place *place,
		    struct lxc_items *ret, struct err *err);
void lxc_items_release(struct lxc_items *items);

/* CPUs as the kernel lists them: "1,3", "0-3". -E2BIG: too long for the buffer. */
#define LXC_CPUS_MAX 1024
int lxc_cpus_text(const unsigned *cpus, size_t nr, char ret[static LXC_CPUS_MAX]);
/* What the memory group will read back: whole pages. */
uint64_t lxc_memory_limit(const struct spec *spec);

#endif
