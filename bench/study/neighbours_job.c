/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/study/neighbours_job.h"

#include <errno.h>
#include <string.h>

#include "bench/base/clock.h"
#include "bench/schedule/slice.h"
#include "bench/study/parallel.h"

static void fio_cell(const struct job *job, struct cell *ret)
{
	*ret = (struct cell){.workload = job->workload,
			     .threads = 1,
			     .slice_ms = (uint32_t)(job->ns / NS_PER_MS)};
}

static void run_fio(struct job *job)
{
	const struct arm arm = {.path = (uint32_t)job->scene->path};
	struct cell cell;
	const struct slice slice = {.runner = job->runner, .cell = &cell, .arm = &arm};

	fio_cell(job, &cell);
	job->rc = scratch_verify(job->runner->spec.scratch, job->mark, &job->err);
	if (!job->rc)
		job->rc = slice_fio(&slice, job->bytes, job->scene->session->plan.seed,
				    &job->sample, &job->err);
	if (!job->rc && !sample_is_measured(&job->sample))
		job->rc = err_fail(&job->err, EREMOTEIO, "%s: %s", job->workload->name,
				   job->sample.reason);
	if (job->rc)
		return;
	job->rate = job->sample.value;
	/* what is over when its answer comes ended just before */
	job->end_ns = job->sample.host_begin_ns + job->sample.host_wall_ns;
	job->begin_ns = job->end_ns - job->sample.fio.runtime_ns;
}

/* A guest is paused when it has nothing to do, as after fio. */
static void run_slices(struct job *job)
{
	struct parallel_member member = {.runner = job->runner, .ops = job->ops};

	job->rc = runner_resume(job->runner, &job->err);
	job->begin_ns = clock_now_ns();
	if (!job->rc)
		job->rc = parallel_run(&member, 1, job->ns, &job->err);
	job->end_ns = clock_now_ns();
	if (!job->rc && member.rc)
		job->rc = err_fail(&job->err, member.err.code, "%s", member.err.text);
	if (!job->rc && job->runner->driver->own_kernel)
		job->rc = runner_pause(job->runner, &job->err);
	job->rate = member.ops_per_s;
	job->p50_ns = member.p50_ns * (double)job->ops;
	job->p99_ns = member.p99_ns * (double)job->ops;
}

void *job_run(void *data)
{
	struct job *job = data;

	if (job->workload->fio)
		run_fio(job);
	else
		run_slices(job);
	return NULL;
}

struct job job_of_victim(struct neighbour_scene *scene, uint64_t ns)
{
	uint64_t bytes = scene->what->victim_bytes;

	return (struct job){.scene = scene,
			    .runner = &scene->victim,
			    .workload = scene->what->victim,
			    .mark = &scene->files->victim_mark,
			    .bytes = bytes ? bytes : scene->settings->disk.bytes,
			    .ops = scene->victim_ops,
			    .ns = ns};
}

struct job job_of_aggressor(struct neighbour_scene *scene, uint64_t ns)
{
	uint64_t bytes = scene->what->aggressor_bytes;

	return (struct job){.scene = scene,
			    .runner = &scene->aggressor,
			    .workload = scene->what->aggressor,
			    .mark = &scene->files->aggressor_mark,
			    .bytes = bytes ? bytes : scene->settings->disk.bytes,
			    .ops = scene->aggressor_ops,
			    .ns = ns};
}

int job_warm(const struct job *job, struct err *err)
{
	const struct arm arm = {.path = (uint32_t)job->scene->path};
	const struct workload_fio *fio = job->workload->fio;
	struct cell cell;
	const struct slice slice = {.runner = job->runner, .cell = &cell, .arm = &arm};

	fio_cell(job, &cell);
	return fio->direct || strstr(fio->rw, "write")
		       ? 0
		       : slice_warm(&slice, job->bytes, err);
}
