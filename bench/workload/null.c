/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing: what reaching a platform costs. */
#include "bench/workload/kernel.h"

static int null_open(const struct workload_setup *setup, void **state, char *why)
{
	*state = NULL;
	return kernel_single(setup, why);
}

static int null_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	(void)state;
	(void)why;
	*checksum += ops;
	return 0;
}

static void null_close(void *state)
{
	(void)state;
}

static const struct workload_native native = {
	.open = null_open, .run = null_run, .close = null_close};

const struct workload workload_null = {
	.name = "null",
	.summary = "a slice of nothing: what reaching the platform costs",
	.operation = "request and answer",
	.family = FAMILY_CONTROL,
	.metric = METRIC_ROUND_TRIP,
	.native = &native,
};
