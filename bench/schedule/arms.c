/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/arms.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

int arms_init(struct arms *arms, const struct plan *plan, unsigned native_epochs,
	      unsigned disk_blocks, struct err *err)
{
	struct arm_state *list = calloc(plan->arm_nr ? plan->arm_nr : 1, sizeof(*list));

	if (!list)
		return err_fail(err, ENOMEM, "no memory for the schedule");
	for (size_t i = 0; i < plan->arm_nr; i++) {
		const struct cell *cell = &plan->cells[plan->arms[i].cell];

		list[i].half_width = INFINITY;
		list[i].wanted = cell->workload->fio ? disk_blocks : native_epochs;
	}
	arms->plan = plan;
	arms->list = list;
	return 0;
}

void arms_release(struct arms *arms)
{
	for (size_t i = 0; arms->list && i < arms->plan->arm_nr; i++)
		free(arms->list[i].blocks);
	free(arms->list);
	arms->list = NULL;
}

static int make_room(struct arm_state *state, size_t nr, struct err *err)
{
	size_t cap = state->block_cap ? state->block_cap : 64;
	struct stats_block *grown;

	while (cap < state->block_nr + nr)
		cap *= 2;
	if (cap == state->block_cap)
		return 0;
	grown = reallocarray(state->blocks, cap, sizeof(*grown));
	if (!grown)
		return err_fail(err, ENOMEM, "no memory for the schedule");
	state->blocks = grown;
	state->block_cap = cap;
	return 0;
}

/* What is called met here must be met in the results: the same statistic of the same
 * blocks, drawn from the same seed. */
static void measure(const struct arms *arms, struct arm_state *state)
{
	struct stats_ratio ratio;
	struct err ignored = {0};

	state->half_width = INFINITY;
	if (!stats_ratio(state->blocks, state->block_nr, arms->plan->seed, &ratio,
			 &ignored))
		state->half_width = ratio.half_width;
}

int arms_restore(struct arms *arms, uint32_t arm, const struct stats_block *blocks,
		 size_t nr, struct err *err)
{
	struct arm_state *state = &arms->list[arm];
	int rc = make_room(state, nr, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < nr; i++) {
		if (!i || blocks[i].epoch != blocks[i - 1].epoch)
			state->epoch_nr++;
		state->blocks[state->block_nr++] = (struct stats_block){
			.log_ratio = blocks[i].log_ratio, .epoch = state->epoch_nr - 1};
	}
	measure(arms, state);
	return 0;
}

int arms_add_epoch(struct arms *arms, uint32_t arm, const double *log_ratios, size_t nr,
		   struct err *err)
{
	struct arm_state *state = &arms->list[arm];
	int rc;

	if (!nr) {
		state->failures++;
		state->dead |= state->failures >= ARM_FAILURES_MAX;
		return 0;
	}
	rc = make_room(state, nr, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < nr; i++)
		state->blocks[state->block_nr++] = (struct stats_block){
			.log_ratio = log_ratios[i], .epoch = state->epoch_nr};
	state->failures = 0;
	state->epoch_nr++;
	measure(arms, state);
	return 0;
}

uint64_t arm_ops(const struct arm *arm, uint64_t ops)
{
	double surplus = (double)ops * arm->injected;

	if (fabs(round(surplus) - surplus) <= surplus / 10)
		return ops;
	return (uint64_t)llround(ceil(surplus) / arm->injected);
}

bool arm_is_met(const struct arm_state *state, const struct cell *cell)
{
	return state->epoch_nr >= state->wanted && state->half_width <= cell->precision;
}

static bool counts(const struct arms *arms, size_t i)
{
	return arms->plan->arms[i].role != ROLE_BASELINE && !arms->list[i].dead;
}

static const struct cell *cell_of(const struct arms *arms, size_t i)
{
	return &arms->plan->cells[arms->plan->arms[i].cell];
}

void arms_count(const struct arms *arms, unsigned *ret_met, unsigned *ret_total)
{
	*ret_met = *ret_total = 0;
	for (size_t i = 0; i < arms->plan->arm_nr; i++) {
		if (!counts(arms, i))
			continue;
		++*ret_total;
		*ret_met += arm_is_met(&arms->list[i], cell_of(arms, i));
	}
}

int arms_widest(const struct arms *arms)
{
	double worst = 0;
	int widest = -1;

	for (size_t i = 0; i < arms->plan->arm_nr; i++) {
		double distance = arms->list[i].half_width / cell_of(arms, i)->precision;

		if (!counts(arms, i) || arm_is_met(&arms->list[i], cell_of(arms, i)))
			continue;
		if (widest < 0 || distance > worst) {
			worst = distance;
			widest = (int)i;
		}
	}
	return widest;
}
