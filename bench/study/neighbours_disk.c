/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rounds with a disk workload in them.  fio takes its time to start: the aggressor is
 * asked first and for longer, and the victim works twice as long beside it instead of
 * twice, in the middle of a round as ever: alone, beside, alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/environment.h"
#include "bench/study/neighbours_disk.h"
#include "bench/study/neighbours_job.h"
#include "bench/study/parallel.h"

#define MIB 1048576.0
#define TRIAL_NS (100 * NS_PER_MS)
#define LEAD_LEAST_NS (100 * NS_PER_MS)
#define LEAD_MOST_NS (10 * NS_PER_S)
#define OVERLAP_LEAST 0.8
#define FLUSH_EVERY_MS 100

/* --- writing back --- */

/* What an aggressor writes into the page cache is written back by the host when it likes,
 * which may be half a minute later: it is asked to, again and again, as it would by
 * itself when it held too much. */
struct flusher {
	const char *dir;
	atomic_bool enough;
	pthread_t thread;
	bool runs;
};

static void flush(const char *dir)
{
	cleanup(fd) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		(void)syncfs(fd);
}

static void *flush_on(void *data)
{
	struct flusher *flusher = data;

	while (!atomic_load(&flusher->enough)) {
		flush(flusher->dir);
		(void)poll(NULL, 0, FLUSH_EVERY_MS);
	}
	flush(flusher->dir);
	return NULL;
}

static void flusher_begin(const struct neighbour_scene *scene, struct flusher *flusher)
{
	flusher->dir = scene->files->aggressor;
	flusher->runs = neighbour_scene_is_buffered(scene) &&
			!pthread_create(&flusher->thread, NULL, flush_on, flusher);
}

static void flusher_end(struct flusher *flusher)
{
	atomic_store(&flusher->enough, true);
	if (flusher->runs)
		(void)pthread_join(flusher->thread, NULL);
}

/* --- readings --- */

/* NAN where this host cannot tell. */
struct reading {
	double usage, hits, accounted, host;
	uint64_t at_ns;
};

static double to_mib(uint64_t bytes)
{
	return bytes == SAMPLE_NONE ? NAN : (double)bytes / MIB;
}

static double read_accounted(const struct neighbour_scene *scene)
{
	const struct cgroup_hierarchy *where =
		neighbour_controller(&scene->aggressor_group.groups, "io");
	struct neighbour_moved moved;

	if (!where || neighbour_device_moved(&scene->host.device, where,
					     scene->aggressor_group.name, &moved))
		return NAN;
	return to_mib(moved.read_bytes + moved.write_bytes);
}

/* What the disk moved in the direction of the aggressor; in both, where it is not fio. */
static double read_host(const struct neighbour_scene *scene)
{
	struct disk_bytes disk = environment_disk_bytes(scene->files->aggressor);
	const struct workload_fio *fio = scene->what->aggressor->fio;

	if (!fio || (fio->read_percent && fio->read_percent < 100))
		return to_mib(disk.read) + to_mib(disk.written);
	return to_mib(strstr(fio->rw, "write") ? disk.written : disk.read);
}

static void read_all(struct neighbour_scene *scene, enum neighbour_resource resource,
		     struct reading *ret)
{
	const struct neighbour_usage *usage = &neighbour_usages[resource];
	struct err ignored = {0};

	if (usage->read(&scene->aggressor, &scene->aggressor_group, &ret->usage,
			&ignored))
		ret->usage = NAN;
	ret->hits = neighbour_hits(usage, &scene->aggressor_group);
	ret->accounted = read_accounted(scene);
	ret->host = read_host(scene);
	ret->at_ns = clock_now_ns();
}

static double rate_of(double before, double after, uint64_t ns)
{
	return (after - before) * NS_PER_S / (double)ns;
}

/* --- a round --- */

/* One stretch of the victim's work, with what was read around it. */
struct stretch {
	struct job victim, aggressor;
	struct reading before, after;
};

static int alone(struct neighbour_scene *scene, enum neighbour_resource resource,
		 struct stretch *ret, struct err *err)
{
	ret->victim = job_of_victim(scene, scene->settings->disk.window_ns);
	read_all(scene, resource, &ret->before);
	job_run(&ret->victim);
	read_all(scene, resource, &ret->after);
	return ret->victim.rc
		       ? err_fail(err, ret->victim.err.code, "%s", ret->victim.err.text)
		       : 0;
}

static int join(const struct neighbour_scene *scene, struct stretch *stretch,
		pthread_t aggressor, struct err *err)
{
	const struct job *failed = NULL;

	(void)pthread_join(aggressor, NULL);
	if (stretch->aggressor.rc)
		failed = &stretch->aggressor;
	if (stretch->victim.rc)
		failed = &stretch->victim;
	if (*scene->session->options->stop)
		return err_fail(err, EINTR, "interrupted");
	return failed ? err_fail(err, failed->err.code, "%s", failed->err.text) : 0;
}

static int beside(struct neighbour_scene *scene, enum neighbour_resource resource,
		  struct stretch *ret, struct err *err)
{
	uint64_t ns = 2 * scene->settings->disk.window_ns;
	struct flusher flusher = {.runs = false};
	pthread_t aggressor;
	int rc;

	ret->victim = job_of_victim(scene, ns);
	ret->aggressor = job_of_aggressor(scene, ns + 2 * scene->lead_ns);
	read_all(scene, resource, &ret->before);
	if (pthread_create(&aggressor, NULL, job_run, &ret->aggressor))
		return err_fail(err, EAGAIN, "cannot make a thread");
	flusher_begin(scene, &flusher);
	(void)poll(NULL, 0, (int)(scene->lead_ns / NS_PER_MS));
	job_run(&ret->victim);
	rc = join(scene, ret, aggressor, err);
	flusher_end(&flusher);
	read_all(scene, resource, &ret->after);
	return rc;
}

/* Share of the victim's work during which the aggressor was at work. */
static double overlap(const struct stretch *stretch)
{
	const struct job *a = &stretch->victim, *b = &stretch->aggressor;
	uint64_t begin = a->begin_ns > b->begin_ns ? a->begin_ns : b->begin_ns;
	uint64_t end = a->end_ns < b->end_ns ? a->end_ns : b->end_ns;

	return end > begin && a->end_ns > a->begin_ns
		       ? (double)(end - begin) / (double)(a->end_ns - a->begin_ns)
		       : 0;
}

/* From the aggressor's first work to the last of it that reached the disk. */
static uint64_t at_work_ns(const struct stretch *beside)
{
	return beside->after.at_ns - beside->aggressor.begin_ns;
}

/* Others use the disk as well: what they moved in the stretches alone is taken off. */
static double host_rate(const struct stretch stretches[static 3])
{
	double rates[2];
	const struct stretch *mid = &stretches[1];

	for (size_t i = 0; i < 2; i++) {
		const struct stretch *one = &stretches[2 * i];

		rates[i] = rate_of(one->before.host, one->after.host,
				   one->after.at_ns - one->before.at_ns);
	}
	return rate_of(mid->before.host, mid->after.host, at_work_ns(mid)) -
	       (rates[0] + rates[1]) / 2;
}

static double operations(const struct job *fio)
{
	return rate_of(0, (double)(fio->sample.fio.read_ios + fio->sample.fio.write_ios),
		       fio->sample.fio.runtime_ns);
}

static double mib_per_s(const struct job *fio)
{
	return rate_of(0,
		       to_mib(fio->sample.fio.read_bytes + fio->sample.fio.write_bytes),
		       fio->sample.fio.runtime_ns);
}

/* What the aggressor had. fio says itself what it did; but what it wrote into the page
 * cache is no I/O yet, and only the disk knows when it was. */
static double got(const struct neighbour_scene *scene, enum neighbour_resource resource,
		  const struct stretch stretches[static 3])
{
	const struct stretch *mid = &stretches[1];
	const struct neighbour_usage *usage = &neighbour_usages[resource];
	bool buffered = neighbour_scene_is_buffered(scene);

	if (scene->what->aggressor->fio && resource == RESOURCE_DISK)
		return buffered ? host_rate(stretches) : mib_per_s(&mid->aggressor);
	if (scene->what->aggressor->fio && resource == RESOURCE_DISK_OPERATIONS)
		return buffered ? NAN : operations(&mid->aggressor);
	return usage->counter
		       ? rate_of(mid->before.usage, mid->after.usage, at_work_ns(mid))
		       : mid->after.usage;
}

static struct neighbour_window window_of(const struct job *victim)
{
	const struct sample_fio *fio = &victim->sample.fio;
	bool disk = victim->workload->fio;

	return (struct neighbour_window){
		.ops_per_s = victim->rate,
		.p50_ns = disk ? (double)fio->lat_p50_ns : victim->p50_ns,
		.p99_ns = disk ? (double)fio->lat_p99_ns : victim->p99_ns,
		.got = NAN,
		.cached = NAN,
		.hits = NAN,
		.operations = NAN,
		.accounted = NAN,
		.host = NAN,
		.overlap = NAN,
	};
}

/* The stretch beside stands for the two windows in the middle of a round. */
static int add_round(const struct neighbour_scene *scene,
		     enum neighbour_resource resource,
		     const struct stretch stretches[static 3],
		     struct neighbour_tally *tally, struct err *err)
{
	const struct stretch *mid = &stretches[1];
	struct neighbour_window mine = window_of(&mid->victim);

	mine.got = got(scene, resource, stretches);
	mine.hits = (mid->after.hits - mid->before.hits) / 2;
	if (scene->what->aggressor->fio && !neighbour_scene_is_buffered(scene))
		mine.operations = operations(&mid->aggressor);
	mine.accounted =
		rate_of(mid->before.accounted, mid->after.accounted, at_work_ns(mid));
	mine.host = host_rate(stretches);
	mine.overlap = overlap(mid);
	return neighbour_tally_add(tally,
				   (const struct neighbour_window[NEIGHBOUR_WINDOWS]){
					   window_of(&stretches[0].victim), mine, mine,
					   window_of(&stretches[2].victim)},
				   err);
}

int neighbours_disk_round(struct neighbour_scene *scene, enum neighbour_resource resource,
			  struct neighbour_tally *tally, struct err *err)
{
	struct stretch stretches[3] = {0};
	int rc = alone(scene, resource, &stretches[0], err);

	if (!rc)
		rc = beside(scene, resource, &stretches[1], err);
	if (!rc)
		rc = alone(scene, resource, &stretches[2], err);
	if (rc)
		return rc;
	if (overlap(&stretches[1]) >= OVERLAP_LEAST)
		return add_round(scene, resource, stretches, tally, err);
	tally->dropped++;
	return 0;
}

/* --- before the first round --- */

static int open_worker(struct job *job, uint64_t size_bytes, uint64_t slice_ns,
		       uint64_t *ops, struct err *err)
{
	int rc = parallel_open(job->runner, job->workload, size_bytes,
			       job->scene->session->plan.seed, err);

	return rc ? rc : parallel_calibrate(job->runner, slice_ns, ops, err);
}

/* A trial says how long fio takes besides its work: most of it to start. */
static int try_fio(struct job *job, uint64_t *lead_ns, struct err *err)
{
	uint64_t besides_ns;
	int rc = job_warm(job, err);

	if (rc)
		return rc;
	(void)job_run(job);
	if (job->rc)
		return err_fail(err, job->err.code, "%s", job->err.text);
	besides_ns = job->sample.host_wall_ns > job->sample.fio.runtime_ns
			     ? job->sample.host_wall_ns - job->sample.fio.runtime_ns
			     : 0;
	*lead_ns = LEAD_LEAST_NS + besides_ns + besides_ns / 2;
	if (*lead_ns > LEAD_MOST_NS)
		*lead_ns = LEAD_MOST_NS;
	return 0;
}

int neighbours_disk_calibrate(struct neighbour_scene *scene, struct err *err)
{
	struct job victim = job_of_victim(scene, TRIAL_NS);
	struct job aggressor = job_of_aggressor(scene, TRIAL_NS);
	uint64_t ignored_ns;
	int rc;

	scene->lead_ns = LEAD_LEAST_NS;
	rc = victim.workload->fio ? try_fio(&victim, &ignored_ns, err)
				  : open_worker(&victim, scene->what->victim_bytes,
						scene->settings->victim_slice_ns,
						&scene->victim_ops, err);
	if (rc)
		return rc;
	return aggressor.workload->fio
		       ? try_fio(&aggressor, &scene->lead_ns, err)
		       : open_worker(&aggressor, scene->what->aggressor_bytes,
				     scene->settings->aggressor_slice_ns,
				     &scene->aggressor_ops, err);
}
