/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_FIGURE_MEMCG_H
#define TARE_FIGURE_MEMCG_H

/* Figures of what the memory cgroup costs, and which of its ratios go where. */
#include "bench/memcg/memcg_cost.h"
#include "bench/report/report.h"

/* The first group of a cell: the plain one. Groups are ordered by name. */
bool memcg_cost_is_plain(const struct memcg_costs *costs, size_t i);
/* A group of a cell that has at least two. */
bool memcg_cost_is_variant(const struct memcg_costs *costs, size_t i);

int figure_memcg_cost(const struct report *report, struct err *err);
int figure_memcg_groups(const struct report *report, struct err *err);
int figure_memcg_phase(const struct report *report, struct err *err);

#endif
