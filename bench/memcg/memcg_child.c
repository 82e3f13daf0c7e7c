/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/clock.h"

#define ORDER_TIMEOUT_NS (60 * NS_PER_S) /* the lab is slow */
#define POLL_MS 100			 /* how soon a stop is seen */
#define TRACE_BYTES (MEMCG_TRACE_MAX * sizeof(uint64_t))
#define CHILD_FD 3
/* SIGKILL goes to it first, here and in the whole machine. */
#define OOM_SCORE "500"

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t put = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		(void)close(fd);
	return put < 0 ? -1 : 0;
}

static _Noreturn void give_up(int fd)
{
	struct memcg_reply reply = {.code = errno ? errno : EIO};

	(void)!write(fd, &reply, sizeof(reply));
	_exit(127);
}

static void reset_signals(void)
{
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	/* Ctrl-C is the harness's to hear: it ends us in its order */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
}

static _Noreturn void be_child(int fd, pid_t parent, uint64_t *trace, uint64_t page_bytes)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		give_up(fd);
	if (put("/proc/self/oom_score_adj", OOM_SCORE) ||
	    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		give_up(fd);
	if (fd != CHILD_FD && dup2(fd, CHILD_FD) < 0)
		give_up(fd);
	(void)syscall(SYS_close_range, CHILD_FD + 1, ~0u, 0);
	memcg_orders_serve(CHILD_FD, trace, page_bytes);
}

/* Joins, then makes another child of the same parent: its task and its page tables are
 * charged to the group then. */
static _Noreturn void be_starter(const char *procs, int fd, pid_t parent, uint64_t *trace,
				 uint64_t page_bytes)
{
	long pid;

	reset_signals();
	if (put(procs, "0"))
		give_up(fd);
	pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid < 0)
		give_up(fd);
	if (pid == 0)
		be_child(fd, parent, trace, page_bytes);
	_exit(0);
}

/* The first answer: 0 with its pid. */
static int hear_hello(struct memcg_child *child, struct err *err)
{
	uint64_t pid = 0;
	int rc = memcg_child_await(child, ORDER_TIMEOUT_NS, &pid, err);

	if (rc)
		return err_because(err, "cannot start a process in a group");
	child->pid = (pid_t)pid;
	return 0;
}

static void wait_for(pid_t pid, int *status)
{
	while (pid > 0 && waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
}

static int start(const struct memcg_group *group, struct memcg_child *child, int theirs,
		 struct err *err)
{
	char procs[512];
	pid_t parent = getpid();

	memcg_group_path(group, "cgroup.procs", procs, sizeof(procs));
	child->starter = fork();
	if (child->starter < 0)
		return err_fail(err, errno, "cannot fork: %m");
	if (child->starter == 0)
		be_starter(procs, theirs, parent, child->trace,
			   group->context->page_bytes);
	return 0;
}

int memcg_child_start(const struct memcg_group *group, struct memcg_child *ret,
		      struct err *err)
{
	cleanup(memcg_child) struct memcg_child child = {.fd = -1,
							 .stop = group->context->stop};
	cleanup(fd) int theirs = -1;
	int ends[2], rc;
	void *trace = mmap(NULL, TRACE_BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (trace == MAP_FAILED)
		return err_fail(err, errno, "no memory for a trace: %m");
	child.trace = trace;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return err_fail(err, errno, "cannot make a channel: %m");
	child.fd = ends[0];
	theirs = ends[1];
	rc = start(group, &child, theirs, err);
	(void)close(take_fd(&theirs));
	if (!rc)
		rc = hear_hello(&child, err);
	if (rc)
		return rc;
	*ret = child;
	child = (struct memcg_child){.fd = -1};
	return 0;
}

int memcg_child_send(struct memcg_child *child, const struct memcg_order *order,
		     struct err *err)
{
	if (send(child->fd, order, sizeof(*order), MSG_NOSIGNAL) ==
	    (ssize_t)sizeof(*order))
		return 0;
	child->killed = true;
	return err_fail(err, ECHILD, "the process in the group is gone");
}

/* 1: readable, 0: not in time, -EINTR */
static int wait_answer(const struct memcg_child *child, uint64_t timeout_ns)
{
	uint64_t deadline = clock_now_ns() + timeout_ns;
	struct pollfd wait = {.fd = child->fd, .events = POLLIN};

	do {
		uint64_t now = clock_now_ns();
		uint64_t left_ms = now < deadline ? (deadline - now) / NS_PER_MS : 0;

		if (child->stop && *child->stop)
			return -EINTR;
		if (poll(&wait, 1, left_ms < POLL_MS ? (int)left_ms : POLL_MS) > 0)
			return 1;
	} while (clock_now_ns() < deadline);
	return 0;
}

int memcg_child_await(struct memcg_child *child, uint64_t timeout_ns, uint64_t *ret_value,
		      struct err *err)
{
	struct memcg_reply reply;
	int rc = wait_answer(child, timeout_ns);
	ssize_t got;

	if (rc < 0)
		return err_fail(err, EINTR, "interrupted");
	if (rc == 0)
		return err_fail(err, ETIMEDOUT,
				"the process in the group does not answer");
	got = recv(child->fd, &reply, sizeof(reply), 0);
	if (got != (ssize_t)sizeof(reply)) {
		child->killed = true;
		return err_fail(err, ECHILD, "the process in the group was killed");
	}
	if (reply.code)
		return err_fail(err, reply.code, "the process in the group: %s",
				strerror(reply.code));
	if (ret_value)
		*ret_value = reply.value;
	return 0;
}

int memcg_child_tell(struct memcg_child *child, const struct memcg_order *order,
		     uint64_t *ret_value, struct err *err)
{
	int rc = memcg_child_send(child, order, err);

	return rc ? rc : memcg_child_await(child, ORDER_TIMEOUT_NS, ret_value, err);
}

/* One whose hello was never heard has no known number: the last close of its channel ends
 * it, and it is a child that anybody's wait would find. */
static void end_unheard(struct memcg_child *child)
{
	uint64_t pid = 0;

	if (child->pid > 0 || child->starter <= 0)
		return;
	if (!memcg_child_await(child, POLL_MS * NS_PER_MS, &pid, &(struct err){0}))
		child->pid = (pid_t)pid;
}

int memcg_child_end(struct memcg_child *child)
{
	int status = 0;

	end_unheard(child);
	if (child->pid > 0)
		(void)kill(child->pid, SIGKILL);
	cleanup_fd(&child->fd);
	wait_for(child->pid, &status);
	wait_for(child->starter, NULL);
	if (child->trace)
		(void)munmap(child->trace, TRACE_BYTES);
	*child = (struct memcg_child){.fd = -1};
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
