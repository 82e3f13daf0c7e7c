/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is alive when it is hard to see, and the lock; in a /run of this test's own. */
#include "bench/host/owner.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"

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

/* Takes the lock, leaves a child that has all its descriptors, says the child's pid. */
static _Noreturn void hold_and_leave(int to)
{
	struct err err = {0};
	int lock = -1;
	pid_t child = -1;

	if (!owner_lock(&lock, &err))
		child = fork();
	if (child == 0) {
		(void)pause();
		_exit(0);
	}
	(void)!write(to, &child, sizeof(child));
	(void)pause();
	_exit(0);
}

/* A holder that is killed has gone, although its children, who inherit every descriptor,
 * have not: what they are must be found by whoever cleans up, who needs the lock. */
static void test_lock_goes_with_its_holder(void)
{
	struct err err = {0};
	pid_t holder, child = -1;
	int out[2], lock = -1;

	CHECK_INT(pipe(out), 0);
	holder = fork();
	if (holder == 0)
		hold_and_leave(out[1]);
	CHECK_INT(read(out[0], &child, sizeof(child)), sizeof(child));
	CHECK(child > 0);
	CHECK(owner_is_measuring());
	CHECK_INT(owner_lock(&lock, &err), -EWOULDBLOCK);
	(void)kill(holder, SIGKILL);
	CHECK_INT(waitpid(holder, NULL, 0), holder);
	CHECK_INT(kill(child, 0), 0);
	CHECK(!owner_is_measuring());
	err_clear(&err);
	CHECK_INT(owner_lock(&lock, &err), 0);
	CHECK_STR(err.text, "");
	if (child > 0)
		(void)kill(child, SIGKILL);
	(void)close(lock);
	(void)close(out[0]);
	(void)close(out[1]);
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
	CHECK(owner_is_measuring()); /* asking took nothing from the holder */
	(void)close(first);
	CHECK(!owner_is_measuring());
	err_clear(&err);
	CHECK_INT(owner_lock(&second, &err), 0);
	CHECK_STR(err.text, "");
	(void)close(second);
	test_lock_goes_with_its_holder();
}

int main(void)
{
	test_command_that_misleads();
	test_cannot_look();
	test_lock();
	return check_done();
}
