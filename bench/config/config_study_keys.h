/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CONFIG_STUDY_KEYS_H
#define TARE_CONFIG_STUDY_KEYS_H

/* Keys that the suites of all studies have, and readers for their own. */
#include "bench/config/config_study.h"

int study_key_name(struct yaml_at at, void *into, struct err *err);
int study_key_description(struct yaml_at at, void *into, struct err *err);
int study_key_budget(struct yaml_at at, void *into, struct err *err);
int study_key_seed(struct yaml_at at, void *into, struct err *err);
int study_key_on(struct yaml_at at, void *into, struct err *err);
int study_key_memory(struct yaml_at at, void *into, struct err *err);

/* clang-format off */
#define STUDY_KEYS                                         \
	{"study", study_key_name, true},                   \
	{"description", study_key_description, true},      \
	{"budget", study_key_budget, true},                \
	{"seed", study_key_seed, false},                   \
	{"on", study_key_on, false},                       \
	{"memory", study_key_memory, true}
/* clang-format on */

/* An ascending list of numbers of instances. */
struct study_counts {
	unsigned *list;
	size_t room, nr; /* nr: out */
	unsigned least;	 /* of the first */
};
int study_read_counts(struct yaml_at at, struct study_counts *counts, struct err *err);
/* 1ms to 60s, how long a slice or a window is. */
int study_read_window(struct yaml_at at, uint64_t *ret_ns, struct err *err);
/* Bytes that a workload works on. */
int study_read_size(struct yaml_at at, uint64_t *ret, struct err *err);
int study_read_number(struct yaml_at at, unsigned least, unsigned most, unsigned *ret,
		      struct err *err);
/* How often something is repeated: at least twice, for an interval needs it. */
int study_read_repeats(struct yaml_at at, unsigned most, unsigned *ret, struct err *err);
/* A native workload that is no control. */
int study_read_workload(struct yaml_at at, const struct workload **ret, struct err *err);
/* Only some work on as many bytes as they are told; 0: it is not told. */
int study_check_size(struct yaml_at at, const struct workload *workload, uint64_t bytes,
		     struct err *err);

#endif
