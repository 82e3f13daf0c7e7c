/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_CONFIG_WORKLOAD_H
#define TARE_CONFIG_WORKLOAD_H

/* One entry of a suite's `workloads:`, a name or a map. Only config_suite.c uses this. */
#include "bench/config/config.h"
#include "bench/config/yaml.h"

/* Looks up the value's text; an unknown one fails with the nearest name. */
int suite_workload_find(struct yaml_at at, const struct workload **ret, struct err *err);
int suite_workload_read(struct yaml_at at, struct suite_workload *ret, struct err *err);
void suite_workload_release(struct suite_workload *workload);

#endif
