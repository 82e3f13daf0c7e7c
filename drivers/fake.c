/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A platform for tests: known numbers from an agent that does no work, and every failure
 * that the core has to live with, on demand. Hidden: nobody measures on it by accident.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/cgroup/cgroup.h"
#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "bench/host/launch.h"
#include "drivers/fake_agent.h"
#include "drivers/native.h"

#define AGENT_FD 3
#define PARENT "tare" /* the cgroup driver reaps below it */

struct instance {
	const struct spec *spec;
	struct fake_script script;
	pid_t pid;
	struct cgroup_hierarchies groups; /* one, where it is told to move */
	char group[128];		  /* to which it moves, or "" */
	uint64_t faults;		  /* how often the fault could have happened */
	uint64_t cpu_ns;		  /* as accounted last */
};

static const struct setting_def settings[] = {
	{"fail", SETTING_WORD,
	 "none|probe|open|start|pause|resume|observe|account|stop|mismatch|hello|version|"
	 "wrong-hash|worker|unsupported|die|silent|garbage|oversize|short|truncated|"
	 "slice|"
	 "wrong|checksum|fewer|sequence|clock|json|exit|long|engine|depth|cached|warm|"
	 "moved",
	 "none", "what fails, once in an instance"},
	{"at", SETTING_COUNT, NULL, "1", "fails the n-th time"},
	{"latency_us", SETTING_COUNT, NULL, "0", "before each answer"},
	{"bias_percent", SETTING_COUNT, NULL, "0",
	 "how much more an operation costs than on a fake without bias"},
	{"clock_percent", SETTING_COUNT, NULL, "100",
	 "rate of the agent's clock: 100 is the host's"},
	{.name = NULL}};
static const struct path_def paths[] = {
	{"memory", "no disk at all"},
	{"disk", "no disk either, and it says that there is one"},
	{0}};

static uint64_t setting_number(const struct spec *spec, const char *name)
{
	return strtoull(platform_setting(spec->platform, name), NULL, 10);
}

static bool is_told(const struct spec *spec, const char *fault)
{
	return !strcmp(platform_setting(spec->platform, "fail"), fault);
}

static int maybe_fail(struct instance *instance, const char *fault, struct err *err)
{
	if (!is_told(instance->spec, fault) || ++instance->faults != instance->script.at)
		return 0;
	return err_fail(err, EIO, "%s fails, as told", fault);
}

static int fake_probe(const struct spec *spec, struct probe *ret, struct err *err)
{
	(void)err;
	*ret = (struct probe){.state = is_told(spec, "probe") ? UNAVAILABLE : READY};
	(void)snprintf(ret->reason, sizeof(ret->reason), "%s",
		       ret->state == READY ? "an agent that does no work"
					   : "probe fails, as told");
	for (size_t i = 0; paths[i].name; i++) {
		ret->paths[i].state = ret->state;
		memcpy(ret->paths[i].reason, ret->reason,
		       sizeof(ret->paths[i].reason) - 1);
	}
	return 0;
}

/* A group that its agent can move to: of the one controller, which every host has. */
static int make_group(struct instance *instance, struct err *err)
{
	struct cgroup_hierarchies all;
	const struct cgroup_hierarchy *memory;
	int rc = cgroup_hierarchies_read(&all, err);

	if (rc)
		return rc;
	memory = cgroup_hierarchy_with(&all, "memory");
	if (!memory)
		return err_fail(err, ENOTSUP, "no memory controller to move in");
	instance->groups.list[0] = *memory;
	instance->groups.nr = 1;
	(void)snprintf(instance->group, sizeof(instance->group), PARENT "/%s",
		       instance->spec->id);
	(void)snprintf(instance->script.move_to, sizeof(instance->script.move_to),
		       "%s/%s/cgroup.procs", memory->dir, instance->group);
	return cgroup_create(&instance->groups, instance->group, err);
}

static void fake_close(struct instance *instance)
{
	struct err ignored = {0};
	size_t removed;

	if (!instance)
		return;
	launch_end(instance->pid, 0);
	if (instance->group[0]) {
		(void)cgroup_remove(&instance->groups, instance->group, &ignored);
		(void)cgroup_reap(&instance->groups, PARENT, &removed, &ignored);
	}
	free(instance);
}
CLEANUP_DEFINE(instance, struct instance *, fake_close)

static int fake_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	cleanup(instance) struct instance *instance = calloc(1, sizeof(*instance));
	struct fake_script *script;
	int rc;

	if (!instance)
		return err_fail(err, ENOMEM, "no memory for an instance");
	instance->spec = spec;
	script = &instance->script;
	script->fault = platform_setting(spec->platform, "fail");
	script->at = setting_number(spec, "at");
	script->latency_ns = setting_number(spec, "latency_us") * NS_PER_US;
	script->cost = 1 + (double)setting_number(spec, "bias_percent") / 100;
	script->clock = (double)setting_number(spec, "clock_percent") / 100;
	memcpy(script->agent_sha256, spec->image->agent_sha256, 32);
	memcpy(script->fio_sha256, spec->image->fio_sha256, 32);
	rc = maybe_fail(instance, "open", err);
	if (!rc && is_told(spec, "moved"))
		rc = make_group(instance, err);
	if (!rc)
		*ret = take_ptr(instance);
	return rc;
}

/* Nothing of the harness's stays open in it: neither streams of other agents nor a
 * terminal whose Ctrl-C would end it. */
static _Noreturn void be_agent(const struct instance *instance, pid_t parent, int channel)
{
	sigset_t none;

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)setsid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
	    (channel != AGENT_FD && dup2(channel, AGENT_FD) < 0))
		_exit(1);
	(void)syscall(SYS_close_range, AGENT_FD + 1, ~0u, 0);
	fake_agent_serve(AGENT_FD, &instance->script);
}

static int fake_start(struct instance *instance, struct start *ret, struct err *err)
{
	int channel[2], rc = maybe_fail(instance, "start", err);
	pid_t parent = getpid();

	if (rc)
		return rc;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel))
		return err_fail(err, errno, "cannot make a channel: %m");
	cleanup(fd) int ours = channel[0];
	cleanup(fd) int theirs = channel[1];

	instance->pid = fork();
	if (instance->pid < 0)
		return err_fail(err, errno, "cannot fork: %m");
	if (instance->pid == 0)
		be_agent(instance, parent, theirs);
	*ret = (struct start){
		.channel = take_fd(&ours), .pid = instance->pid, .phase_nr = 1};
	ret->phases[0].name = "fork";
	ret->phases[0].end_ns = clock_now_ns();
	return 0;
}

static int fake_pause(struct instance *instance, struct err *err)
{
	int rc = maybe_fail(instance, "pause", err);

	return rc ? rc : launch_signal(instance->pid, SIGSTOP, err);
}

static int fake_resume(struct instance *instance, struct err *err)
{
	int rc = maybe_fail(instance, "resume", err);

	return rc ? rc : launch_signal(instance->pid, SIGCONT, err);
}

static int fake_observe(struct instance *instance, struct facts *into, struct err *err)
{
	bool wrong = is_told(instance->spec, "mismatch");
	int rc = maybe_fail(instance, "observe", err);

	if (rc)
		return rc;
	if (facts_add(into, "bias", "as set", wrong ? "another" : "as set", "the script"))
		return err_fail(err, ENOMEM, "no memory for facts");
	return 0;
}

static int fake_account(struct instance *instance, struct account *ret, struct err *err)
{
	int rc = maybe_fail(instance, "account", err);

	if (!rc)
		native_account(instance->pid, &instance->cpu_ns, ret);
	return rc;
}

static const char *fake_target(const struct instance *instance, size_t path)
{
	(void)instance;
	(void)path;
	return "/nowhere";
}

static int fake_stop(struct instance *instance, struct err *err)
{
	launch_end(instance->pid, NATIVE_END_NS);
	instance->pid = 0;
	return maybe_fail(instance, "stop", err);
}

/* The agent dies with its parent. */
static int fake_reap(size_t *removed, struct err *err)
{
	(void)err;
	*removed = 0;
	return 0;
}

const struct driver driver_fake = {
	.name = "fake",
	.summary = "for tests: known numbers, and failures on demand",
	.settings = settings,
	.paths = paths,
	.min_instances = 2,
	.elsewhere = 1u << 0,
	.hidden = true,
	.probe = fake_probe,
	.open = fake_open,
	.start = fake_start,
	.pause = fake_pause,
	.resume = fake_resume,
	.observe = fake_observe,
	.account = fake_account,
	.target = fake_target,
	.stop = fake_stop,
	.close = fake_close,
	.reap = fake_reap,
};
