/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who owns a name: what decides between removing something and leaving it alone. */
#include "../../bench/owner.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"

static bool parses(const char *name, int want_pid, unsigned long long want_start)
{
	unsigned long long start = 0;
	int pid = 0;

	return owner_parse(name, &pid, &start) && pid == want_pid && start == want_start;
}

static void test_parse_takes_ours(void)
{
	CHECK(parses("tare-1-a", 1, 0xa));
	CHECK(parses("tare-4711-ff00", 4711, 0xff00));
	CHECK(parses("tare-1-a-3", 1, 0xa));
	CHECK(parses("tare-1-a.initrd", 1, 0xa));
	CHECK(parses("tare-1073741824-0", 1 << 30, 0));
}

static void test_parse_refuses_others(void)
{
	static const char *const foreign[] = {
		"",
		"tare",
		"tare-",
		"tare-1",
		"tare-1-",
		"tare--1-a",
		"tare-+1-a",
		"tare- 1-a",
		"tare-0-a",
		"tare-1x-a",
		"tare-1-A",
		"tare-1-0xa",
		"tare-1-g",
		"tare-1-ag",
		"tare-1-a/b",
		"tare-1-a b",
		"tare-1- a",
		"Tare-1-a",
		"xtare-1-a",
		"software-1-a",
		"tare-1073741825-a",
		"tare-9999999999999999-a",
		"tare-1-12345678901234567",
		"tare-99999999999999999999-a",
		"tare-1--a",
	};
	unsigned long long start;
	int pid = -7;

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		if (owner_parse(foreign[i], &pid, &start))
			printf("# '%s' is taken for ours\n", foreign[i]);
		CHECK(!owner_parse(foreign[i], &pid, &start));
		CHECK(!owner_is_dead(foreign[i]));
	}
	CHECK_INT(pid, -7); /* outputs on success only */
}

static void test_self(void)
{
	char id[OWNER_MAX], again[OWNER_MAX], name[2 * OWNER_MAX];
	unsigned long long start;
	struct err err = {0};
	int pid;

	CHECK_INT(owner_self(id, &err), 0);
	CHECK_INT(owner_self(again, &err), 0);
	CHECK_STR(again, id);
	CHECK(owner_parse(id, &pid, &start));
	CHECK_INT(pid, getpid());
	CHECK(!owner_is_dead(id));
	(void)snprintf(name, sizeof(name), "%s-12.sock", id);
	CHECK(!owner_is_dead(name));
	/* our pid, which somebody had before us */
	(void)snprintf(name, sizeof(name), "tare-%d-%llx", pid, start + 1);
	CHECK(owner_is_dead(name));
}

/* A command's name may look like the fields behind it. */
static void test_command_that_misleads(void)
{
	char before[OWNER_MAX], after[OWNER_MAX];
	struct err err = {0};

	CHECK_INT(owner_self(before, &err), 0);
	CHECK_INT(prctl(PR_SET_NAME, ") Z 1 2 (a) b"), 0);
	CHECK_INT(owner_self(after, &err), 0);
	CHECK_STR(after, before);
	CHECK(!owner_is_dead(before));
	CHECK_INT(prctl(PR_SET_NAME, "test_owner"), 0);
}

/* Its id comes out through a pipe, then it waits to be ended. */
static pid_t fork_owner(char id[static OWNER_MAX])
{
	int out[2];
	pid_t pid;

	CHECK_INT(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		struct err err = {0};
		bool told = !owner_self(id, &err) &&
			    write(out[1], id, OWNER_MAX) == OWNER_MAX;

		while (told)
			(void)pause();
		_exit(1);
	}
	(void)close(out[1]);
	CHECK_INT(read(out[0], id, OWNER_MAX), OWNER_MAX);
	(void)close(out[0]);
	return pid;
}

/* Stopped is alive; killed is dead, also before somebody waits for it. */
static void test_life_of_another(void)
{
	char id[OWNER_MAX] = "";
	pid_t pid = fork_owner(id);
	siginfo_t info;

	CHECK(!owner_is_dead(id));
	(void)kill(pid, SIGSTOP);
	CHECK_INT(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
	CHECK(!owner_is_dead(id));
	(void)kill(pid, SIGKILL);
	CHECK_INT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	CHECK(owner_is_dead(id)); /* a zombie */
	CHECK_INT(waitpid(pid, NULL, 0), pid);
	CHECK(owner_is_dead(id));
}

/* Nothing can be opened: nobody is declared dead for that. */
static void test_cannot_look(void)
{
	struct rlimit old, none;
	char id[OWNER_MAX];
	struct err err = {0};

	CHECK_INT(owner_self(id, &err), 0);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
	CHECK(!owner_is_dead(id));
	CHECK(!owner_is_dead("tare-1-a"));
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &old), 0);
	CHECK(owner_is_dead("tare-1-a"));
}

/* A /run of our own: this test takes the lock from no tare that measures, nor waits. */
static bool hide_run(void)
{
	return !unshare(CLONE_NEWNS) &&
	       !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("tmpfs", "/run", "tmpfs", 0, "size=64k");
}

/* One at a time; the second is told so and harms nothing. */
static void test_lock(void)
{
	int first = -1, second = -1;
	struct err err = {0};

	if (!hide_run()) {
		SKIP("the lock needs root");
		return;
	}
	CHECK(!owner_is_measuring()); /* nobody ever did: there is no file */
	CHECK_INT(owner_lock(&first, &err), 0);
	CHECK(owner_is_measuring());
	CHECK_INT(owner_lock(&second, &err), -EWOULDBLOCK);
	CHECK_STR(err.text, "another tare is measuring on this host; wait for it");
	CHECK_INT(second, -1);
	(void)close(first);
	CHECK(!owner_is_measuring());
	err_clear(&err);
	CHECK_INT(owner_lock(&second, &err), 0);
	CHECK_STR(err.text, "");
	(void)close(second);
}

int main(void)
{
	test_parse_takes_ours();
	test_parse_refuses_others();
	test_self();
	test_command_that_misleads();
	test_life_of_another();
	test_cannot_look();
	test_lock();
	return check_done();
}
