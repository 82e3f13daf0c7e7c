/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule/slice.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/environment.h"
#include "bench/schedule/fio.h"
#include "bench/results/truth.h"

/* Emulation can be a hundred times slower than bare metal; a hung guest is not. */
#define WORKER_TIMEOUT_NS (120 * NS_PER_S)
#define SLICE_TIMEOUT_NS (60 * NS_PER_S)
#define FIO_TIMEOUT_NS (90 * NS_PER_S)
#define WARMUP_SHARE 0.03

enum outcome slice_outcome(uint32_t status)
{
	switch (status) {
	case PROTO_OK:
		return OUTCOME_OK;
	case PROTO_UNSUPPORTED:
		return OUTCOME_UNSUPPORTED;
	case PROTO_TIMEOUT:
		return OUTCOME_TIMEOUT;
	default:
		return OUTCOME_FAILED;
	}
}

static void sample_begin(const struct slice *slice, struct sample *sample)
{
	memset(sample, 0xff, sizeof(*sample)); /* SAMPLE_NONE everywhere */
	sample->arm = slice->arm->index;
	sample->position = slice->position;
	sample->outcome = OUTCOME_OK;
	sample->reason[0] = '\0';
	sample->value = NAN;
}

/* An instance that is not what was asked for, or whose clock lies, can give no number. */
static void check_instance(const struct slice *slice, struct sample *sample)
{
	const struct runner *runner = slice->runner;

	if (runner->clock_fault[0])
		sample_judge(sample, OUTCOME_CLOCK, "%s", runner->clock_fault);
	if (runner->mismatch[0])
		sample_judge(sample, OUTCOME_MISMATCH, "%s", runner->mismatch);
}

/* Moved once, it is of no use until it is started again: what it did since it was looked
 * at last may have been charged anywhere. */
static void check_members(const struct slice *slice, struct sample *sample)
{
	char why[sizeof(sample->reason)];

	if (membership_holds(&slice->runner->members, why, sizeof(why)))
		return;
	slice->runner->spoiled = true;
	sample_judge(sample, OUTCOME_MOVED, "%s", why);
}

/* The agent read its clock between the request and its answer. */
static void check_rate(const struct slice *slice, uint64_t agent_ns,
		       struct sample *sample)
{
	const struct runner *runner = slice->runner;
	const struct clock_reading now = {.begin_ns = runner->channel.begin_ns,
					  .end_ns = runner->channel.end_ns,
					  .agent_ns = agent_ns};

	if (!runner->clock_stops)
		truth_clock_rate(&runner->clock, &now, sample);
}

/* A transport failure ends in the sample as well as in the return value. */
static int lost(struct sample *sample, int rc, const struct err *err)
{
	sample_judge(sample, rc == -ETIMEDOUT ? OUTCOME_TIMEOUT : OUTCOME_FAILED,
		     "%.150s", err->text);
	return rc;
}

/* Whose agent it was; an interruption is nobody's. */
static int named(const struct slice *slice, int rc, struct err *err)
{
	if (!rc || rc == -EINTR)
		return rc;
	return err_because(err, "%s", slice->runner->spec.platform->name);
}

static int request_paused(const struct slice *slice, struct err *err)
{
	/* Only a guest runs code of its own while its agent waits. */
	return slice->runner->driver->own_kernel ? runner_pause(slice->runner, err) : 0;
}

int slice_open_worker(const struct slice *slice, uint64_t seed, uint32_t phase,
		      struct proto_ready *ret, struct err *err)
{
	struct proto_open open = {
		.size_bytes = slice->cell->size_bytes,
		.seed = seed,
		.threads = slice->cell->threads,
		.phase = phase,
		.cpu = -1,
	};
	int rc = runner_resume(slice->runner, err);

	strncpy(open.workload, slice->cell->workload->name, sizeof(open.workload) - 1);
	if (!rc)
		rc = named(slice,
			   channel_open(&slice->runner->channel, &open, WORKER_TIMEOUT_NS,
					ret, err),
			   err);
	if (!rc) /* the worker belongs where its agent does */
		rc = named(slice,
			   membership_note(&slice->runner->members,
					   slice->runner->start.pid, err),
			   err);
	return rc ? rc : request_paused(slice, err);
}

int slice_close_worker(const struct slice *slice, struct err *err)
{
	struct proto_ready ready;
	int rc = runner_resume(slice->runner, err);

	if (!rc)
		rc = named(slice,
			   channel_close_worker(&slice->runner->channel, SLICE_TIMEOUT_NS,
						&ready, err),
			   err);
	if (!rc && ready.status != PROTO_OK)
		rc = named(slice, err_fail(err, EREMOTEIO, "%s", ready.error), err);
	return rc ? rc : request_paused(slice, err);
}

static void take_result(const struct proto_result *result, struct sample *sample)
{
	sample->wall_ns = result->wall_ns;
	sample->cpu_ns = result->cpu_ns;
	sample->checksum = result->checksum;
	sample->voluntary = result->voluntary;
	sample->involuntary = result->involuntary;
	sample->minor_faults = result->minor_faults;
	sample->major_faults = result->major_faults;
}

/* Cost of one operation by the cell's clock. */
static void derive_cost(const struct cell *cell, struct sample *sample)
{
	uint64_t time_ns = cell->workload->metric == METRIC_CPU_TIME ? sample->cpu_ns
			   : cell->workload->metric == METRIC_ROUND_TRIP
				   ? sample->host_wall_ns
				   : sample->wall_ns;

	if (!time_ns || time_ns == SAMPLE_NONE || !sample->ops)
		sample_judge(sample, OUTCOME_CLOCK, "the clock stood still");
	else
		sample->value = (double)time_ns / (double)sample->ops;
}

/* The injected control does a little more than it says: the proof that the run could
 * have seen so much. */
static uint64_t really_done(const struct arm *arm, uint64_t ops)
{
	return (uint64_t)llround((double)ops * (1 + arm->injected));
}

static void read_native(const struct slice *slice, const struct proto_result *result,
			uint64_t asked, struct sample *sample)
{
	take_result(result, sample);
	if (result->status != PROTO_OK)
		sample_judge(sample, slice_outcome(result->status), "%.150s",
			     result->error[0] ? result->error
					      : "the workload's own check failed");
	else if (result->ops != asked)
		sample_judge(sample, OUTCOME_MISMATCH,
			     "%llu operations ran, %llu were asked",
			     (unsigned long long)result->ops, (unsigned long long)asked);
	truth_clock(sample);
	check_rate(slice, result->begin_ns, sample);
	check_instance(slice, sample);
	check_members(slice, sample);
	derive_cost(slice->cell, sample);
}

int slice_native(const struct slice *slice, uint64_t ops, uint64_t sequence,
		 struct sample *ret, struct err *err)
{
	struct channel *channel = &slice->runner->channel;
	struct proto_slice request = {
		.ops = really_done(slice->arm, ops),
		.warmup_ops = (uint64_t)ceil((double)ops * WARMUP_SHARE),
		.sequence = sequence,
	};
	struct proto_result result;
	int rc;

	sample_begin(slice, ret);
	ret->ops = ops;
	rc = runner_resume(slice->runner, err);
	if (!rc)
		rc = named(
			slice,
			channel_slice(channel, &request, SLICE_TIMEOUT_NS, &result, err),
			err);
	if (rc)
		return lost(ret, rc, err);
	ret->host_begin_ns = channel->begin_ns;
	ret->host_wall_ns = channel->end_ns - channel->begin_ns;
	rc = request_paused(slice, err);
	read_native(slice, &result, request.ops, ret);
	return rc ? lost(ret, rc, err) : 0;
}

/* Host-side readings around a disk slice. */
struct around {
	struct disk_bytes disk;
	struct account account;
	uint64_t steal_ns;
};

static void read_around(const struct slice *slice, struct around *ret)
{
	struct err ignored = {0};

	if (slice->runner->driver->account(slice->runner->instance, &ret->account,
					   &ignored))
		memset(&ret->account, 0xff, sizeof(ret->account));
	ret->steal_ns = environment_steal_ns();
	ret->disk = (struct disk_bytes){SAMPLE_NONE, SAMPLE_NONE};
	if (!(slice->runner->driver->elsewhere >> slice->arm->path & 1))
		ret->disk = environment_disk_bytes(slice->runner->spec.scratch);
}

static uint64_t since(uint64_t before, uint64_t after)
{
	return before == SAMPLE_NONE || after == SAMPLE_NONE || after < before
		       ? SAMPLE_NONE
		       : after - before;
}

static void take_around(const struct around *a, const struct around *b,
			struct sample *sample)
{
	sample->steal_ns = since(a->steal_ns, b->steal_ns);
	sample->host_read_bytes = since(a->disk.read, b->disk.read);
	sample->host_write_bytes = since(a->disk.written, b->disk.written);
	sample->account_cpu_ns = since(a->account.cpu_ns, b->account.cpu_ns);
	sample->account_voluntary = since(a->account.voluntary, b->account.voluntary);
	sample->account_involuntary =
		since(a->account.involuntary, b->account.involuntary);
	sample->account_exits = since(a->account.exits, b->account.exits);
	sample->account_io_exits = since(a->account.io_exits, b->account.io_exits);
	sample->account_mmio_exits = since(a->account.mmio_exits, b->account.mmio_exits);
	sample->account_halt_exits = since(a->account.halt_exits, b->account.halt_exits);
	sample->account_injections = since(a->account.injections, b->account.injections);
}

/* A fio job in one instance. */
struct job {
	struct fio_argv argv;
	struct proto_ran ran;
	char *output;
	size_t length;
	uint64_t begin_ns, wall_ns; /* the harness's clock around it */
	/* the agent's, where it was read before and after */
	struct clock_reading first, second;
};

static void job_release(struct job *job)
{
	free(job->output);
}
CLEANUP_DEFINE(job, struct job *, job_release)

static void check_job_clock(const struct slice *slice, const struct job *job,
			    struct sample *sample)
{
	truth_clock(sample);
	if (slice->runner->clock_stops)
		truth_clock_rate(&job->first, &job->second, sample);
	else
		check_rate(slice, job->ran.begin_ns, sample);
}

static void read_fio(const struct slice *slice, const struct job *job,
		     struct sample *sample)
{
	const struct proto_ran *ran = &job->ran;

	sample->cpu_ns = ran->cpu_ns;
	sample->inner_read_bytes = ran->read_bytes;
	sample->inner_write_bytes = ran->write_bytes;
	if (ran->status != PROTO_OK)
		sample_judge(sample, slice_outcome(ran->status), "%.150s", ran->error);
	else if (ran->truncated)
		sample_judge(sample, OUTCOME_FAILED, "fio's output was too long");
	else if (ran->exit_code)
		sample_judge(sample, OUTCOME_FAILED, "fio ended with %d: %.120s",
			     ran->exit_code, ran->error);
	else
		fio_json_read(slice->cell, job->output, job->length, sample);
	if (sample->outcome == OUTCOME_OK)
		check_job_clock(slice, job, sample);
	check_instance(slice, sample);
	check_members(slice, sample);
	if (sample->outcome == OUTCOME_OK)
		truth_bytes(slice->cell->workload->fio, sample);
}

/* A clock that stops while the instance is paused is read before and after a job, which
 * runs for long enough to tell its rate. */
static int read_clock(const struct slice *slice, struct clock_reading *ret,
		      struct err *err)
{
	if (!slice->runner->clock_stops)
		return 0;
	return named(slice, clockcheck_read(&slice->runner->channel, ret, err), err);
}

static int run_fio(const struct slice *slice, struct job *job, struct err *err)
{
	struct runner *runner = slice->runner;
	struct channel *channel = &runner->channel;
	int rc = runner_resume(runner, err);

	if (!rc)
		rc = runner_prepare(runner, slice->arm->path, err);
	if (!rc)
		rc = read_clock(slice, &job->first, err);
	if (!rc)
		rc = named(slice,
			   channel_run(channel, job->argv.argv, FIO_TIMEOUT_NS, &job->ran,
				       &job->output, &job->length, err),
			   err);
	job->begin_ns = channel->begin_ns;
	job->wall_ns = channel->end_ns - channel->begin_ns;
	return rc ? rc : read_clock(slice, &job->second, err);
}

static const char *target_of(const struct slice *slice)
{
	return slice->runner->driver->target(slice->runner->instance, slice->arm->path);
}

int slice_fio(const struct slice *slice, uint64_t data_bytes, uint64_t seed,
	      struct sample *ret, struct err *err)
{
	struct job job = {.length = 0};
	cleanup(job) struct job *guard = &job;
	struct around before, after;
	int rc;

	(void)guard;
	sample_begin(slice, ret);
	fio_argv_job(slice->cell, target_of(slice), data_bytes, seed, &job.argv);
	read_around(slice, &before);
	rc = run_fio(slice, &job, err);
	if (rc)
		return lost(ret, rc, err);
	ret->host_begin_ns = job.begin_ns;
	ret->host_wall_ns = job.wall_ns;
	read_around(slice, &after);
	take_around(&before, &after, ret);
	rc = request_paused(slice, err);
	read_fio(slice, &job, ret);
	return rc ? lost(ret, rc, err) : 0;
}

int slice_warm(const struct slice *slice, uint64_t data_bytes, struct err *err)
{
	struct job job = {.length = 0};
	cleanup(job) struct job *guard = &job;
	int rc;

	(void)guard;
	fio_argv_warm(target_of(slice), data_bytes, &job.argv);
	rc = run_fio(slice, &job, err);
	return rc ? rc : request_paused(slice, err);
}
