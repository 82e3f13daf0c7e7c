/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fork bomb has to stay one that nobody needs to fear: bounded, still between slices,
 * gone with whoever lit it. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/agent/proto.h"
#include "bench/workload/workload.h"
#include "tests/check.h"

#define LIVE_MOST 32
#define TRIES 500 /* of 10 ms */
#define NOBODY 65534

/* Processes of a process group, by their state; '?': in any. */
static unsigned count(pid_t group, char state)
{
	DIR *proc = opendir("/proc");
	unsigned nr = 0;

	for (struct dirent *entry; proc && (entry = readdir(proc));) {
		char path[64], is = 0;
		int of = 0;
		FILE *stat;

		(void)snprintf(path, sizeof(path), "/proc/%.20s/stat", entry->d_name);
		stat = fopen(path, "re");
		if (!stat)
			continue;
		if (fscanf(stat, "%*d (%*[^)]) %c %*d %d", &is, &of) == 2)
			nr += of == group && is != 'Z' && (state == '?' || is == state);
		(void)fclose(stat);
	}
	if (proc)
		(void)closedir(proc);
	return nr;
}

/* The group of the first child of `parent`; 0: it has none. */
static pid_t group_of_child(pid_t parent)
{
	DIR *proc = opendir("/proc");
	pid_t found = 0;

	for (struct dirent *entry; proc && !found && (entry = readdir(proc));) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		char path[64];
		int above = 0, group = 0;
		FILE *stat;

		(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		stat = pid > 0 ? fopen(path, "re") : NULL;
		if (!stat)
			continue;
		if (fscanf(stat, "%*d (%*[^)]) %*c %d %d", &above, &group) == 2 &&
		    above == parent)
			found = group;
		(void)fclose(stat);
	}
	if (proc)
		(void)closedir(proc);
	return found;
}

static unsigned await(pid_t group, char state, unsigned wanted)
{
	unsigned nr = count(group, state);

	for (int i = 0; i < TRIES && nr != wanted; i++) {
		(void)usleep(10000);
		nr = count(group, state);
	}
	return nr;
}

static void *light(uint64_t ops)
{
	const struct workload_native *kernel = workload_find("fork-bomb")->native;
	struct workload_setup setup = {.seed = 1, .threads = 1, .cpu = -1};
	char why[PROTO_ERROR_MAX] = "";
	uint64_t checksum = 0;
	void *state = NULL;

	CHECK_INT(kernel->open(&setup, &state, why), 0);
	CHECK_INT(kernel->run(state, ops, &checksum, why), 0);
	CHECK_INT(checksum, ops);
	return state;
}

static void test_bounds(void)
{
	void *state = light(3 * LIVE_MOST);
	pid_t group = group_of_child(getpid());

	CHECK(group > 0);
	CHECK_INT(await(group, 'S', LIVE_MOST), LIVE_MOST);
	CHECK_INT(count(group, '?'), LIVE_MOST);
	workload_find("fork-bomb")->native->close(state);
	CHECK_INT(count(group, '?'), 0);
}

/* Killed without a word, as by the kernel: its children follow. */
static void test_orphans(void)
{
	int ready[2];
	char byte;
	pid_t parent, group;

	CHECK_INT(pipe(ready), 0);
	parent = fork();
	if (parent == 0) {
		(void)light(20);
		(void)write(ready[1], "", 1);
		for (;;)
			(void)pause();
	}
	CHECK_INT(read(ready[0], &byte, 1), 1);
	group = group_of_child(parent);
	CHECK(group > 0);
	CHECK_INT(count(group, '?'), 20);
	(void)kill(parent, SIGKILL);
	(void)waitpid(parent, NULL, 0);
	CHECK_INT(await(group, '?', 0), 0);
}

/* Where no process may be made the bomb goes on trying. */
static void test_refused(void)
{
	const struct rlimit none = {0, 0};
	int status = -1;
	pid_t pid;

	if (geteuid() != 0) {
		SKIP("another user's limit needs root");
		return;
	}
	pid = fork();
	if (pid == 0) {
		if (setrlimit(RLIMIT_NPROC, &none) || setuid(NOBODY))
			_exit(2);
		(void)light(50);
		_exit(group_of_child(getpid()) != 0);
	}
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
}

int main(void)
{
	test_bounds();
	test_orphans();
	test_refused();
	return check_done();
}
