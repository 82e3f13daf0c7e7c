/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of what has bounds: times, rates, shares. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "bench/base/cleanup.h"
#include "bench/results/stats.h"

#define EDGE 1e-9 /* of the largest, or of the range: a bound itself has no logarithm */

struct bounds {
	double least, most, edge;
};

static double spread_out(const struct bounds *bounds, double value)
{
	double range = bounds->most - bounds->least;
	double above = fmax(value - bounds->least, bounds->edge);

	if (isinf(bounds->most))
		return log(above);
	above = fmin(above, range - bounds->edge);
	return log(above / (range - above));
}

/* of exp(spread) */
static double bring_back(const struct bounds *bounds, double odds)
{
	if (isinf(bounds->most))
		return bounds->least + odds;
	return isinf(odds) ? bounds->most
			   : bounds->least +
				     (bounds->most - bounds->least) * odds / (1 + odds);
}

static bool are_all(const double *values, size_t nr, double what)
{
	for (size_t i = 0; i < nr; i++)
		if (values[i] != what)
			return false;
	return true;
}

static double edge_of(const double *values, size_t nr, double least, double most)
{
	double largest = 0;

	for (size_t i = 0; i < nr; i++)
		largest = fmax(largest, values[i] - least);
	return EDGE * (isinf(most) ? largest : most - least);
}

struct stats_mean stats_bounded(const double *values, size_t nr, double least,
				double most, uint64_t seed)
{
	cleanup(free) struct stats_block *blocks = calloc(nr + 1, sizeof(*blocks));
	const struct bounds bounds = {least, most, edge_of(values, nr, least, most)};
	struct stats_ratio ratio;
	struct err ignored = {0};

	if (!nr || !blocks)
		return (struct stats_mean){NAN, NAN, NAN};
	if (nr == 1)
		return (struct stats_mean){values[0], NAN, NAN};
	if (are_all(values, nr, values[0]))
		return (struct stats_mean){values[0], values[0], values[0]};
	for (size_t i = 0; i < nr; i++)
		blocks[i] = (struct stats_block){spread_out(&bounds, values[i]), i};
	if (stats_ratio(blocks, nr, seed, &ratio, &ignored))
		return (struct stats_mean){NAN, NAN, NAN};
	return (struct stats_mean){bring_back(&bounds, ratio.ratio),
				   bring_back(&bounds, ratio.low),
				   bring_back(&bounds, ratio.high)};
}
