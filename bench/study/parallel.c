/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/parallel.h"

#include <errno.h>
#include <gsl/gsl_sort_double.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/results/stats.h"

#define OPEN_TIMEOUT_NS (120 * NS_PER_S)
#define SLICE_TIMEOUT_NS (60 * NS_PER_S)
#define CALIBRATION_ROUNDS 20
#define CALIBRATION_WAIT 100

int parallel_open(struct runner *runner, const struct workload *workload,
		  uint64_t size_bytes, uint64_t seed, struct err *err)
{
	struct proto_open open = {
		.size_bytes = size_bytes, .seed = seed, .threads = 1, .cpu = -1};
	struct proto_ready ready;
	int rc;

	strncpy(open.workload, workload->name, sizeof(open.workload) - 1);
	rc = channel_open(&runner->channel, &open, OPEN_TIMEOUT_NS, &ready, err);
	if (rc)
		return err_because(err, "%s", runner->spec.platform->name);
	if (ready.status != PROTO_OK)
		return err_fail(err, EREMOTEIO, "%s: %s: %s", runner->spec.platform->name,
				workload->name, ready.error);
	return 0;
}

/* One slice: how long it took as the host saw it, and as the agent says. */
static int slice(struct runner *runner, uint64_t ops, uint64_t sequence, uint64_t *ret_ns,
		 uint64_t *agent_ns, struct err *err)
{
	const struct proto_slice request = {.ops = ops, .sequence = sequence};
	struct proto_result result;
	int rc =
		channel_slice(&runner->channel, &request, SLICE_TIMEOUT_NS, &result, err);

	if (rc)
		return err_because(err, "%s", runner->spec.platform->name);
	if (result.status != PROTO_OK)
		return err_fail(err, EREMOTEIO, "%s: %s", runner->spec.platform->name,
				result.error);
	*ret_ns = runner->channel.end_ns - runner->channel.begin_ns;
	*agent_ns = result.wall_ns;
	return 0;
}

/* By the agent's clock: a round trip to an emulated guest takes longer than the slice. An
 * agent that says it took no time ends where the host has waited long enough. */
int parallel_calibrate(struct runner *runner, uint64_t slice_ns, uint64_t *ret,
		       struct err *err)
{
	uint64_t ops = 1, took_ns = 0, waited_ns = 0;
	int rc = 0;

	for (unsigned i = 0; !rc && i < CALIBRATION_ROUNDS && took_ns < slice_ns / 2 &&
			     waited_ns < CALIBRATION_WAIT * slice_ns;
	     i++) {
		if (i)
			ops *= took_ns && slice_ns / took_ns < 8 ? slice_ns / took_ns + 1
								 : 8;
		rc = slice(runner, ops, i, &waited_ns, &took_ns, err);
	}
	if (!rc)
		*ret = ops;
	return rc;
}

struct job {
	struct parallel_member *member;
	uint64_t end_ns;
	double *op_ns; /* of each slice */
};

static void summarize(struct parallel_member *member, double *op_ns, uint64_t busy_ns)
{
	size_t kept = member->slices < PARALLEL_SLICES_MAX ? member->slices
							   : PARALLEL_SLICES_MAX;

	if (!kept || !busy_ns)
		return;
	gsl_sort(op_ns, 1, kept);
	member->p50_ns = stats_quantile(op_ns, kept, 0.5);
	member->p99_ns = stats_quantile(op_ns, kept, 0.99);
	member->ops_per_s =
		(double)(member->slices * member->ops) / ((double)busy_ns / NS_PER_S);
}

static void *work(void *data)
{
	struct job *job = data;
	struct parallel_member *member = job->member;
	uint64_t begin_ns = clock_now_ns(), ns, agent_ns;

	/* one in any case: on a busy host a thread may begin when the time is up */
	do {
		member->rc = slice(member->runner, member->ops, member->slices, &ns,
				   &agent_ns, &member->err);
		if (member->rc)
			break;
		job->op_ns[member->slices % PARALLEL_SLICES_MAX] =
			(double)ns / (double)member->ops;
		member->slices++;
	} while (clock_now_ns() < job->end_ns);
	summarize(member, job->op_ns, clock_now_ns() - begin_ns);
	return NULL;
}

static size_t start_threads(struct job *jobs, pthread_t *threads, size_t nr)
{
	size_t started = 0;

	while (started < nr &&
	       !pthread_create(&threads[started], NULL, work, &jobs[started]))
		started++;
	return started;
}

int parallel_run(struct parallel_member *members, size_t nr, uint64_t window_ns,
		 struct err *err)
{
	cleanup(free) pthread_t *threads = calloc(nr, sizeof(*threads));
	cleanup(free) struct job *jobs = calloc(nr, sizeof(*jobs));
	cleanup(free) double *room = calloc(nr * PARALLEL_SLICES_MAX, sizeof(*room));
	uint64_t end_ns = clock_now_ns() + window_ns;
	size_t started;

	if (!threads || !jobs || !room)
		return err_fail(err, ENOMEM, "no memory for %zu instances", nr);
	for (size_t i = 0; i < nr; i++) {
		members[i].rc = 0;
		members[i].slices = 0;
		members[i].ops_per_s = members[i].p50_ns = members[i].p99_ns = 0;
		jobs[i] =
			(struct job){&members[i], end_ns, room + i * PARALLEL_SLICES_MAX};
	}
	started = start_threads(jobs, threads, nr);
	for (size_t i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	return started == nr ? 0 : err_fail(err, EAGAIN, "cannot make %zu threads", nr);
}
