/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../agent/proto.h"

struct helper {
	struct kernel_pool *pool;
	pthread_t thread;
	void *state;
	uint64_t checksum;
	int rc;
	char why[PROTO_ERROR_MAX];
};

struct kernel_pool {
	pthread_barrier_t begin, end; /* all threads and the caller */
	kernel_run *run;
	uint64_t ops;
	bool leaving;
	uint32_t nr;
	struct helper helpers[];
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

static void do_work(struct helper *helper)
{
	helper->checksum = 0;
	helper->rc = helper->pool->run(helper->state, helper->pool->ops,
				       &helper->checksum, helper->why);
}

static void *help(void *argument)
{
	struct helper *helper = argument;
	struct kernel_pool *pool = helper->pool;

	for (;;) {
		(void)pthread_barrier_wait(&pool->begin);
		if (pool->leaving)
			return NULL;
		do_work(helper);
		(void)pthread_barrier_wait(&pool->end);
	}
}

/* The caller is thread 0; the others wait at the barrier. */
int kernel_pool_open(void **states, uint32_t nr, kernel_run *run,
		     struct kernel_pool **ret, char *why)
{
	struct kernel_pool *pool =
		calloc(1, sizeof(*pool) + nr * sizeof(pool->helpers[0]));

	if (!pool)
		return kernel_fail(ENOMEM, why, "no memory for threads");
	pool->run = run;
	pool->nr = nr;
	(void)pthread_barrier_init(&pool->begin, NULL, nr);
	(void)pthread_barrier_init(&pool->end, NULL, nr);
	for (uint32_t i = 0; i < nr; i++) {
		struct helper *helper = &pool->helpers[i];

		helper->pool = pool;
		helper->state = states[i];
		/* A pool that lacks a thread would wait for ever: the worker ends. */
		if (i && pthread_create(&helper->thread, NULL, help, helper))
			return kernel_fail(EAGAIN, why, "cannot start a thread");
	}
	*ret = pool;
	return 0;
}

int kernel_pool_run(struct kernel_pool *pool, uint64_t ops, uint64_t *checksum, char *why)
{
	int rc = 0;

	pool->ops = ops;
	if (pool->nr > 1)
		(void)pthread_barrier_wait(&pool->begin);
	do_work(&pool->helpers[0]);
	if (pool->nr > 1)
		(void)pthread_barrier_wait(&pool->end);
	for (uint32_t i = 0; i < pool->nr; i++) {
		*checksum += pool->helpers[i].checksum;
		if (!rc && pool->helpers[i].rc) {
			rc = pool->helpers[i].rc;
			memcpy(why, pool->helpers[i].why, PROTO_ERROR_MAX);
		}
	}
	return rc;
}

void kernel_pool_close(struct kernel_pool *pool)
{
	if (!pool)
		return;
	pool->leaving = true;
	if (pool->nr > 1)
		(void)pthread_barrier_wait(&pool->begin);
	for (uint32_t i = 1; i < pool->nr; i++)
		(void)pthread_join(pool->helpers[i].thread, NULL);
	(void)pthread_barrier_destroy(&pool->begin);
	(void)pthread_barrier_destroy(&pool->end);
	free(pool);
}
