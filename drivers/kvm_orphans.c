/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/kvm_orphans.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cleanup.h"

#define LOOK_NS 5000000 /* a start lasts some hundred times as long */

/* A daemon is in a session that somebody else began.  Whatever this program waits for
 * itself is in its own session or began one, and so is what libvirt waits for. */
static bool is_daemon(pid_t pid)
{
	pid_t session = getsid(pid);

	return session > 0 && session != pid && session != getsid(0);
}

static void wait_for_dead(void)
{
	cleanup(file) FILE *children = NULL;
	char path[64];
	int pid;

	/* orphans go to the first thread */
	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	children = fopen(path, "re");
	while (children && fscanf(children, "%d", &pid) == 1)
		if (is_daemon(pid))
			(void)waitpid(pid, NULL, WNOHANG);
}

static void *watch(void *data)
{
	struct kvm_orphans *orphans = data;
	const struct timespec pause = {.tv_nsec = LOOK_NS};

	while (!atomic_load(&orphans->ended)) {
		wait_for_dead();
		(void)nanosleep(&pause, NULL);
	}
	return NULL;
}

/* Signals belong to the main thread. */
static bool begin_watch(struct kvm_orphans *orphans)
{
	sigset_t all, saved;
	int rc;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &saved);
	rc = pthread_create(&orphans->thread, NULL, watch, orphans);
	(void)pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return !rc;
}

void kvm_orphans_begin(struct kvm_orphans *orphans)
{
	atomic_init(&orphans->ended, false);
	orphans->begun = begin_watch(orphans);
	if (orphans->begun)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void kvm_orphans_end(struct kvm_orphans *orphans)
{
	if (!orphans->begun)
		return;
	(void)prctl(PR_SET_CHILD_SUBREAPER, 0);
	atomic_store(&orphans->ended, true);
	(void)pthread_join(orphans->thread, NULL);
	wait_for_dead();
}
