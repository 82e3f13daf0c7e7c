/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARE_MEMCG_COST_H
#define TARE_MEMCG_COST_H

/* What the memory cgroup costs, out of a run's results: reading side. */
#include "bench/memcg/memcg_experiment.h"
#include "bench/results/results.h"

/* One ratio of the study: how much longer an operation takes than in the root group. */
struct memcg_cost {
	const struct result *result; /* of the results it came from */
	enum workload_charge charges;
	bool control; /* the root group against itself */
	/* share of the root group's time, 0.05 = 5 % longer; NAN where not known */
	double share, low, high;
};
struct memcg_costs {
	struct memcg_cost *list; /* by charge (pages first, nothing last), as planned */
	size_t nr;
};
/* The cells of the family; none is no error. `results` must outlive them. */
int memcg_costs_make(const struct results *results, struct memcg_costs *ret,
		     struct err *err);
void memcg_costs_release(struct memcg_costs *costs);

/* What is measured beside the ratios: bytes an object, cost by byte phase. */
extern const struct memcg_experiment memcg_cost_experiments[];
extern const size_t memcg_cost_experiment_nr;

#endif
