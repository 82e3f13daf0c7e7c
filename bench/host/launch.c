/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

#define AGENT_FD 3
#define REPORT_FD 4
#define PATH_ROOM 4096

/* What the children tell the parent: the agent's pid, when something was done, or what
 * failed. */
struct report {
	pid_t pid;
	struct launch_times times; /* 0: of the other child */
	int code;		   /* errno, 0: none */
	char step[256];
};

static _Noreturn void give_up(int report_fd, const char *step)
{
	struct report report = {.code = errno};

	(void)snprintf(report.step, sizeof(report.step), "%s", step);
	(void)!write(report_fd, &report, sizeof(report));
	_exit(127);
}

static void reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
}

static void join(const char *procs, int report_fd)
{
	int fd = open(procs, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "0", 1) != 1)
		give_up(report_fd, procs);
	(void)close(fd);
}

struct tree_mount {
	const char *source, *at, *type;
	unsigned long flags;
	const char *options;
};

static void mount_in_tree(const char *root, const struct tree_mount *what, int report_fd)
{
	char at[PATH_ROOM];

	(void)snprintf(at, sizeof(at), "%s%s", root, what->at);
	if (mount(what->source, at, what->type, what->flags, what->options))
		give_up(report_fd, what->at);
}

static void make_devices(const char *root, int report_fd)
{
	static const char *const names[] = {"null", "zero", "full", "random", "urandom"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char from[64], at[PATH_ROOM];
		int fd;

		(void)snprintf(from, sizeof(from), "/dev/%s", names[i]);
		(void)snprintf(at, sizeof(at), "%s/dev/%s", root, names[i]);
		fd = open(at, O_CREAT | O_CLOEXEC | O_WRONLY, 0666);
		if (fd < 0 || mount(from, at, NULL, MS_BIND, NULL))
			give_up(report_fd, from);
		(void)close(fd);
	}
}

/* The tree is shared by all and stays unmodified: read-only, with fresh places to write.
 */
static void enter_tree(const struct spec *spec, struct launch_times *times, int report_fd)
{
	static const struct tree_mount fresh[] = {
		{"tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=256m"},
		{"tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "size=16m"},
		{"tmpfs", "/dev", "tmpfs", MS_NOSUID, "size=1m"},
		{"proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
		{"sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
		 NULL},
	};
	const char *root = spec->image->root;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		give_up(report_fd, "mount namespace");
	times->namespace_ns = clock_now_ns();
	if (mount(root, root, NULL, MS_BIND, NULL) ||
	    mount(NULL, root, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL))
		give_up(report_fd, "tree");
	for (size_t i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++)
		mount_in_tree(root, &fresh[i], report_fd);
	make_devices(root, report_fd);
	if (spec->scratch)
		mount_in_tree(
			root,
			&(struct tree_mount){spec->scratch, "/data", NULL, MS_BIND, NULL},
			report_fd);
	if (chroot(root) || chdir("/"))
		give_up(report_fd, "chroot");
	times->tree_ns = clock_now_ns();
}

static void pin(const struct spec *spec, int report_fd)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (size_t i = 0; i < spec->cpu_nr; i++)
		CPU_SET(spec->cpus[i], &set);
	if (spec->cpu_nr && sched_setaffinity(0, sizeof(set), &set))
		give_up(report_fd, "CPU affinity");
}

static _Noreturn void be_agent(const struct spec *spec, pid_t parent, int channel,
			       int report_fd)
{
	char name[] = "agent", option[] = "--fd", fd_text[] = "3",
	     path[] = "PATH=/usr/bin", id[128];
	char *const argv[] = {name, option, fd_text, NULL};
	char *const environment[] = {path, id, NULL};
	struct report report = {.pid = 0};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		give_up(report_fd, "parent");
	(void)setsid();
	(void)snprintf(id, sizeof(id), LAUNCH_ID "%s", spec->id);
	pin(spec, report_fd);
	enter_tree(spec, &report.times, report_fd);
	(void)!write(report_fd, &report, sizeof(report));
	/* Out of the way of each other first. */
	channel = fcntl(channel, F_DUPFD, 10);
	report_fd = fcntl(report_fd, F_DUPFD, 10);
	if (dup2(channel, AGENT_FD) < 0 || dup3(report_fd, REPORT_FD, O_CLOEXEC) < 0)
		give_up(report_fd, "descriptors");
	(void)syscall(SYS_close_range, REPORT_FD + 1, ~0u, 0);
	for (int fd = 0; fd < AGENT_FD; fd++)
		(void)dup2(open("/dev/null", O_RDWR), fd);
	(void)syscall(SYS_close_range, REPORT_FD + 1, ~0u, 0);
	execve("/agent", argv, environment);
	give_up(REPORT_FD, "/agent");
}

/* Joins the groups, then makes the agent a second child of the same parent. */
static _Noreturn void be_starter(const struct launch *launch, pid_t parent, int channel,
				 int report_fd)
{
	struct report report = {0};
	long pid;

	reset_signals();
	for (size_t i = 0; i < launch->procs_nr; i++)
		join(launch->procs[i], report_fd);
	report.times.joined_ns = clock_now_ns();
	pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid < 0)
		give_up(report_fd, "clone");
	if (pid == 0)
		be_agent(launch->spec, parent, channel, report_fd);
	report.pid = (pid_t)pid;
	(void)!write(report_fd, &report, sizeof(report));
	_exit(0);
}

static const char *mend_of(const char *step)
{
	return strstr(step, "/cgroup.procs")
		       ? "; run as root, outside of containers that may not join groups"
		       : "";
}

static void take_report(const struct report *report, struct launched *ret)
{
	if (report->pid > 0) {
		ret->pid = report->pid;
		ret->times.joined_ns = report->times.joined_ns;
		return;
	}
	ret->times.namespace_ns = report->times.namespace_ns;
	ret->times.tree_ns = report->times.tree_ns;
}

/* Reads until the agent has exec'ed (the pipe closes) or something failed. */
static int read_reports(int fd, struct launched *ret, struct err *err)
{
	struct report report;
	ssize_t got;

	for (;;) {
		got = read(fd, &report, sizeof(report));
		if (got < 0 &&
		    errno == EINTR) /* Ctrl-C: they are waited for all the same */
			continue;
		if (got != (ssize_t)sizeof(report))
			break;
		report.step[sizeof(report.step) - 1] = '\0';
		if (report.code)
			(void)err_fail(err, report.code,
				       "cannot start the agent: %s: %s%s", report.step,
				       strerror(report.code), mend_of(report.step));
		else
			take_report(&report, ret);
	}
	if (!err->code && ret->pid <= 0)
		(void)err_fail(err, EIO, "cannot start the agent: its starter died");
	return -err->code;
}

static void wait_for(pid_t pid)
{
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int launch_agent(const struct launch *launch, struct launched *ret, struct err *err)
{
	int channel[2], report[2];
	struct launched launched = {.pid = -1, .channel = -1};
	pid_t starter, parent = getpid();
	int rc;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel))
		return err_fail(err, errno, "cannot make a channel: %m");
	cleanup(fd) int ours = channel[0];
	cleanup(fd) int theirs = channel[1];

	if (pipe2(report, O_CLOEXEC))
		return err_fail(err, errno, "cannot make a pipe: %m");
	cleanup(fd) int report_in = report[0];
	cleanup(fd) int report_out = report[1];

	starter = fork();
	if (starter < 0)
		return err_fail(err, errno, "cannot fork: %m");
	if (starter == 0)
		be_starter(launch, parent, theirs, report_out);
	(void)close(take_fd(&report_out));
	rc = read_reports(report_in, &launched, err);
	wait_for(starter);
	if (rc) {
		wait_for(launched.pid);
		return rc;
	}
	launched.times.executed_ns = clock_now_ns();
	launched.channel = take_fd(&ours);
	*ret = launched;
	return 0;
}

void launch_note(const struct launch_times *times, struct start *start)
{
	const struct {
		const char *name;
		uint64_t end_ns;
	} steps[] = {{"joining groups", times->joined_ns},
		     {"namespace", times->namespace_ns},
		     {"root file system", times->tree_ns},
		     {"exec", times->executed_ns}};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (start->phase_nr == START_PHASES_MAX)
			return;
		start->phases[start->phase_nr].name = steps[i].name;
		start->phases[start->phase_nr++].end_ns = steps[i].end_ns;
	}
}
