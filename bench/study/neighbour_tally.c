/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbour_tally.h"

#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <math.h>
#include <string.h>

int neighbour_tally_add(struct neighbour_tally *tally,
			const struct neighbour_window windows[NEIGHBOUR_WINDOWS],
			struct err *err)
{
	double logs[2] = {0, 0}, p50[2] = {0, 0}, p99[2] = {0, 0}, got = 0, cached = 0;

	for (unsigned i = 0; i < NEIGHBOUR_WINDOWS; i++) {
		const struct neighbour_window *one = &windows[i];
		bool beside = neighbour_is_beside(i);

		if (!(one->ops_per_s > 0))
			return err_fail(err, EDOM, "the victim did no work in a window");
		logs[beside] += log(one->ops_per_s) / 2;
		p50[beside] += one->p50_ns / 2;
		p99[beside] = fmax(p99[beside], one->p99_ns);
		got += beside ? one->got / 2 : 0;
		cached += beside ? one->cached / 2 : 0;
		tally->hits += beside ? one->hits : 0;
	}
	tally->blocks[tally->nr] = (struct stats_block){
		.log_ratio = logs[true] - logs[false], .epoch = tally->nr};
	for (int beside = 0; beside < 2; beside++) {
		tally->p50_ns[beside][tally->nr] = p50[beside];
		tally->p99_ns[beside][tally->nr] = p99[beside];
	}
	tally->operations[tally->nr] = windows[1].operations;
	tally->accounted[tally->nr] = windows[1].accounted;
	tally->host[tally->nr] = windows[1].host;
	tally->overlap[tally->nr] = windows[1].overlap;
	tally->got[tally->nr] = got;
	tally->cached[tally->nr++] = cached;
	return 0;
}

/* Fewer values than this have no interval of 95 % by order statistics. */
#define ORDER_LEAST 6

/* By Student's t where there are too few for order statistics; what has bounds stays
 * within them. */
static void set_interval(const double *sorted, size_t nr, struct neighbour_reading *ret)
{
	struct stats_mean mean;

	stats_median_interval(sorted, nr, &ret->low, &ret->high);
	if (nr >= ORDER_LEAST || nr < 2)
		return;
	mean = stats_mean(sorted, nr);
	ret->low = sorted[0] < 0 ? mean.low : fmax(mean.low, 0);
	ret->high = mean.high;
}

static struct neighbour_reading over_rounds(const double *values, size_t nr)
{
	double sorted[NEIGHBOUR_ROUNDS_MAX];
	struct neighbour_reading ret = {.value = NAN, .low = NAN, .high = NAN};

	for (size_t i = 0; i < nr; i++)
		if (!isfinite(values[i])) /* this host does not say */
			return ret;
	memcpy(sorted, values, nr * sizeof(*values));
	gsl_sort(sorted, 1, nr);
	ret.value = stats_quantile(sorted, nr, 0.5);
	set_interval(sorted, nr, &ret);
	return ret;
}

static struct neighbour_reading share_over_rounds(const double *values, size_t nr)
{
	struct neighbour_reading ret = over_rounds(values, nr);

	ret.high = ret.high > 1 ? 1 : ret.high;
	return ret;
}

int neighbour_tally_see(const struct neighbour_tally *tally, uint64_t seed,
			struct neighbour_seen *ret, struct err *err)
{
	int rc = stats_ratio(tally->blocks, tally->nr, seed, &ret->ratio, err);

	if (rc)
		return rc;
	for (int beside = 0; beside < 2; beside++) {
		ret->p50_ns[beside] = over_rounds(tally->p50_ns[beside], tally->nr);
		ret->p99_ns[beside] = over_rounds(tally->p99_ns[beside], tally->nr);
	}
	ret->got = over_rounds(tally->got, tally->nr);
	ret->cached = share_over_rounds(tally->cached, tally->nr);
	ret->hits = tally->hits;
	ret->operations = over_rounds(tally->operations, tally->nr);
	ret->accounted = over_rounds(tally->accounted, tally->nr);
	ret->host = over_rounds(tally->host, tally->nr);
	ret->overlap = share_over_rounds(tally->overlap, tally->nr);
	ret->dropped = tally->dropped;
	return 0;
}
