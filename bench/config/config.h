/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CONFIG_H
#define TARE_CONFIG_H

/*
 * YAML into structs, strictly: an unknown or repeated key, a wrong unit, a number with
 * something behind it is an error with file:line and the nearest known word.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/driver.h"
#include "bench/workload/workload.h"

/* configs/suites/<name>.yaml */
struct suite_workload {
	const struct workload *workload;
	char **sizes; /* names or bytes; NULL: the workload's default */
	size_t size_nr;
	uint32_t threads;
	double precision; /* 0: the suite's */
	char *on;	  /* the only platforms for it; NULL: the suite's */
	int line;
};

struct suite {
	char *name, *description, *file;
	char *text; /* the file as read, stored with the run */
	uint64_t budget_ns;
	double precision; /* 0.01 */
	uint64_t seed;	  /* 0: from the clock, and stored */
	bool emulation_allowed;
	/* family that its cells are filed under; NULL: each workload's own */
	const char *family;
	char *on;	    /* "bare,cgroup,lxc,kvm:ide,kvm:virtio,kvm:virtfs" */
	bool aa;	    /* A/A arm for every cell */
	double injected;    /* 0: none; 0.01 */
	char **injected_in; /* workloads that get the injected arm; NULL: all native */
	size_t injected_nr;
	uint64_t disk_bytes; /* of the data file */
	uint32_t disk_slice_ms;
	uint32_t disk_blocks;	/* at least so many blocks a disk cell */
	uint32_t native_epochs; /* at least so many epochs a native arm */
	uint32_t epoch_ms;
	struct suite_workload *workloads;
	size_t workload_nr;
};
/* `which`: a file's path when it has a '/' or ends in .yaml, else a name in
 * <config_dir>/suites. */
int suite_load(const char *config_dir, const char *which, struct suite *ret,
	       struct err *err);
/* The same from a text, as stored with a run; `name` stands for the file in messages. */
int suite_parse(const char *name, const char *text, struct suite *ret, struct err *err);
void suite_release(struct suite *suite);

/* configs/platforms/<name>.yaml: every file there, in the order of the drivers' table,
 * then by name. */
struct platform_set {
	struct platform *list;
	size_t nr;
};
int platform_set_load(const char *config_dir, struct platform_set *ret, struct err *err);
void platform_set_release(struct platform_set *set);
const struct platform *platform_set_find(const struct platform_set *set,
					 const char *name);
/* One file; text NULL: read it. For tests and fuzzing. */
int platform_parse(const char *file, const char *text, struct platform *ret,
		   struct err *err);

#endif
