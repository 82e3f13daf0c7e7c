/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../workload/workload.h"
#include "agent.h"
#include "stream.h"

#define PHASE_MAX 1024 /* more kmem objects than anybody needs */

/* How a worker ends; anything else means that it died. */
enum worker_exit { WORKER_CLOSED = 0, WORKER_STREAM_ENDED = 10 };

struct worker {
	int channel;
	const struct workload_native *kernel;
	uint32_t threads;
	void *state;
};

/* Clocks and counters before and after the timed part. */
struct reading {
	uint64_t wall_ns, cpu_ns;
	struct rusage self, children;
};

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t rusage_ns(const struct rusage *usage)
{
	return ((uint64_t)usage->ru_utime.tv_sec + (uint64_t)usage->ru_stime.tv_sec) *
		       1000000000u +
	       ((uint64_t)usage->ru_utime.tv_usec + (uint64_t)usage->ru_stime.tv_usec) *
		       1000u;
}

/* The worker is alone in its process: the process clock is the thread's where there is
 * one thread, and the sum of all where there are more. */
static uint64_t read_cpu(const struct worker *worker, const struct reading *reading)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID) +
	       (worker->kernel->counts_children ? rusage_ns(&reading->children) : 0);
}

static void read_begin(const struct worker *worker, struct reading *reading)
{
	(void)getrusage(RUSAGE_SELF, &reading->self);
	(void)getrusage(RUSAGE_CHILDREN, &reading->children);
	reading->cpu_ns = read_cpu(worker, reading);
	reading->wall_ns = read_clock(CLOCK_MONOTONIC);
}

static void read_end(const struct worker *worker, struct reading *reading)
{
	reading->wall_ns = read_clock(CLOCK_MONOTONIC);
	if (worker->kernel->counts_children)
		(void)getrusage(RUSAGE_CHILDREN, &reading->children);
	reading->cpu_ns = read_cpu(worker, reading);
	(void)getrusage(RUSAGE_SELF, &reading->self);
	(void)getrusage(RUSAGE_CHILDREN, &reading->children);
}

static uint64_t sum(long a, long b)
{
	return (uint64_t)a + (uint64_t)b;
}

static void take_difference(const struct reading *a, const struct reading *b,
			    struct proto_result *result)
{
	result->begin_ns = a->wall_ns;
	result->wall_ns = b->wall_ns - a->wall_ns;
	result->cpu_ns = b->cpu_ns - a->cpu_ns;
	result->voluntary = sum(b->self.ru_nvcsw, b->children.ru_nvcsw) -
			    sum(a->self.ru_nvcsw, a->children.ru_nvcsw);
	result->involuntary = sum(b->self.ru_nivcsw, b->children.ru_nivcsw) -
			      sum(a->self.ru_nivcsw, a->children.ru_nivcsw);
	result->minor_faults = sum(b->self.ru_minflt, b->children.ru_minflt) -
			       sum(a->self.ru_minflt, a->children.ru_minflt);
	result->major_faults = sum(b->self.ru_majflt, b->children.ru_majflt) -
			       sum(a->self.ru_majflt, a->children.ru_majflt);
}

static enum proto_status status_of(int rc)
{
	switch (rc) {
	case 0:
		return PROTO_OK;
	case -EBADMSG:
		return PROTO_WRONG;
	case -EOPNOTSUPP:
		return PROTO_UNSUPPORTED;
	default:
		return PROTO_FAILED;
	}
}

static void explain(int rc, char why[static PROTO_ERROR_MAX])
{
	if (rc && !why[0])
		(void)snprintf(why, PROTO_ERROR_MAX, "%s", strerror(-rc));
}

static int answer_slice(struct worker *worker, const struct proto_slice *slice)
{
	struct proto_result result = {.sequence = slice->sequence};
	struct reading before, after;
	uint64_t ignored = 0, checksum = 0;
	int rc = 0;

	if (slice->warmup_ops)
		rc = worker->kernel->run(worker->state, slice->warmup_ops, &ignored,
					 result.error);
	if (!rc) {
		read_begin(worker, &before);
		rc = worker->kernel->run(worker->state, slice->ops, &checksum,
					 result.error);
		read_end(worker, &after);
		take_difference(&before, &after, &result);
		result.ops = slice->ops;
		result.checksum = checksum;
	}
	explain(rc, result.error);
	result.status = status_of(rc);
	return stream_write(worker->channel, PROTO_RESULT, &result, sizeof(result), NULL,
			    0);
}

/* Slices until CLOSE; the exit status of the worker. */
static int answer_slices(struct worker *worker)
{
	for (;;) {
		struct proto_slice slice;
		struct proto_head head;
		int rc = stream_read_head(worker->channel, &head);

		if (rc <= 0 || head.type == PROTO_BYE)
			return WORKER_STREAM_ENDED;
		if (head.type == PROTO_CLOSE && head.length == 0)
			return WORKER_CLOSED;
		if (head.type != PROTO_SLICE || head.length != sizeof(slice) ||
		    stream_read(worker->channel, &slice, sizeof(slice)) ||
		    answer_slice(worker, &slice))
			return WORKER_STREAM_ENDED;
	}
}

static int open_kernel(const struct proto_open *open, struct worker *worker, char *why)
{
	const struct workload *workload = workload_find(open->workload);
	struct workload_setup setup = {.size_bytes = open->size_bytes,
				       .seed = open->seed,
				       .threads = open->threads,
				       .cpu = open->cpu};
	cpu_set_t set;

	if (!workload || !workload->native)
		return -EOPNOTSUPP;
	if (open->cpu >= 0) {
		CPU_ZERO(&set);
		CPU_SET((unsigned)open->cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			return -errno;
	}
	worker->kernel = workload->native;
	return workload->native->open(&setup, &worker->state, why);
}

/* The worker's life; never returns. */
static _Noreturn void work(int channel, const struct proto_open *open)
{
	struct worker worker = {.channel = channel};
	char why[PROTO_ERROR_MAX] = "";
	int rc = open_kernel(open, &worker, why);

	explain(rc, why);
	if (rc || !worker.kernel) {
		(void)stream_ready(channel, status_of(rc), why);
		_exit(WORKER_CLOSED);
	}
	if (stream_ready(channel, PROTO_OK, ""))
		_exit(WORKER_STREAM_ENDED);
	rc = answer_slices(&worker);
	worker.kernel->close(worker.state);
	if (rc == WORKER_CLOSED)
		(void)stream_ready(channel, PROTO_OK, "");
	_exit(rc);
}

/* Small kernel objects that move the byte phase of the group's kmem charge. */
static uint32_t hold_phase(int *held, uint32_t wanted)
{
	uint32_t nr = 0;

	while (nr < wanted && nr < PHASE_MAX) {
		held[nr] = eventfd(0, EFD_CLOEXEC);
		if (held[nr] < 0)
			break;
		nr++;
	}
	return nr;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_CLOSED)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_STREAM_ENDED)
		return 1;
	return -ECHILD;
}

int worker_epoch(int channel, const struct proto_open *open)
{
	int *held = calloc(PHASE_MAX, sizeof(*held));
	uint32_t held_nr = held ? hold_phase(held, open->phase) : 0;
	struct proto_open copy = *open;
	pid_t pid;
	int rc;

	copy.workload[PROTO_NAME_MAX - 1] = '\0';
	pid = fork();
	if (pid == 0)
		work(channel, &copy);
	rc = pid < 0 ? stream_ready(channel, PROTO_FAILED, strerror(errno))
		     : wait_for(pid);
	for (uint32_t i = 0; i < held_nr; i++)
		(void)close(held[i]);
	free(held);
	return rc;
}
