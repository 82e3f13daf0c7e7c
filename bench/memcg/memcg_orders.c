/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The other side of memcg_child: runs in the group, after fork and without exec.
 * Allocates nothing but what it is told to: whatever else it did would be charged as
 * well.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/memcg/memcg_child.h"
#include "bench/memcg/memcg_objects.h"

#define CHUNK_BYTES (64u << 10)
#define PIPE_BYTES (64u << 10) /* pipe(7): its capacity */
#define PIPES_MAX 400

struct state {
	unsigned char *memory;
	uint64_t bytes, page_bytes;
	uint64_t *trace;
	int counter;
	int pipes[PIPES_MAX][2];
	unsigned pipe_nr;
	bool has_network;
	int tcp[3]; /* listens, writes, does not read; 0: none */
	struct memcg_objects held;
	unsigned char chunk[CHUNK_BYTES];
};

static int map(struct state *state, const struct memcg_order *order)
{
	void *memory;

	if (state->memory)
		(void)munmap(state->memory, state->bytes);
	state->memory = NULL;
	if (!order->a)
		return 0;
	memory = mmap(NULL, order->a, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return errno;
	state->memory = memory;
	state->bytes = order->a;
	return 0;
}

static uint64_t read_counter(int fd)
{
	char text[32];
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	return strtoull(text, NULL, 10);
}

static int touch(struct state *state, const struct memcg_order *order, bool trace)
{
	if (!state->memory || order->b > state->bytes / state->page_bytes ||
	    order->a > state->bytes / state->page_bytes - order->b ||
	    (trace && order->b > MEMCG_TRACE_MAX))
		return EINVAL;
	for (uint64_t i = 0; i < order->b; i++) {
		state->memory[(order->a + i) * state->page_bytes]++;
		if (trace)
			state->trace[i] = read_counter(state->counter);
	}
	return 0;
}

static int run_on(const struct memcg_order *order)
{
	cpu_set_t set;

	if (order->a >= CPU_SETSIZE)
		return EINVAL;
	CPU_ZERO(&set);
	CPU_SET(order->a, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? errno : 0;
}

static int open_counter(struct state *state, const struct memcg_order *order)
{
	int fd = open(order->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	if (state->counter >= 0)
		(void)close(state->counter);
	state->counter = fd;
	(void)read_counter(fd); /* the kernel's buffer for it is charged now */
	return 0;
}

static int use_file(struct state *state, const struct memcg_order *order, bool write)
{
	int fd = open(order->path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	int code = fd < 0 ? errno : 0;

	/* without readahead: what is charged is what was asked for */
	if (!code)
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	for (uint64_t at = 0; !code && at < order->b; at += CHUNK_BYTES) {
		size_t part = order->b - at < CHUNK_BYTES ? (size_t)(order->b - at)
							  : CHUNK_BYTES;
		off_t from = (off_t)(order->a + at);

		if ((write ? pwrite(fd, state->chunk, part, from)
			   : pread(fd, state->chunk, part, from)) < 0)
			code = errno;
	}
	if (fd >= 0)
		(void)close(fd);
	return code;
}

static int make_files(const struct memcg_order *order)
{
	int dir = open(order->path, O_DIRECTORY | O_PATH | O_CLOEXEC), code = 0;
	char name[24];

	if (dir < 0)
		return errno;
	for (uint64_t i = 0; !code && i < order->a; i++) {
		int fd;

		(void)snprintf(name, sizeof(name), "f%llu", (unsigned long long)i);
		fd = openat(dir, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		code = fd < 0 ? errno : 0;
		if (fd >= 0)
			(void)close(fd);
	}
	(void)close(dir);
	return code;
}

static void close_pipes(struct state *state)
{
	for (unsigned i = 0; i < state->pipe_nr; i++) {
		(void)close(state->pipes[i][0]);
		(void)close(state->pipes[i][1]);
	}
	state->pipe_nr = 0;
}

static int fill_pipes(struct state *state, const struct memcg_order *order)
{
	close_pipes(state);
	if (order->a > PIPES_MAX)
		return EINVAL;
	for (uint64_t i = 0; i < order->a; i++) {
		if (pipe2(state->pipes[i], O_CLOEXEC | O_NONBLOCK))
			return errno;
		state->pipe_nr++;
		for (uint64_t put = 0; put < PIPE_BYTES; put += CHUNK_BYTES)
			if (write(state->pipes[i][1], state->chunk, CHUNK_BYTES) < 0)
				return errno;
	}
	return 0;
}

/* Its own network: the loopback is there and up, and nobody else is on it. */
static int make_network(void)
{
	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int code = 0, fd;

	if (unshare(CLONE_NEWNET))
		return errno;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback))
		code = errno;
	if (fd >= 0)
		(void)close(fd);
	return code;
}

static int connect_self(struct state *state)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);

	state->tcp[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	state->tcp[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (state->tcp[0] < 0 || state->tcp[1] < 0 ||
	    bind(state->tcp[0], (struct sockaddr *)&at, size) ||
	    listen(state->tcp[0], 1) ||
	    getsockname(state->tcp[0], (struct sockaddr *)&at, &size) ||
	    connect(state->tcp[1], (struct sockaddr *)&at, size))
		return errno;
	state->tcp[2] = accept4(state->tcp[0], NULL, NULL, SOCK_CLOEXEC);
	return state->tcp[2] < 0 ? errno : 0;
}

static void close_tcp(struct state *state)
{
	for (int i = 0; i < 3; i++) {
		if (state->tcp[i] > 0)
			(void)close(state->tcp[i]);
		state->tcp[i] = 0;
	}
}

/* Until the connection takes no more for a while: what lies in its two buffers. */
static int fill_tcp(struct state *state, const struct memcg_order *order, uint64_t *ret)
{
	int code, idle = 0;

	close_tcp(state);
	if (!order->a)
		return 0;
	code = state->has_network ? 0 : make_network();
	state->has_network = !code;
	if (!code)
		code = connect_self(state);
	while (!code && *ret < order->a && idle < 20) {
		ssize_t put = send(state->tcp[1], state->chunk, CHUNK_BYTES,
				   MSG_DONTWAIT | MSG_NOSIGNAL);

		if (put > 0) {
			*ret += (uint64_t)put;
			idle = 0;
		} else {
			(void)usleep(10000);
			idle++;
		}
	}
	return code;
}

static int obey(struct state *state, const struct memcg_order *order, uint64_t *ret)
{
	switch (order->what) {
	case MEMCG_MAP:
		return map(state, order);
	case MEMCG_TOUCH:
		return touch(state, order, false);
	case MEMCG_TOUCH_TRACE:
		return touch(state, order, true);
	case MEMCG_CPU:
		return run_on(order);
	case MEMCG_COUNTER:
		return open_counter(state, order);
	case MEMCG_READ:
		return use_file(state, order, false);
	case MEMCG_WRITE:
		return use_file(state, order, true);
	case MEMCG_MAKE_FILES:
		return make_files(order);
	case MEMCG_PIPES:
		return fill_pipes(state, order);
	case MEMCG_TCP:
		return fill_tcp(state, order, ret);
	case MEMCG_HOLD:
		return memcg_objects_hold(&state->held, order->a, order->b, ret);
	case MEMCG_REPEAT:
		return memcg_objects_repeat(order->a, order->b, ret);
	}
	return EINVAL;
}

_Noreturn void memcg_orders_serve(int fd, uint64_t *trace, uint64_t page_bytes)
{
	/* all of it is written here: charged before anything counts */
	struct state state = {.counter = -1, .trace = trace, .page_bytes = page_bytes};
	struct memcg_order order;
	struct memcg_reply reply = {.value = (uint64_t)getpid()};

	(void)memset(state.chunk, 1, sizeof(state.chunk));
	do {
		if (send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) < 0)
			_exit(0);
		if (recv(fd, &order, sizeof(order), 0) != (ssize_t)sizeof(order))
			_exit(0);
		reply.value = 0;
		reply.code = obey(&state, &order, &reply.value);
	} while (true);
}
