/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "arms.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "stats.h"

#define TRIM 0.2

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
		free(arms->list[i].epoch_means);
	free(arms->list);
	arms->list = NULL;
}

double arms_half_width(const double *means, size_t nr)
{
	if (nr < 2)
		return INFINITY;
	return gsl_cdf_tdist_Pinv(0.975, (double)nr - 1) * gsl_stats_sd(means, 1, nr) /
	       sqrt((double)nr);
}

static int make_room(struct arm_state *state, struct err *err)
{
	size_t cap = state->epoch_cap ? 2 * state->epoch_cap : 16;
	double *grown;

	if (state->epoch_nr < state->epoch_cap)
		return 0;
	grown = reallocarray(state->epoch_means, cap, sizeof(*grown));
	if (!grown)
		return err_fail(err, ENOMEM, "no memory for the schedule");
	state->epoch_means = grown;
	state->epoch_cap = cap;
	return 0;
}

int arms_add_epoch(struct arms *arms, uint32_t arm, double *log_ratios, size_t nr,
		   struct err *err)
{
	struct arm_state *state = &arms->list[arm];
	int rc;

	if (!nr) {
		state->failures++;
		state->dead |= state->failures >= ARM_FAILURES_MAX;
		return 0;
	}
	rc = make_room(state, err);
	if (rc)
		return rc;
	state->failures = 0;
	state->epoch_means[state->epoch_nr++] = stats_trimmed_mean(log_ratios, nr, TRIM);
	state->half_width = arms_half_width(state->epoch_means, state->epoch_nr);
	return 0;
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
