/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/process.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/check.h"

#define BURNT_NS 60000000 /* several ticks of any kernel's clock */

static uint64_t own_cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void burn(void)
{
	while (own_cpu_ns() < BURNT_NS)
		;
}

static void wait_until_ended(pid_t pid)
{
	siginfo_t info;

	CHECK_INT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

/* Its time is ours once it is waited for. */
static void test_child(void)
{
	struct process before, child, after;
	pid_t pid;

	CHECK_INT(process_read(getpid(), &before), 0);
	CHECK(!before.ended);
	CHECK_INT(before.parent, getppid());
	pid = fork();
	if (!pid) {
		burn();
		_exit(0);
	}
	wait_until_ended(pid);
	CHECK_INT(process_read(pid, &child), 0);
	CHECK(child.ended);
	CHECK_INT(child.parent, getpid());
	CHECK(child.start_ticks >= before.start_ticks);
	CHECK(child.cpu_ns >= BURNT_NS / 2);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
	CHECK_INT(process_read(getpid(), &after), 0);
	CHECK(after.cpu_ns >= before.cpu_ns + BURNT_NS / 2);
	CHECK_INT(after.start_ticks, before.start_ticks);
	CHECK_INT(process_read(pid, &child), -ESRCH);
}

/* Its name looks like what follows a name. */
static void test_named(void)
{
	struct process child;
	pid_t pid = fork();

	if (!pid) {
		(void)prctl(PR_SET_NAME, ") Z 1 (x\n");
		(void)raise(SIGSTOP);
		_exit(0);
	}
	CHECK_INT(waitpid(pid, NULL, WUNTRACED), pid);
	CHECK_INT(process_read(pid, &child), 0);
	CHECK(!child.ended);
	CHECK_INT(child.parent, getpid());
	(void)kill(pid, SIGKILL);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
	test_child();
	test_named();
	return check_done();
}
