/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The launcher with a tree and an agent of the test's own (tests/fixtures/launch), which
 * tells what it finds where it was put. */
#include "bench/host/launch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/clock.h"
#include "tests/check.h"

struct scene {
	char base[64], root[96], scratch[96], text[8192];
	struct image image;
	struct spec spec;
};

static void make_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CHECK(file && fputs(text, file) >= 0);
	if (file)
		(void)fclose(file);
}

static bool compile(const struct scene *scene)
{
	char command[512];

	(void)snprintf(
		command, sizeof(command),
		"cc -D_GNU_SOURCE -static -o %s/agent tests/fixtures/launch/agent.c",
		scene->root);
	return system(command) == 0;
}

static bool begin(struct scene *scene)
{
	static const char *const dirs[] = {"tmp", "run", "dev", "proc", "sys", "data"};
	static const unsigned cpu;
	char path[160];

	(void)snprintf(scene->base, sizeof(scene->base), "/var/tmp/tare-test-XXXXXX");
	CHECK(mkdtemp(scene->base) != NULL);
	(void)snprintf(scene->root, sizeof(scene->root), "%s/root", scene->base);
	(void)snprintf(scene->scratch, sizeof(scene->scratch), "%s/scratch", scene->base);
	CHECK_INT(mkdir(scene->root, 0755), 0);
	CHECK_INT(mkdir(scene->scratch, 0755), 0);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", scene->root, dirs[i]);
		CHECK_INT(mkdir(path, 0755), 0);
	}
	(void)snprintf(path, sizeof(path), "%s/disk.img", scene->scratch);
	make_file(path, "data");
	scene->image.root = scene->root;
	scene->spec = (struct spec){.id = "tare-1-a-7",
				    .image = &scene->image,
				    .cpus = &cpu,
				    .cpu_nr = 1,
				    .scratch = scene->scratch};
	return compile(scene);
}

static void end(const struct scene *scene)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", scene->base);
	CHECK_INT(system(command), 0);
}

/* What the agent says, up to its last line. */
static void hear(struct scene *scene, int channel)
{
	size_t used = 0;
	ssize_t got;

	while (used < sizeof(scene->text) - 1 &&
	       (got = read(channel, scene->text + used, sizeof(scene->text) - 1 - used)) >
		       0) {
		used += (size_t)got;
		scene->text[used] = '\0';
		if (strstr(scene->text, "\nend\n"))
			return;
	}
}

static void check_says(const struct scene *scene, const char *line)
{
	char wanted[128];

	(void)snprintf(wanted, sizeof(wanted), "\n%s\n", line);
	if (!strstr(scene->text, wanted))
		printf("# not said: %s\n", line);
	CHECK(strstr(scene->text, wanted) != NULL);
}

static size_t count(const char *text, const char *word)
{
	size_t nr = 0;

	for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
		nr++;
	return nr;
}

static size_t fds_open(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t nr = 0;

	while (dir && readdir(dir))
		nr++;
	if (dir)
		(void)closedir(dir);
	return nr;
}

static void check_place(struct scene *scene, const struct launched *launched)
{
	static const char *const lines[] = {"environment=PATH=/usr/bin",
					    "environment=TARE_ID=tare-1-a-7",
					    "blocked=0",
					    "ignored=0",
					    "session=1",
					    "fd=0",
					    "fd=1",
					    "fd=2",
					    "fd=3",
					    "root-writable=0",
					    "tmp-writable=1",
					    "data=1",
					    "null=1",
					    "sys=1",
					    "folder=/"};
	cpu_set_t set;

	CHECK(!strncmp(scene->text, "arguments=--fd 3\n", 17));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		check_says(scene, lines[i]);
	CHECK_INT(count(scene->text, "\nfd="), 4);
	CHECK_INT(count(scene->text, "\nenvironment="), 2);
	CHECK_INT(sched_getaffinity(launched->pid, sizeof(set), &set), 0);
	CHECK(CPU_COUNT(&set) == 1 && CPU_ISSET(0, &set));
	CHECK(fcntl(launched->channel, F_GETFD) & FD_CLOEXEC);
}

/* Neither a blocked or ignored signal nor an open file of ours reaches the agent. */
static void test_place(struct scene *scene)
{
	struct launch launch = {.spec = &scene->spec};
	struct launched launched;
	struct account account;
	struct err err = {0};
	size_t before = fds_open();
	sigset_t mask, old;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &mask, &old);
	(void)signal(SIGUSR2, SIG_IGN);
	CHECK_INT(launch_agent(&launch, &launched, &err), 0);
	CHECK_STR(err.text, "");
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	hear(scene, launched.channel);
	check_place(scene, &launched);
	launch_account(launched.pid, &account);
	CHECK(account.pss_bytes > 0 && account.exits == UINT64_MAX);
	(void)close(launched.channel);
	launch_end(launched.pid, 5 * NS_PER_S); /* by itself: its stream is closed */
	CHECK_INT(kill(launched.pid, 0), -1);
	CHECK_INT(waitpid(-1, NULL, WNOHANG), -1); /* no starter is left either */
	CHECK_INT(fds_open(), before);
}

static char state_of(pid_t pid)
{
	char path[64], state = '?';
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file && fscanf(file, "%*d (agent) %c", &state) != 1)
		state = '!';
	if (file)
		(void)fclose(file);
	return state;
}

/* Ends what does not end by itself, stopped or not. */
static void test_force(struct scene *scene)
{
	struct launch launch = {.spec = &scene->spec};
	struct launched launched;
	struct err err = {0};

	CHECK_INT(launch_agent(&launch, &launched, &err), 0);
	hear(scene, launched.channel);
	CHECK_INT(launch_signal(launched.pid, SIGSTOP, &err), 0);
	for (int i = 0; i < 1000 && state_of(launched.pid) != 'T'; i++)
		(void)usleep(1000);
	CHECK_INT(state_of(launched.pid), 'T');
	launch_end(launched.pid, 0);
	CHECK_INT(launch_signal(launched.pid, SIGCONT, &err), -ESRCH);
	(void)close(launched.channel);
	launch_end(0, 0);
	launch_end(-1, 0);
}

/* What fails in the child is an error here, and nothing is left of it. */
static void check_failure(const struct spec *spec, const char *const *procs, int code,
			  const char *text)
{
	struct launch launch = {.spec = spec, .procs = procs, .procs_nr = procs != NULL};
	struct launched launched = {.pid = 42, .channel = 42};
	struct err err = {0};
	size_t before = fds_open();

	CHECK_INT(launch_agent(&launch, &launched, &err), -code);
	if (!strstr(err.text, text))
		printf("# '%s' has no '%s'\n", err.text, text);
	CHECK(strstr(err.text, text) != NULL);
	CHECK_INT(launched.pid, 42);
	CHECK_INT(launched.channel, 42);
	CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
	CHECK_INT(fds_open(), before);
}

static void test_failures(struct scene *scene)
{
	static const char *const procs[] = {"/nonexistent/cgroup.procs"};
	static const unsigned absent = CPU_SETSIZE - 1;
	struct image image = {.root = "/nonexistent/root"};
	struct spec spec = scene->spec;
	char agent[128];

	check_failure(&spec, procs, ENOENT, "run as root, outside of containers");
	spec.cpus = &absent;
	check_failure(&spec, NULL, EINVAL, "CPU affinity");
	spec = scene->spec;
	spec.image = &image;
	check_failure(&spec, NULL, ENOENT, "tree");
	spec = scene->spec;
	spec.scratch = "/nonexistent/scratch";
	check_failure(&spec, NULL, ENOENT, "/data");
	(void)snprintf(agent, sizeof(agent), "%s/agent", scene->root);
	CHECK_INT(chmod(agent, 0644), 0);
	check_failure(&scene->spec, NULL, EACCES, "/agent");
	CHECK_INT(unlink(agent), 0);
	check_failure(&scene->spec, NULL, ENOENT, "/agent");
}

int main(void)
{
	static struct scene scene;

	if (geteuid() != 0) {
		SKIP("launching needs root");
		return check_done();
	}
	if (begin(&scene)) {
		test_place(&scene);
		test_force(&scene);
		test_failures(&scene);
	} else {
		SKIP("no compiler for a static agent");
	}
	end(&scene);
	return check_done();
}
