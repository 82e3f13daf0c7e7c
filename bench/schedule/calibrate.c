/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/calibrate.h"

#include <errno.h>
#include <math.h>

#include "bench/base/clock.h"

#define SLICE_NS (1500 * NS_PER_US)
#define CALIBRATION_NS (600 * NS_PER_US) /* long enough to extrapolate from */
#define OPS_MAX (1ull << 40)
#define TRIES 3

/* By the clock that decides: on a loaded host the wall's says when others let us run. */
static uint64_t time_of(const struct cell *cell, const struct sample *sample)
{
	return cell->workload->metric == METRIC_CPU_TIME ? sample->cpu_ns / cell->threads
							 : sample->wall_ns;
}

/* The shortest of a few: what disturbs a slice makes it longer. */
static int try_ops(const struct slice *slice, uint64_t ops, uint64_t *ret_ns,
		   struct err *err)
{
	uint64_t least_ns = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		struct sample sample;
		uint64_t time_ns;
		int rc = slice_native(slice, ops, ops, &sample, err);

		if (rc)
			return rc;
		if (sample.outcome == OUTCOME_FAILED ||
		    sample.outcome == OUTCOME_UNSUPPORTED)
			return err_fail(err, EOPNOTSUPP, "%s", sample.reason);
		time_ns = time_of(slice->cell, &sample);
		if (time_ns < least_ns)
			least_ns = time_ns;
	}
	*ret_ns = least_ns;
	return 0;
}

static int try_all(const struct slice *slice, uint64_t *ret, struct err *err)
{
	uint64_t ops = 1, time_ns = 0;
	int rc = 0;

	while (!rc) {
		rc = try_ops(slice, ops, &time_ns, err);
		if (time_ns >= CALIBRATION_NS || ops >= OPS_MAX)
			break;
		ops *= 2;
	}
	if (rc)
		return rc;
	if (!time_ns)
		return err_fail(err, ERANGE, "the clock stood still");
	ops = (uint64_t)llround((double)ops * SLICE_NS / (double)time_ns);
	*ret = ops ? ops : 1;
	return 0;
}

int calibrate_ops(const struct slice *slice, uint64_t *ret, struct err *err)
{
	struct proto_ready ready;
	uint64_t ops = 1;
	int rc;

	if (slice->cell->workload->metric == METRIC_ROUND_TRIP) {
		*ret = 1;
		return 0;
	}
	rc = slice_open_worker(slice, 1, 0, &ready, err);
	if (!rc && ready.status != PROTO_OK)
		return err_fail(err, EOPNOTSUPP, "%s", ready.error);
	if (!rc)
		rc = try_all(slice, &ops, err);
	if (!rc)
		rc = slice_close_worker(slice, err);
	if (!rc)
		*ret = ops;
	return rc;
}
