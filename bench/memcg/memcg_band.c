/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/memcg/memcg_bytes.h"
#include "bench/results/stats.h"

#define ORDERS 499 /* drawn at random */

struct fit {
	const double *phases;
	size_t nr;
	double width_bytes, page_bytes;
};

static bool is_inside(const struct fit *fit, double phase, double start)
{
	return fmod(phase - start + fit->page_bytes, fit->page_bytes) < fit->width_bytes;
}

/* How much higher the mean rank inside is, for a band that begins at a start; 0 where all
 * or nothing is inside. */
static double lift(const struct fit *fit, const double *ranks, double start)
{
	double inside = 0, outside = 0;
	size_t nr = 0;

	for (size_t i = 0; i < fit->nr; i++) {
		bool in = is_inside(fit, fit->phases[i], start);

		nr += in;
		*(in ? &inside : &outside) += ranks[i];
	}
	if (!nr || nr == fit->nr)
		return 0;
	return inside / (double)nr - outside / (double)(fit->nr - nr);
}

static double best_lift(const struct fit *fit, const double *ranks, double *ret_start)
{
	double best = -INFINITY;

	for (size_t i = 0; i < fit->nr; i++) {
		double here = lift(fit, ranks, fit->phases[i]);

		if (here > best) {
			best = here;
			*ret_start = fit->phases[i];
		}
	}
	return best;
}

/* Ties share a rank. */
static void rank(const double *values, size_t nr, double *ranks)
{
	for (size_t i = 0; i < nr; i++) {
		ranks[i] = 0;
		for (size_t j = 0; j < nr; j++)
			ranks[i] += values[j] < values[i]    ? 1
				    : values[j] == values[i] ? 0.5
							     : 0;
	}
}

static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13; /* xorshift (Marsaglia, 2003); never 0 */
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void shuffle(double *ranks, size_t nr, uint64_t *random)
{
	for (size_t i = nr - 1; i > 0; i--) {
		size_t other = draw(random) % (i + 1);
		double kept = ranks[i];

		ranks[i] = ranks[other];
		ranks[other] = kept;
	}
}

static double chance(const struct fit *fit, const double *ranks, double reached,
		     uint64_t *random)
{
	double drawn[MEMCG_BAND_MAX], ignored;
	size_t as_well = 1; /* what was seen is one of them */

	memcpy(drawn, ranks, fit->nr * sizeof(*drawn));
	*random |= 1;
	for (size_t i = 0; i < ORDERS; i++) {
		shuffle(drawn, fit->nr, random);
		as_well += best_lift(fit, drawn, &ignored) >= reached;
	}
	return (double)as_well / (ORDERS + 1);
}

/* The median of the values inside (or outside). */
static double median(const struct fit *fit, const double *values, double start,
		     bool inside)
{
	double chosen[MEMCG_BAND_MAX];
	size_t nr = 0;

	for (size_t i = 0; i < fit->nr; i++)
		if (is_inside(fit, fit->phases[i], start) == inside)
			chosen[nr++] = values[i];
	return nr ? stats_trimmed_mean(chosen, nr, 0.4) : NAN;
}

int memcg_band(const double *phases, const double *values, size_t nr, double width_bytes,
	       double page_bytes, uint64_t *random, struct memcg_band *ret,
	       struct err *err)
{
	const struct fit fit = {phases, nr, width_bytes, page_bytes};
	double ranks[MEMCG_BAND_MAX], start = 0, reached;

	if (nr < 2 || nr > MEMCG_BAND_MAX)
		return err_fail(err, EINVAL, "cannot fit a band to %zu values", nr);
	rank(values, nr, ranks);
	reached = best_lift(&fit, ranks, &start);
	*ret = (struct memcg_band){
		.start_bytes = start,
		.cheap = median(&fit, values, start, false),
		.dear = median(&fit, values, start, true),
		.chance = chance(&fit, ranks, reached, random),
	};
	return 0;
}
