/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/workload/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "bench/agent/proto.h"

#define THREADS_MAX 1024
#define DISK_FOLDER "/data" /* of the disk under test, where a platform has one */

struct member {
	struct team *team;
	pthread_t thread;
	void *part;
	uint64_t checksum;
	int rc;
	char why[PROTO_ERROR_MAX];
};

struct team {
	const struct kernel_part *kind;
	pthread_mutex_t gate; /* held until every thread has been created */
	pthread_barrier_t begin, end;
	uint64_t ops;
	bool leaving;
	cpu_set_t allowed;    /* the caller's CPUs, restored at the end */
	uint32_t nr, started; /* threads beside the caller: started - 1 */
	struct member members[];
};

int kernel_fail(int code, char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, PROTO_ERROR_MAX, format, args);
	va_end(args);
	return -code;
}

int kernel_single(const struct workload_setup *setup, char *why)
{
	if (setup->threads <= 1)
		return 0;
	return kernel_fail(EOPNOTSUPP, why, "this workload runs in one thread only");
}

/* Memory is no disk: nothing in it can be dropped and read again. */
static int check_disk(int fd, char *why)
{
	struct statfs disk;

	if (!fstatfs(fd, &disk) && disk.f_type != TMPFS_MAGIC &&
	    disk.f_type != RAMFS_MAGIC)
		return 0;
	return kernel_fail(EOPNOTSUPP, why,
			   "no file on a disk of the host: '" DISK_FOLDER
			   "' is in memory here");
}

int kernel_disk_file(int *fd, char *why)
{
	*fd = open(DISK_FOLDER, O_TMPFILE | O_CLOEXEC | O_RDWR, 0600);
	if (*fd >= 0)
		return check_disk(*fd, why);
	return kernel_fail(EOPNOTSUPP, why,
			   "no file on a disk of the host: cannot make one "
			   "in '" DISK_FOLDER "': %s",
			   strerror(errno));
}

static void do_part(struct member *member)
{
	const struct team *team = member->team;

	member->checksum = 0;
	member->rc =
		team->kind->run(member->part, team->ops, &member->checksum, member->why);
}

static void *help(void *argument)
{
	struct member *member = argument;
	struct team *team = member->team;

	(void)pthread_mutex_lock(&team->gate);
	(void)pthread_mutex_unlock(&team->gate);
	if (team->started < team->nr)
		return NULL; /* incomplete: nobody will come to the barrier */
	for (;;) {
		(void)pthread_barrier_wait(&team->begin);
		if (team->leaving)
			return NULL;
		do_part(member);
		(void)pthread_barrier_wait(&team->end);
	}
}

static struct team *team_new(const struct kernel_part *kind, uint32_t nr)
{
	struct team *team = calloc(1, sizeof(*team) + nr * sizeof(team->members[0]));

	if (!team)
		return NULL;
	team->kind = kind;
	team->nr = nr;
	/* cannot fail on a set of this size unless there are more CPUs than it holds */
	if (sched_getaffinity(0, sizeof(team->allowed), &team->allowed))
		CPU_SET(0, &team->allowed);
	(void)pthread_mutex_init(&team->gate, NULL);
	(void)pthread_barrier_init(&team->begin, NULL, nr);
	(void)pthread_barrier_init(&team->end, NULL, nr);
	return team;
}

static int open_parts(struct team *team, const struct workload_setup *setup, char *why)
{
	int rc = 0;

	for (uint32_t i = 0; !rc && i < team->nr; i++) {
		team->members[i].team = team;
		rc = team->kind->open(setup, i, &team->members[i].part, why);
	}
	return rc;
}

/* Each thread gets a CPU of its own while there are any: the scheduler would wake all of
 * them on the caller's, and a slice ends before it moves them. */
static int spread(const struct team *team, char *why)
{
	int cpu = -1, rc = 0;

	for (uint32_t i = 0; !rc && i < team->nr; i++) {
		cpu_set_t one;

		do
			cpu = (cpu + 1) % CPU_SETSIZE;
		while (!CPU_ISSET(cpu, &team->allowed));
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		rc = pthread_setaffinity_np(i ? team->members[i].thread : pthread_self(),
					    sizeof(one), &one);
	}
	return rc ? kernel_fail(rc, why, "cannot spread threads: %s", strerror(rc)) : 0;
}

static int start_threads(struct team *team, char *why)
{
	int rc = 0;

	(void)pthread_mutex_lock(&team->gate);
	for (team->started = 1; team->started < team->nr; team->started++) {
		struct member *member = &team->members[team->started];

		rc = pthread_create(&member->thread, NULL, help, member);
		if (rc)
			break;
	}
	(void)pthread_mutex_unlock(&team->gate);
	return rc ? kernel_fail(rc, why, "cannot start a thread: %s", strerror(rc)) : 0;
}

int kernel_team_open(const struct kernel_part *kind, const struct workload_setup *setup,
		     void **ret, char *why)
{
	uint32_t nr = setup->threads ? setup->threads : 1;
	struct team *team;
	int rc;

	if (nr > THREADS_MAX)
		return kernel_fail(EINVAL, why, "%u threads are too many", nr);
	team = team_new(kind, nr);
	if (!team)
		return kernel_fail(ENOMEM, why, "no memory for %u threads", nr);
	rc = open_parts(team, setup, why);
	if (!rc)
		rc = start_threads(team, why);
	if (!rc && nr > 1)
		rc = spread(team, why);
	if (rc)
		kernel_team_close(team);
	else
		*ret = team;
	return rc;
}

int kernel_team_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct team *team = state;
	int rc = 0;

	team->ops = ops;
	if (team->nr > 1)
		(void)pthread_barrier_wait(&team->begin);
	do_part(&team->members[0]);
	if (team->nr > 1)
		(void)pthread_barrier_wait(&team->end);
	for (uint32_t i = 0; i < team->nr; i++) {
		*checksum += team->members[i].checksum;
		if (!rc && team->members[i].rc) {
			rc = team->members[i].rc;
			memcpy(why, team->members[i].why, PROTO_ERROR_MAX);
		}
	}
	return rc;
}

void kernel_team_close(void *state)
{
	struct team *team = state;

	if (!team)
		return;
	team->leaving = true;
	if (team->nr > 1 && team->started == team->nr)
		(void)pthread_barrier_wait(&team->begin);
	for (uint32_t i = 1; i < team->started; i++)
		(void)pthread_join(team->members[i].thread, NULL);
	if (team->nr > 1)
		(void)sched_setaffinity(0, sizeof(team->allowed), &team->allowed);
	for (uint32_t i = 0; i < team->nr; i++)
		team->kind->close(team->members[i].part);
	(void)pthread_barrier_destroy(&team->begin);
	(void)pthread_barrier_destroy(&team->end);
	(void)pthread_mutex_destroy(&team->gate);
	free(team);
}
