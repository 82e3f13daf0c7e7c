/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_LXC_INSTANCE_H
#define TARE_LXC_INSTANCE_H

/*
 * One container of ours, shared by the files of this driver.  The process that liblxc
 * calls the monitor is a child of the harness; the container's init, which is the
 * agent, is a child of the monitor.
 */
#include <sys/types.h>

#include "drivers/lxc_config.h"
#include "bench/cgroup/cgroup.h"

#define LXC_ID_MAX 64
#define LXC_PATH_MAX 512

struct instance {
	const struct spec *spec;
	char id[LXC_ID_MAX];
	char lxcpath[LXC_PATH_MAX]; /* run_dir/lxc */
	char log[LXC_PATH_MAX];	    /* liblxc's, in lxcpath */
	char above[LXC_ID_MAX +
		   16]; /* group that holds those two; "": none, at the top */
	char payload[2 * LXC_ID_MAX + 32], monitor_group[2 * LXC_ID_MAX + 32];
	struct cgroup_hierarchies groups;
	struct lxc_idmap idmap;
	struct lxc_items items;
	pid_t monitor;	/* 0: not started, or already reaped */
	int monitor_fd; /* pidfd of it, -1 */
	pid_t init;	/* host's number of the container's first process, 0 */
	int init_fd;	/* pidfd of it, -1 */
	int errors;	/* where the agent's standard error comes out, -1 */
	bool paused;
	char config[LXC_PATH_MAX]; /* for lxc-start instead of liblxc; "": liblxc */
};

/* Forks the monitor, starts the container and waits for the agent's first byte. */
int lxc_start(struct instance *instance, struct start *ret, struct err *err);
/* What every instance of this driver is, opened; for lxc_tool.c. */
int lxc_open(const struct spec *spec, struct instance **ret, struct err *err);
int lxc_launch(struct instance *instance, struct start *ret, struct err *err);
int lxc_stop(struct instance *instance, struct err *err);
void lxc_close(struct instance *instance);
extern const struct path_def lxc_paths[];
/* Last error line that liblxc wrote, cut to what a reader needs; "" when none. */
void lxc_log_error(const char *log, char *ret, size_t size);

extern const struct driver driver_lxc, driver_lxc_tool;

/* The driver's table calls these; driver.h says what they do. */
int lxc_observe(struct instance *instance, struct facts *into, struct err *err);
int lxc_account(struct instance *instance, struct account *ret, struct err *err);
int lxc_probe(const struct spec *spec, struct probe *ret, struct err *err);
int lxc_reap(size_t *removed, struct err *err);

/* Ends monitor and container, by force after a while. */
int lxc_end_processes(struct instance *instance, struct err *err);
/* Removes the groups of an id and liblxc's lock folder for `lxcpath`; returns how
 * many directories went, or the first failure. */
int lxc_sweep(const struct cgroup_hierarchies *groups, const char *id,
	      const char *lxcpath, struct err *err);

#endif
