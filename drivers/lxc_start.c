/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starting a container.  A direct lxc start moves the *calling* program into the
 * monitor's control groups, and a monitor keeps whatever file it inherits open for its
 * whole life; so a child is forked that closes everything, and only there does liblxc
 * come into play.
 */
#include "drivers/lxc_instance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lxc/lxccontainer.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"

#define HELLO_TIMEOUT_NS (30 * NS_PER_S) /* on an emulated host it takes 5 */
#define AGENT_FD 3			 /* inside: the agent's end of the stream */
#define REASON_MAX 256

/* What the child tells its parent: memory both share. */
struct progress {
	volatile uint64_t configured_ns; /* liblxc has taken the configuration */
	char refused[64];		 /* the key that it did not take */
};

/* Of one start. */
struct launch {
	struct instance *instance;
	struct progress *progress;
	int channel, agent_end;	   /* the stream: harness's end, agent's end */
	int errors_in, errors_out; /* the agent's standard error */
};

static void cleanup_launch(struct launch *launch)
{
	cleanup_fd(&launch->channel);
	cleanup_fd(&launch->agent_end);
	cleanup_fd(&launch->errors_in);
	cleanup_fd(&launch->errors_out);
}

static void cleanup_progress(struct progress **slot)
{
	if (*slot)
		(void)munmap(*slot, sizeof(**slot));
}

/* In the child: files 0..3 and nothing else, default signals, a session of its own so
 * that Ctrl-C on the terminal ends the harness and not the container under it. */
static bool detach(const struct launch *launch)
{
	int agent = fcntl(launch->agent_end, F_DUPFD, 10);
	int error = fcntl(launch->errors_out, F_DUPFD, 10);
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	if (agent < 0 || error < 0 || null < 0)
		return false;
	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(error, 2) < 0 ||
	    dup2(agent, AGENT_FD) < 0)
		return false;
	(void)syscall(SYS_close_range, AGENT_FD + 1, UINT_MAX, 0);
	for (int sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)umask(022);
	return setsid() >= 0;
}

/* liblxc makes the container's groups below the one that it finds itself in, and leaves
 * it: it has to be empty before it can hand controllers on. */
static bool join_above(const struct instance *instance)
{
	const struct cgroup_hierarchies *groups = &instance->groups;
	struct err ignored = {0};

	for (size_t i = 0; instance->above[0] && i < groups->nr; i++)
		if (cgroup_write(&groups->list[i], instance->above, "cgroup.procs", "0",
				 &ignored))
			return false;
	return true;
}

static bool configure(struct lxc_container *container, const struct launch *launch)
{
	const struct lxc_items *items = &launch->instance->items;

	container->clear_config(container);
	for (size_t i = 0; i < items->nr; i++) {
		if (container->set_config_item(container, items->list[i].key,
					       items->list[i].value))
			continue;
		(void)snprintf(launch->progress->refused,
			       sizeof(launch->progress->refused), "%s",
			       items->list[i].key);
		return false;
	}
	/* this process is to be the monitor, not the parent of one */
	container->want_daemonize(container, false);
	return true;
}

/* The container inherits our affinity, which is the harness's: the service CPU. */
static bool set_affinity(const struct spec *spec)
{
	bool pinned = !strcmp(platform_setting(spec->platform, "cpuset"), "pinned");
	cpu_set_t set;

	CPU_ZERO(&set);
	for (size_t i = 0; pinned && i < spec->cpu_nr; i++)
		CPU_SET(spec->cpus[i], &set);
	for (int i = 0; !pinned && i < CPU_SETSIZE; i++)
		CPU_SET(i, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
}

/* The distribution's program takes our place and becomes the monitor. */
static _Noreturn void be_tool(const struct launch *launch)
{
	struct instance *instance = launch->instance;
	char start[] = "lxc-start", foreground[] = "-F", name[] = "-n", path[] = "-P",
	     rc[] = "-f", end[] = "--", agent[] = "/agent", option[] = "--fd", fd[] = "3";
	char *const argv[] = {
		start, foreground,	 name, instance->id, path,   instance->lxcpath,
		rc,    instance->config, end,  agent,	     option, fd,
		NULL};

	launch->progress->configured_ns = clock_now_ns();
	execvp(start, argv);
	_exit(3);
}

static _Noreturn void be_monitor(const struct launch *launch)
{
	char agent[] = "/agent", option[] = "--fd", fd[] = "3";
	char *const argv[] = {agent, option, fd, NULL};
	struct lxc_container *container;
	bool ok;

	if (!join_above(launch->instance) || !detach(launch) ||
	    !set_affinity(launch->instance->spec))
		_exit(2);
	if (launch->instance->config[0])
		be_tool(launch);
	container = lxc_container_new(launch->instance->id, launch->instance->lxcpath);
	if (!container || !configure(container, launch))
		_exit(3);
	launch->progress->configured_ns = clock_now_ns();
	ok = container->start(container, 0, argv);
	(void)lxc_container_put(container);
	_exit(ok ? 0 : 1);
}

void lxc_log_error(const char *log, char *ret, size_t size)
{
	cleanup(file) FILE *stream = fopen(log, "re");
	cleanup(free) char *line = NULL;
	size_t room = 0;

	ret[0] = '\0';
	/* "lxc ID DATE ERROR    part - file.c:function:line - text"; the first error is
	 * the cause, those after it are its consequences */
	while (stream && getline(&line, &room, stream) > 0) {
		const char *text = strstr(line, " ERROR ");

		text = text ? strstr(text, " - ") : NULL;
		text = text ? strstr(text + 3, " - ") : NULL;
		if (!text)
			continue;
		(void)snprintf(ret, size, "%s", text + 3);
		ret[strcspn(ret, "\n")] = '\0';
		return;
	}
}

/* What the agent wrote on its standard error: from inside, so only printable bytes. */
static void agent_words(int fd, char *ret, size_t size)
{
	ssize_t got = read(fd, ret, size - 1);
	size_t length = got > 0 ? (size_t)got : 0;

	while (length && ret[length - 1] == '\n')
		length--;
	ret[length] = '\0';
	for (char *c = ret; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = ' ';
}

/* Why no hello came, from whoever knows: the child, liblxc's log, the agent. */
static int explain(const struct launch *launch, struct err *err)
{
	const struct instance *instance = launch->instance;
	char reason[REASON_MAX], words[REASON_MAX];

	if (launch->progress->refused[0])
		return err_fail(err, ENOTSUP, "liblxc refuses '%s'",
				launch->progress->refused);
	lxc_log_error(instance->log, reason, sizeof(reason));
	if (instance->idmap.count && strstr(reason, "Permission denied"))
		return err_fail(err, EACCES,
				"liblxc: %s; the container's root is user "
				"%u here: let others pass (chmod o+x) every folder above",
				reason, instance->idmap.host_first);
	if (strstr(reason, "AppArmor profile"))
		return err_fail(err, EACCES,
				"liblxc: %s; load the profiles: "
				"apparmor_parser -r /etc/apparmor.d/lxc-containers",
				reason);
	if (reason[0])
		return err_fail(err, EIO, "liblxc: %s", reason);
	agent_words(launch->errors_in, words, sizeof(words));
	if (words[0])
		return err_fail(err, EIO, "the agent ended: %s", words);
	return err_fail(err, EIO, "the container ended before its agent said hello");
}

/* Is there a byte to read? Not taken out: the core reads the hello. */
static bool has_spoken(int channel)
{
	char byte;

	return recv(channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

static int wait_hello(const struct launch *launch, struct err *err)
{
	uint64_t deadline = clock_now_ns() + HELLO_TIMEOUT_NS, now;
	struct pollfd wait[2] = {{.fd = launch->channel, .events = POLLIN},
				 {.fd = launch->instance->monitor_fd, .events = POLLIN}};

	while ((now = clock_now_ns()) < deadline) {
		int rc = poll(wait, 2, (int)((deadline - now) / NS_PER_MS) + 1);

		if (rc < 0)
			return err_fail(err, errno, "waiting for the container: %s",
					strerror(errno));
		if (has_spoken(launch->channel))
			return 0;
		if (rc > 0)
			return explain(launch, err);
	}
	return err_fail(err, ETIMEDOUT, "the container's agent said nothing for %llu s",
			HELLO_TIMEOUT_NS / NS_PER_S);
}

static void add_phase(struct start *start, const char *name, uint64_t end_ns)
{
	start->phases[start->phase_nr].name = name;
	start->phases[start->phase_nr++].end_ns = end_ns;
}

static int fork_monitor(const struct launch *launch, struct err *err)
{
	struct instance *instance = launch->instance;
	pid_t pid = fork();

	if (pid < 0)
		return err_fail(err, errno, "cannot fork: %s", strerror(errno));
	if (pid == 0)
		be_monitor(launch);
	instance->monitor = pid;
	instance->monitor_fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (instance->monitor_fd < 0)
		return err_fail(err, errno, "cannot watch the monitor: %s",
				strerror(errno));
	return 0;
}

static int open_ends(struct launch *launch, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return err_fail(err, errno, "cannot make the agent's stream: %s",
				strerror(errno));
	launch->channel = pair[0];
	launch->agent_end = pair[1];
	/* not blocking: an agent that floods its standard error must not hang on it */
	if (pipe2(pair, O_CLOEXEC | O_NONBLOCK))
		return err_fail(err, errno, "cannot make the agent's standard error: %s",
				strerror(errno));
	launch->errors_in = pair[0];
	launch->errors_out = pair[1];
	return 0;
}

/* From the fork to the first byte; fills in the phases. */
static int run(struct launch *launch, struct start *start, struct err *err)
{
	uint64_t forked_ns, configured_ns;
	int rc = fork_monitor(launch, err);

	if (rc)
		return rc;
	forked_ns = clock_now_ns();
	/* open over there only, so that the agent's death is seen here */
	(void)close(take_fd(&launch->agent_end));
	(void)close(take_fd(&launch->errors_out));
	rc = wait_hello(launch, err);
	if (rc)
		return rc;
	configured_ns = launch->progress->configured_ns;
	/* the child may be done before its parent is told that it is there */
	add_phase(start, "monitor process",
		  forked_ns < configured_ns ? forked_ns : configured_ns);
	add_phase(start, "configuration", configured_ns);
	add_phase(start, "container creation and init", clock_now_ns());
	start_split(start, "container creation");
	return 0;
}

int lxc_start(struct instance *instance, struct start *ret, struct err *err)
{
	struct progress *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cleanup(progress) struct progress *progress =
		shared == MAP_FAILED ? NULL : shared;
	cleanup(launch) struct launch launch = {instance, progress, -1, -1, -1, -1};
	struct start start = {.channel = -1};
	int rc;

	if (!progress)
		return err_fail(err, ENOMEM, "no memory to share with the monitor");
	if (instance->above[0] && cgroup_create(&instance->groups, instance->above, err))
		return -err->code;
	rc = open_ends(&launch, err);
	if (!rc)
		rc = run(&launch, &start, err);
	if (rc)
		return rc;
	/* kept open: a write into a closed pipe would end whoever complains inside */
	instance->errors = take_fd(&launch.errors_in);
	start.channel = take_fd(&launch.channel);
	*ret = start;
	return 0;
}
