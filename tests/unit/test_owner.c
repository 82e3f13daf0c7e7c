/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/host/owner.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"

static void check_parse(const char *name, int pid, unsigned long long start)
{
	unsigned long long got_start = 42;
	int got_pid = 42;
	bool ours = owner_parse(name, &got_pid, &got_start);

	if (ours != (pid > 0))
		printf("# '%s'\n", name);
	CHECK_INT(ours, pid > 0);
	CHECK_INT(got_pid, pid > 0 ? pid : 42); /* written on success only */
	CHECK_INT(got_start, pid > 0 ? start : 42);
}

static void test_parse(void)
{
	static const char *const others[] = {
		"",
		"tare",
		"tare-",
		"tare-1",
		"tare-1-",
		"tare--1",
		"tare-0-1",
		"tare-x-1",
		"tare-1-g",
		"tare-+1-1",
		"tare- 1-1",
		"tare-1- 1",
		"tare-1-0x1",
		"tare-1-1x",
		"tare-1-A",
		"Tare-1-1",
		"xtare-1-1",
		"tare-1-1/..",
		"tare-1-1 ",
		"tare-1-1\n",
		"tare-one-1",
		"tare-1_1",
		"tare-2000000000-1",
		"tare-99999999999999999999-1",
		"tare-1-11112222333344445",
	};

	check_parse("tare-1-a", 1, 10);
	check_parse("tare-12-ff-3", 12, 255);
	check_parse("tare-12-ff.monitor", 12, 255);
	check_parse("tare-12-ffffffffffffffff", 12, ~0ull);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		check_parse(others[i], 0, 0);
}

static void test_alive(void)
{
	char id[OWNER_MAX], longer[2 * OWNER_MAX], other[2 * OWNER_MAX];
	unsigned long long start = 0;
	struct err err = {0};
	int pid = 0;

	CHECK_INT(owner_self(id, &err), 0);
	CHECK(owner_parse(id, &pid, &start));
	CHECK_INT(pid, getpid());
	CHECK(!owner_is_dead(id));
	(void)snprintf(longer, sizeof(longer), "%s-12.payload", id);
	CHECK(!owner_is_dead(longer));
	/* the same number, another process */
	(void)snprintf(other, sizeof(other), OWNER_PREFIX "%d-%llx", pid, start + 1);
	CHECK(owner_is_dead(other));
	CHECK(owner_is_dead(OWNER_PREFIX "1-ffffffffffff"));
	/* not ours, so not ours to bury */
	CHECK(!owner_is_dead("tare-x"));
	CHECK(!owner_is_dead("systemd"));
	CHECK(!owner_is_dead(""));
}

static void read_id(int fd, char id[static OWNER_MAX])
{
	ssize_t got = read(fd, id, OWNER_MAX - 1);

	id[got > 0 ? got : 0] = '\0';
}

/* Alive, a zombie, waited for. */
static void test_dying(void)
{
	char id[OWNER_MAX];
	siginfo_t info;
	int out[2];
	pid_t pid;

	CHECK_INT(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		struct err err = {0};

		if (!owner_self(id, &err))
			(void)!write(out[1], id, strlen(id));
		(void)pause();
		_exit(0);
	}
	read_id(out[0], id);
	CHECK(id[0] && !owner_is_dead(id));
	(void)kill(pid, SIGKILL);
	CHECK_INT(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	CHECK(owner_is_dead(id));
	CHECK_INT(waitpid(pid, NULL, 0), pid);
	CHECK(owner_is_dead(id));
	(void)close(out[0]);
	(void)close(out[1]);
}

int main(void)
{
	test_parse();
	test_alive();
	test_dying();
	return check_done();
}
