/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs fio: its output goes to the harness, the last line of its errors with it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/agent/agent.h"
#include "bench/agent/stream.h"

#define WORDS_MAX 64
#define INBLOCK_BYTES 512u /* unit of ru_inblock and ru_oublock, always */

struct pipes {
	int out[2], errors[2];
};

struct capture {
	char *output;
	size_t length;
	uint32_t truncated;
	char tail[1024]; /* the end of standard error */
	size_t tail_length;
};

extern char **environ;

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int split(char *words, size_t length, char **argv)
{
	size_t nr = 0;

	for (size_t at = 0; at < length; at += strlen(words + at) + 1) {
		if (nr == WORDS_MAX)
			return -E2BIG;
		argv[nr++] = words + at;
	}
	argv[nr] = NULL;
	return nr ? 0 : -EINVAL;
}

static int spawn(char **argv, const struct pipes *pipes, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return -rc;
	(void)posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, pipes->out[1], 1);
	(void)posix_spawn_file_actions_adddup2(&actions, pipes->errors[1], 2);
	rc = posix_spawn(pid, argv[0], &actions, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -rc;
}

static void keep_output(struct capture *capture, const char *data, size_t length)
{
	size_t room = PROTO_OUTPUT_MAX - capture->length;
	size_t part = length < room ? length : room;

	memcpy(capture->output + capture->length, data, part);
	capture->length += part;
	capture->truncated |= part < length;
}

static void keep_tail(struct capture *capture, const char *data, size_t length)
{
	size_t size = sizeof(capture->tail) - 1, keep;

	if (length >= size) {
		memcpy(capture->tail, data + length - size, size);
		capture->tail_length = size;
		return;
	}
	keep = capture->tail_length < size - length ? capture->tail_length
						    : size - length;
	memmove(capture->tail, capture->tail + capture->tail_length - keep, keep);
	memcpy(capture->tail + keep, data, length);
	capture->tail_length = keep + length;
}

/* Both pipes until both have ended; without a harness there is nothing to run for. */
static void collect(const struct pipes *pipes, int channel, pid_t pid,
		    struct capture *capture)
{
	struct pollfd polled[3] = {{.fd = pipes->out[0], .events = POLLIN},
				   {.fd = pipes->errors[0], .events = POLLIN},
				   {.fd = channel, .events = POLLRDHUP}};

	while (polled[0].fd >= 0 || polled[1].fd >= 0) {
		if (poll(polled, 3, -1) < 0 && errno != EINTR)
			return;
		if (polled[2].revents) {
			(void)kill(pid, SIGKILL);
			polled[2].fd = -1;
		}
		for (int i = 0; i < 2; i++) {
			char buffer[4096];
			ssize_t got;

			if (polled[i].fd < 0 || !polled[i].revents)
				continue;
			got = read(polled[i].fd, buffer, sizeof(buffer));
			if (got <= 0)
				polled[i].fd = -1;
			else if (i == 0)
				keep_output(capture, buffer, (size_t)got);
			else
				keep_tail(capture, buffer, (size_t)got);
		}
	}
}

/* Whatever bytes a program complains with. */
static void last_line(const struct capture *capture, char to[static PROTO_ERROR_MAX])
{
	const char *tail = capture->tail, *newline;
	size_t end = capture->tail_length, from = 0;

	while (end && tail[end - 1] == '\n')
		end--;
	newline = end ? memrchr(tail, '\n', end) : NULL;
	if (newline)
		from = (size_t)(newline + 1 - tail);
	(void)snprintf(to, PROTO_ERROR_MAX, "%.*s", (int)(end - from), tail + from);
}

static void finish(pid_t pid, const struct capture *capture, struct proto_ran *ran)
{
	struct rusage usage = {0};
	int status = 0;

	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	ran->wall_ns = now_ns() - ran->begin_ns;
	ran->cpu_ns =
		((uint64_t)usage.ru_utime.tv_sec + (uint64_t)usage.ru_stime.tv_sec) *
			1000000000u +
		((uint64_t)usage.ru_utime.tv_usec + (uint64_t)usage.ru_stime.tv_usec) *
			1000u;
	ran->read_bytes = (uint64_t)usage.ru_inblock * INBLOCK_BYTES;
	ran->write_bytes = (uint64_t)usage.ru_oublock * INBLOCK_BYTES;
	ran->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	ran->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	ran->truncated = capture->truncated;
	if (ran->exit_code)
		last_line(capture, ran->error);
}

static int open_pipes(struct pipes *pipes)
{
	if (pipe2(pipes->out, O_CLOEXEC))
		return -errno;
	if (pipe2(pipes->errors, O_CLOEXEC)) {
		int rc = -errno;

		(void)close(pipes->out[0]);
		(void)close(pipes->out[1]);
		return rc;
	}
	return 0;
}

static void run_captured(int channel, char **argv, struct capture *capture,
			 struct proto_ran *ran)
{
	struct pipes pipes;
	pid_t pid = -1;
	int rc = open_pipes(&pipes);

	ran->begin_ns = now_ns();
	if (!rc) {
		rc = spawn(argv, &pipes, &pid);
		(void)close(pipes.out[1]);
		(void)close(pipes.errors[1]);
		if (!rc) {
			collect(&pipes, channel, pid, capture);
			finish(pid, capture, ran);
		}
		(void)close(pipes.out[0]);
		(void)close(pipes.errors[0]);
	}
	if (rc) {
		ran->status = PROTO_FAILED;
		(void)snprintf(ran->error, sizeof(ran->error), "cannot run '%.80s': %s",
			       argv[0], strerror(-rc));
	}
}

int run_program(int channel, char *words, size_t length)
{
	struct capture capture = {.output = malloc(PROTO_OUTPUT_MAX)};
	struct proto_ran ran = {.status = PROTO_OK};
	char *argv[WORDS_MAX + 1];
	int rc = capture.output ? split(words, length, argv) : -ENOMEM;

	if (rc) {
		ran.status = PROTO_FAILED;
		(void)snprintf(ran.error, sizeof(ran.error), "%s", strerror(-rc));
	} else {
		run_captured(channel, argv, &capture, &ran);
	}
	rc = stream_write(channel, PROTO_RAN, &ran, sizeof(ran), capture.output,
			  capture.length);
	free(capture.output);
	return rc;
}
