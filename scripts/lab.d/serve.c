/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's end of a lab that stays up. */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"

#define IDLE_US 20000

struct job {
	int port, out, err; /* out, err: -1 once they have ended */
	pid_t pid;
};

/* All of it, or false: whoever asked has gone. */
static bool read_all(int fd, void *to, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(fd, (char *)to + done, size - done);

		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static bool write_all(int fd, const void *from, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t put = write(fd, (const char *)from + done, size - done);

		if (put <= 0)
			return false;
		done += (size_t)put;
	}
	return true;
}

static bool send_frame(int port, enum frame_type type, uint32_t length, const void *data)
{
	struct frame frame = {type, length};

	return write_all(port, &frame, sizeof(frame)) &&
	       (!data || write_all(port, data, length));
}

/* Passes on what is there, at most a frame of it. False: nobody listens any more. */
static bool pass_on(struct job *job, int *from, enum frame_type type)
{
	char data[FRAME_ROOM];
	ssize_t got = read(*from, data, sizeof(data));

	if (got > 0)
		return send_frame(job->port, type, (uint32_t)got, data);
	if (got < 0 && errno == EAGAIN)
		return true;
	(void)close(*from);
	*from = -1;
	return true;
}

/* Process 1 is everybody's heir. */
int wait_for(int child)
{
	int status = 0;

	for (pid_t got; (got = wait(&status)) != child;)
		if (got < 0 && errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Not waited for: its status is still to be had. */
static bool has_ended(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid == pid;
}

/* Until the command ends, whatever it leaves in the background; false: nobody listens. */
static bool follow(struct job *job)
{
	bool ended = false;

	while (!ended) {
		struct pollfd wait[] = {{.fd = job->out, .events = POLLIN},
					{.fd = job->err, .events = POLLIN},
					{.fd = job->port}};

		ended = has_ended(job->pid); /* asked before the last look */
		(void)poll(wait, 3, ended ? 0 : 50);
		if (wait[2].revents & POLLHUP)
			return false;
		if ((wait[0].revents && !pass_on(job, &job->out, FRAME_OUT)) ||
		    (wait[1].revents && !pass_on(job, &job->err, FRAME_ERR)))
			return false;
		if (wait[0].revents & POLLIN || wait[1].revents & POLLIN)
			ended = false;
	}
	return true;
}

static void answer(int port, const char *command,
		   void (*run)(const char *command, int out, int err))
{
	struct job job = {.port = port};
	int out[2], err[2], status;
	bool heard;

	if (pipe2(out, O_CLOEXEC | O_NONBLOCK) || pipe2(err, O_CLOEXEC | O_NONBLOCK))
		return;
	(void)fcntl(out[1], F_SETFL, 0);
	(void)fcntl(err[1], F_SETFL, 0);
	job.pid = fork();
	if (job.pid == 0)
		run(command, out[1], err[1]);
	(void)close(out[1]);
	(void)close(err[1]);
	job.out = out[0];
	job.err = err[0];
	heard = follow(&job);
	if (!heard) /* run() has made it a session of its own */
		(void)kill(-job.pid, SIGKILL);
	status = wait_for(job.pid);
	if (heard)
		(void)send_frame(port, FRAME_END, (uint32_t)status, NULL);
	(void)close(job.out);
	(void)close(job.err);
}

void serve(int port, void (*run)(const char *command, int out, int err))
{
	static char command[COMMAND_ROOM];
	struct request request;

	for (;;) {
		if (!read_all(port, &request, sizeof(request)) ||
		    request.magic != REQUEST_MAGIC || request.length >= sizeof(command) ||
		    !read_all(port, command, request.length)) {
			(void)usleep(IDLE_US);
			continue;
		}
		command[request.length] = '\0';
		(void)send_frame(port, FRAME_BEGIN, request.nonce, NULL);
		if (!request.length) {
			(void)send_frame(port, FRAME_END, 0, NULL);
			return;
		}
		answer(port, command, run);
	}
}
