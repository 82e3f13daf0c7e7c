/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fork bomb that cannot run away: one process forks children that never end by
 * themselves and never fork, until the kernel refuses (a pids limit) or as many live as
 * are allowed here. They compete for the CPU while a slice lasts and sleep between slices
 * (by a futex: a stopped process may keep its group from being frozen). Each dies with
 * its parent, and after a while without one.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/workload/kernel.h"

#define LIVE_MOST 32	    /* children, whatever the kernel would allow */
#define LIFE_SECONDS 120u   /* of a child that nobody ends */
#define SPIN_ROUNDS 131072u /* about a refused fork's time */

struct bomb {
	pid_t group; /* of the children's processes; 0: there is none */
	unsigned live;
	uint32_t *working; /* shared with them: 1 while a slice lasts */
};

static void sleep_until_told(uint32_t *working)
{
	(void)syscall(SYS_futex, working, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void tell(const struct bomb *bomb, uint32_t working)
{
	__atomic_store_n(bomb->working, working, __ATOMIC_SEQ_CST);
	if (working)
		(void)syscall(SYS_futex, bomb->working, FUTEX_WAKE, LIVE_MOST, NULL, NULL,
			      0);
}

static _Noreturn void live_on(const struct bomb *bomb, pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm(LIFE_SECONDS);
	if (getppid() != parent || setpgid(0, bomb->group))
		_exit(1);
	(void)close_range(3, ~0u, 0); /* the agent's stream is not theirs */
	for (;;)
		if (!__atomic_load_n(bomb->working, __ATOMIC_RELAXED))
			sleep_until_told(bomb->working);
}

static void spin(void)
{
	for (unsigned i = 0; i < SPIN_ROUNDS; i++)
		kernel_barrier();
}

/* The child joins the group on both sides: whoever signals it first finds it there. */
static int fork_one(struct bomb *bomb, char *why)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		live_on(bomb, parent);
	if (pid < 0 && errno == EAGAIN)
		return 0; /* refused: what a limit is for */
	if (pid < 0)
		return kernel_fail(errno, why, "cannot fork: %s", strerror(errno));
	if (!bomb->group)
		bomb->group = pid;
	(void)setpgid(pid, bomb->group);
	bomb->live++;
	return 0;
}

static void reap(struct bomb *bomb, int options)
{
	while (bomb->live && waitpid(-bomb->group, NULL, options) > 0)
		bomb->live--;
	if (!bomb->live)
		bomb->group = 0;
}

static int bomb_run(void *state, uint64_t ops, uint64_t *checksum, char *why)
{
	struct bomb *bomb = state;
	int rc = 0;

	reap(bomb, WNOHANG); /* whose time was over */
	tell(bomb, 1);
	for (uint64_t i = 0; !rc && i < ops; i++) {
		if (bomb->live < LIVE_MOST)
			rc = fork_one(bomb, why);
		else
			spin();
	}
	tell(bomb, 0);
	*checksum += ops;
	return rc;
}

static int bomb_open(const struct workload_setup *setup, void **state, char *why)
{
	int rc = kernel_single(setup, why);
	struct bomb *bomb = rc ? NULL : calloc(1, sizeof(*bomb));

	if (rc)
		return rc;
	if (!bomb)
		return kernel_fail(ENOMEM, why, "no memory");
	bomb->working = mmap(NULL, sizeof(*bomb->working), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (bomb->working == MAP_FAILED) {
		free(bomb);
		return kernel_fail(ENOMEM, why, "no memory");
	}
	*state = bomb;
	return 0;
}

static void bomb_close(void *state)
{
	struct bomb *bomb = state;

	if (!bomb)
		return;
	if (bomb->group)
		(void)kill(-bomb->group, SIGKILL);
	reap(bomb, 0);
	(void)munmap(bomb->working, sizeof(*bomb->working));
	free(bomb);
}

static const struct workload_native native = {
	.open = bomb_open, .run = bomb_run, .close = bomb_close, .counts_children = true};

const struct workload workload_fork_bomb = {
	.name = "fork-bomb",
	.summary =
		"children that stay and compete for the CPU, at most 32, until refused",
	.operation = "one fork tried",
	.family = FAMILY_CPU,
	.metric = METRIC_CPU_TIME,
	.charges = CHARGE_OBJECT,
	.native = &native,
};
