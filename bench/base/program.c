/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

#define TIMEOUT_MS 60000

extern char **environ;

CLEANUP_DEFINE(actions, posix_spawn_file_actions_t *,
	       (void)posix_spawn_file_actions_destroy)

static int describe(posix_spawn_file_actions_t *actions, const struct program *program,
		    int input, int errors)
{
	int rc = posix_spawn_file_actions_adddup2(actions, input, 0);

	if (!rc)
		rc = posix_spawn_file_actions_addopen(
			actions, 1, program->output ? program->output : "/dev/null",
			O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (!rc)
		rc = posix_spawn_file_actions_adddup2(actions, errors, 2);
	/* Last: a relative output is meant from here. */
	if (!rc && program->dir)
		rc = posix_spawn_file_actions_addchdir_np(actions, program->dir);
	return rc;
}

static int start(const struct program *program, int input, int errors, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	cleanup(actions) posix_spawn_file_actions_t *guard = NULL;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return rc;
	guard = &actions;
	rc = describe(guard, program, input, errors);
	/* posix_spawn wants char *const and promises not to write. */
	return rc ? rc
		  : posix_spawnp(ret, program->argv[0], guard, NULL,
				 (char *const *)(uintptr_t)program->argv, environ);
}

/* The text as a file that stands at its beginning; negative: not to be had. */
static int text_file(const char *text)
{
	cleanup(fd) int fd = memfd_create("input", MFD_CLOEXEC);
	size_t left = text ? strlen(text) : 0;

	while (fd >= 0 && left) {
		ssize_t put = write(fd, text, left);

		if (put <= 0)
			return -1;
		text += put;
		left -= (size_t)put;
	}
	if (fd < 0 || lseek(fd, 0, SEEK_SET))
		return -1;
	return take_fd(&fd);
}

static int wait_end(pid_t pid)
{
	cleanup(fd) int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd ended = {.fd = pidfd, .events = POLLIN};
	int status = 0;

	if (pidfd >= 0 && poll(&ended, 1, TIMEOUT_MS) == 0)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* The last bytes of what it complained, on one line. */
static void read_complaint(int errors, char *to, size_t size)
{
	off_t end = lseek(errors, 0, SEEK_END);
	off_t from = end > (off_t)size - 1 ? end - (off_t)size + 1 : 0;
	ssize_t got = pread(errors, to, size - 1, from);

	to[got > 0 ? got : 0] = '\0';
	for (char *c = to; *c; c++)
		if (*c == '\n')
			*c = ' ';
}

int program_run(const struct program *program, struct err *err)
{
	cleanup(fd) int errors = memfd_create("errors", MFD_CLOEXEC);
	cleanup(fd) int input = text_file(program->input);
	const char *name = program->argv[0];
	char complaint[200];
	pid_t pid;
	int rc, status;

	if (errors < 0 || input < 0)
		return err_fail(err, errno, "cannot start '%s': %m", name);
	rc = start(program, input, errors, &pid);
	if (rc)
		return err_fail(err, rc, "cannot start '%s': %s; run scripts/setup", name,
				strerror(rc));
	status = wait_end(pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	read_complaint(errors, complaint, sizeof(complaint));
	return err_fail(err, EIO, "'%s' failed: %s", name, complaint);
}
