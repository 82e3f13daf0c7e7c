/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/workload/workload.h"
#include "bench/agent/agent.h"
#include "bench/agent/stream.h"

#define TABLE_BYTES (2u << 20) /* covered by a page of a page table */
#define LAYOUTS 64
#define PHASE_MAX 1024 /* more kmem objects than anybody needs */

/* How a worker ends; anything else means that it died. */
enum worker_exit { WORKER_CLOSED = 0, WORKER_REFUSED = 9, WORKER_STREAM_ENDED = 10 };

/* What the worker is at, in memory that the agent still sees when the worker is dead. */
struct progress {
	enum { IDLE, OPENING, IN_SLICE, ANSWERING } at;
	uint64_t sequence; /* of the slice */
};

struct worker {
	int channel;
	volatile struct progress *progress;
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
	worker->progress->at = ANSWERING;
	rc = stream_write(worker->channel, PROTO_RESULT, &result, sizeof(result), NULL,
			  0);
	worker->progress->at = IDLE;
	return rc;
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
		    stream_read(worker->channel, &slice, sizeof(slice)))
			return WORKER_STREAM_ENDED;
		worker->progress->sequence = slice.sequence;
		worker->progress->at = IN_SLICE;
		if (answer_slice(worker, &slice))
			return WORKER_STREAM_ENDED;
	}
}

/* The last of the CPUs that the instance has: the others are there for cells of more
 * threads, and a single one must not wander between them. */
static int last_cpu(void)
{
	cpu_set_t set;
	int last = -1;

	CPU_ZERO(&set);
	(void)sched_getaffinity(0, sizeof(set), &set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set))
			last = i;
	return last;
}

static int pin(const struct proto_open *open, char *why)
{
	int cpu = open->cpu < 0 && open->threads <= 1 ? last_cpu() : open->cpu;
	cpu_set_t set;

	if (cpu < 0)
		return 0;
	CPU_ZERO(&set);
	CPU_SET((unsigned)cpu, &set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return 0;
	(void)snprintf(why, PROTO_ERROR_MAX, "cannot stay on CPU %d", cpu);
	return -errno;
}

/* A forked worker has the layout that its agent got when it was started: whether what it
 * maps crosses a page table, for one, stays the same from epoch to epoch, and makes one
 * agent's workers dearer than another's. The epoch's phase moves what is mapped from here
 * on by up to what one page table covers. Never unmapped: it ends with the worker. */
static void move_layout(uint32_t phase)
{
	size_t bytes = (phase % LAYOUTS) * (TABLE_BYTES / LAYOUTS);

	if (bytes)
		(void)mmap(NULL, bytes, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static int open_kernel(const struct proto_open *open, struct worker *worker, char *why)
{
	const struct workload *workload = workload_find(open->workload);
	struct workload_setup setup = {.size_bytes = open->size_bytes,
				       .seed = open->seed,
				       .threads = open->threads,
				       .cpu = open->cpu};
	int rc;

	if (!workload || !workload->native) {
		(void)snprintf(why, PROTO_ERROR_MAX,
			       "the agent knows no workload '%s'; is its image older "
			       "than tare ('make image')?",
			       open->workload);
		return -EOPNOTSUPP;
	}
	rc = pin(open, why);
	if (rc)
		return rc;
	move_layout(open->phase);
	worker->kernel = workload->native;
	return workload->native->open(&setup, &worker->state, why);
}

/* READY for OPEN; 0, or a negative errno of the stream. */
static int answer_open(const struct worker *worker, int rc, const char *why)
{
	worker->progress->at = ANSWERING;
	rc = stream_ready(worker->channel, status_of(rc), why);
	worker->progress->at = IDLE;
	return rc;
}

/* The worker's life; never returns. It must not outlive the agent: a container or guest
 * that is shut down would wait for it. */
static _Noreturn void work(struct worker *worker, const struct proto_open *open)
{
	char why[PROTO_ERROR_MAX] = "";
	int rc;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	rc = open_kernel(open, worker, why);
	explain(rc, why);
	if (answer_open(worker, rc, why))
		_exit(WORKER_STREAM_ENDED);
	if (rc || !worker->kernel)
		_exit(WORKER_REFUSED);
	rc = answer_slices(worker);
	worker->kernel->close(worker->state);
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
	return status;
}

/* A worker that died: its reason, and the answer that the harness still waits for. 0: the
 * agent can go on; negative: the stream may hold half an answer and is of no more use. */
static int answer_for_dead(int channel, int status, const struct progress *progress,
			   char died[static PROTO_ERROR_MAX])
{
	if (WIFSIGNALED(status))
		(void)snprintf(died, PROTO_ERROR_MAX,
			       "the worker was killed by signal %d (%s)",
			       WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		(void)snprintf(died, PROTO_ERROR_MAX, "the worker ended with status 0x%x",
			       (unsigned)status);
	switch (progress->at) {
	case IDLE: /* the next message for it will be answered so (serve.c) */
		return 0;
	case OPENING:
		return stream_ready(channel, PROTO_FAILED, died);
	case IN_SLICE:
		return worker_missing(channel, progress->sequence, died);
	default:
		return -ECHILD;
	}
}

static int end_epoch(int channel, int status, const struct progress *progress,
		     char died[static PROTO_ERROR_MAX])
{
	if (status < 0)
		return status;
	if (!WIFEXITED(status))
		return answer_for_dead(channel, status, progress, died);
	switch (WEXITSTATUS(status)) {
	case WORKER_CLOSED:
		return stream_ready(channel, PROTO_OK, "");
	case WORKER_REFUSED:
		return 0;
	case WORKER_STREAM_ENDED:
		return 1;
	default:
		return answer_for_dead(channel, status, progress, died);
	}
}

int worker_missing(int channel, uint64_t sequence, const char *why)
{
	struct proto_result result = {.status = PROTO_FAILED, .sequence = sequence};

	(void)snprintf(result.error, sizeof(result.error), "%s", why);
	return stream_write(channel, PROTO_RESULT, &result, sizeof(result), NULL, 0);
}

static int run_worker(int channel, const struct proto_open *open,
		      volatile struct progress *progress,
		      char died[static PROTO_ERROR_MAX])
{
	struct worker worker = {.channel = channel, .progress = progress};
	struct progress last;
	int status;
	pid_t pid;

	progress->at = OPENING;
	pid = fork();
	if (pid == 0)
		work(&worker, open);
	if (pid < 0)
		return stream_ready(channel, PROTO_FAILED, strerror(errno));
	status = wait_for(pid);
	last = *progress;
	return end_epoch(channel, status, &last, died);
}

int worker_epoch(int channel, const struct proto_open *open,
		 char died[static PROTO_ERROR_MAX])
{
	struct progress *progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct proto_open copy = *open;
	int held[PHASE_MAX];
	uint32_t held_nr;
	int rc;

	if (progress == MAP_FAILED)
		return stream_ready(channel, PROTO_FAILED, strerror(errno));
	copy.workload[PROTO_NAME_MAX - 1] = '\0';
	held_nr = hold_phase(held, open->phase);
	rc = run_worker(channel, &copy, progress, died);
	for (uint32_t i = 0; i < held_nr; i++)
		(void)close(held[i]);
	(void)munmap(progress, sizeof(*progress));
	return rc;
}
