/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "topology.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"

#define DRAW_TIMEOUT_MS 20000

extern char **environ;

CLEANUP_DEFINE(actions, posix_spawn_file_actions_t *,
	       (void)posix_spawn_file_actions_destroy)

/* hwloc's own drawing program under the names it is installed as */
static const char *const drawers[] = {"lstopo-no-graphics", "lstopo"};

static int text_fd(const char *text, int *ret, struct err *err)
{
	cleanup(fd) int fd = memfd_create("topology", MFD_CLOEXEC);
	size_t left = strlen(text);

	if (fd < 0)
		return err_fail(err, errno, "cannot keep the topology's XML: %s",
				strerror(errno));
	while (left) {
		ssize_t wrote = write(fd, text, left);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return err_fail(err, errno, "cannot keep the topology's XML: %s",
					strerror(errno));
		text += wrote;
		left -= (size_t)wrote;
	}
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_fail(err, errno, "cannot rewind the topology's XML");
	*ret = take_fd(&fd);
	return 0;
}

/* The legend would name the host.
 * Returns 0 or an errno, as posix_spawn does; ENOENT: no such program. */
static int spawn_drawer(const char *program, int input, const char *file, pid_t *ret)
{
	const char *const argv[] = {program,	   "--if", "xml",	"-i",
				    "-",	   "--of", "nativesvg", "--force",
				    "--no-legend", file,   NULL};
	posix_spawn_file_actions_t actions;
	cleanup(actions) posix_spawn_file_actions_t *initialized = NULL;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return rc;
	initialized = &actions;
	rc = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (!rc)
		rc = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
						      "/dev/null", O_WRONLY, 0);
	if (!rc)
		rc = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO,
						      STDERR_FILENO);
	if (rc)
		return rc;
	/* posix_spawn wants char *const, and promises not to write */
	return posix_spawnp(ret, program, &actions, NULL, (char *const *)(uintptr_t)argv,
			    environ);
}

/* Waits with a deadline; returns whether the program ended well. */
static bool ended_well(pid_t pid)
{
	cleanup(fd) int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd wait = {.fd = pidfd, .events = POLLIN};
	int status;

	if (pidfd >= 0 && poll(&wait, 1, DRAW_TIMEOUT_MS) == 0)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int find_and_spawn(int input, const char *file, pid_t *ret, struct err *err)
{
	for (size_t i = 0; i < sizeof(drawers) / sizeof(drawers[0]); i++) {
		int rc = spawn_drawer(drawers[i], input, file, ret);

		if (!rc)
			return 0;
		if (rc != ENOENT && rc != EACCES)
			return err_fail(err, rc, "cannot start '%s': %s", drawers[i],
					strerror(rc));
	}
	return err_fail(err, ENOTSUP,
			"no lstopo here to draw the topology; install "
			"'hwloc-nox'");
}

/* hwloc 2.9 writes viewBox='0 0 322px 286px'; units are not allowed there, and some
 * renderers then show nothing.  Blanks in their place keep the file's length. */
static int mend_view_box(const char *file, struct err *err)
{
	cleanup(fd) int fd = open(file, O_RDWR | O_CLOEXEC);
	char head[1024];
	ssize_t got = fd < 0 ? -1 : pread(fd, head, sizeof(head) - 1, 0);
	char *box;

	if (got < 0)
		return err_fail(err, errno, "cannot read '%s': %s", file,
				strerror(errno));
	head[got] = '\0';
	box = strstr(head, "viewBox='");
	if (!box)
		return 0;
	for (box += strlen("viewBox='"); *box && *box != '\''; box++)
		if (*box == 'p' || *box == 'x')
			*box = ' ';
	if (pwrite(fd, head, (size_t)got, 0) != got)
		return err_fail(err, EIO, "cannot write '%s'", file);
	return 0;
}

int topology_svg(const char *xml, const char *file, struct err *err)
{
	cleanup(fd) int input = -1;
	pid_t pid;
	int rc = text_fd(xml, &input, err);

	(void)unlink(file);
	if (!rc)
		rc = find_and_spawn(input, file, &pid, err);
	if (rc)
		return rc;
	/* its exit status alone does not prove a picture */
	if (!ended_well(pid) || access(file, F_OK))
		return err_fail(err, EIO, "lstopo could not draw the topology into '%s'",
				file);
	return mend_view_box(file, err);
}
