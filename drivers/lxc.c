/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An LXC container by liblxc: the image's tree as read-only root, the agent as its
 * init, namespaces and groups as an ordinary container has them.
 */
#include "drivers/lxc_instance.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/base/cleanup.h"
#include "bench/host/process.h"

#define SECCOMP_PROFILE "/usr/share/lxc/config/common.seccomp"

static const struct setting_def settings[] = {
	{"memory", SETTING_WORD, "limit|none", "limit",
	 "limit the container to the run's memory size, which no workload reaches"},
	{"cpuset", SETTING_WORD, "pinned|none", "pinned",
	 "confine the container to the run's CPUs by its cpuset group"},
	{"idmap", SETTING_WORD, NULL, "none",
	 "none, or <first host id>:<count> for an unprivileged container"},
	{"network", SETTING_WORD, "empty|none", "empty",
	 "empty: a network namespace with lo only; none: the host's network"},
	{"seccomp", SETTING_WORD, "default|none", "default",
	 "system call filter of the distribution's lxc package"},
	{NULL, SETTING_WORD, NULL, NULL, NULL},
};

const struct path_def lxc_paths[] = {
	{"bind", "the host's folder, bind mounted into the container"},
	{NULL, NULL},
};

CLEANUP_DEFINE(instance, struct instance *, lxc_close)

static bool setting_is(const struct platform *platform, const char *name,
		       const char *value)
{
	return !strcmp(platform_setting(platform, name), value);
}

/* liblxc would ignore the key, or fail to start without saying why. */
static int find_controller(const struct instance *instance, const char *name, bool wanted,
			   bool *ret_unified, struct err *err)
{
	const struct cgroup_hierarchy *found =
		cgroup_hierarchy_with(&instance->groups, name);

	if (wanted && !found)
		return err_fail(err, ENOTSUP,
				"this kernel has no %s controller; enable "
				"it at boot or set '%s: none' in %s",
				name, name, instance->spec->platform->file);
	*ret_unified = found && found->unified;
	return 0;
}

static bool has_apparmor(void)
{
	cleanup(file) FILE *stream =
		fopen("/sys/module/apparmor/parameters/enabled", "re");

	return stream && fgetc(stream) == 'Y';
}

static int decide_place(const struct instance *instance, struct lxc_place *ret,
			struct err *err)
{
	const struct platform *platform = instance->spec->platform;
	bool filtered = setting_is(platform, "seccomp", "default");
	struct lxc_place place = {
		.log = instance->log,
		.apparmor = has_apparmor(),
		.seccomp = filtered ? SECCOMP_PROFILE : NULL,
		.relative = instance->above[0] != '\0',
		.devices = cgroup_hierarchy_with(&instance->groups, "devices")};
	int rc;

	if (filtered && access(SECCOMP_PROFILE, R_OK))
		return err_fail(err, ENOENT,
				"cannot read '%s'; install 'lxc' or set "
				"'seccomp: none' in %s",
				SECCOMP_PROFILE, platform->file);
	rc = find_controller(instance, "cpuset", setting_is(platform, "cpuset", "pinned"),
			     &place.cpuset_unified, err);
	if (!rc)
		rc = find_controller(instance, "memory",
				     setting_is(platform, "memory", "limit"),
				     &place.memory_unified, err);
	if (!rc)
		*ret = place;
	return rc;
}

/* Below the group of process 1, as liblxc does it; in a group of our own below what was
 * delegated to us, where that is not ours to use. */
static void name_groups(struct instance *instance)
{
	const char *id = instance->id, *between = "";

	if (instance->groups.delegated) {
		(void)snprintf(instance->above, sizeof(instance->above), "%s" LXC_ABOVE,
			       id);
		between = "/";
	}
	(void)snprintf(instance->payload, sizeof(instance->payload), "%s%s%s" LXC_PAYLOAD,
		       instance->above, between, id);
	(void)snprintf(instance->monitor_group, sizeof(instance->monitor_group),
		       "%s%s%s" LXC_MONITOR, instance->above, between, id);
}

static int make_names(struct instance *instance, struct err *err)
{
	const struct spec *spec = instance->spec;

	if (strlen(spec->id) >= LXC_ID_MAX)
		return err_fail(err, ENAMETOOLONG, "id '%s' is too long", spec->id);
	(void)snprintf(instance->id, sizeof(instance->id), "%s", spec->id);
	name_groups(instance);
	if (spec->run_dir[0] != '/' ||
	    snprintf(instance->log, sizeof(instance->log), "%s/lxc/%s.log", spec->run_dir,
		     spec->id) >= (int)sizeof(instance->log))
		return err_fail(err, EINVAL,
				"run folder '%s' is not a usable absolute path",
				spec->run_dir);
	(void)snprintf(instance->lxcpath, sizeof(instance->lxcpath), "%.*s",
		       (int)(strrchr(instance->log, '/') - instance->log), instance->log);
	/* the container's own root, somebody else on the host, must pass through */
	if (mkdir(instance->lxcpath, 0711) && errno != EEXIST)
		return err_fail(err, errno, "cannot make '%s': %s", instance->lxcpath,
				strerror(errno));
	return 0;
}

int lxc_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	cleanup(instance) struct instance *instance = calloc(1, sizeof(*instance));
	struct lxc_place place;
	int rc;

	if (!instance)
		return err_fail(err, ENOMEM, "no memory for a container");
	instance->spec = spec;
	instance->monitor_fd = instance->init_fd = instance->errors = -1;
	rc = lxc_idmap_parse(platform_setting(spec->platform, "idmap"), &instance->idmap,
			     err);
	if (rc)
		return err_because(err, "%s", spec->platform->file);
	rc = cgroup_hierarchies_read(&instance->groups, err);
	if (!rc)
		rc = cgroup_tenant_check(&instance->groups, err);
	if (!rc)
		rc = make_names(instance, err);
	if (!rc)
		rc = decide_place(instance, &place, err);
	if (!rc)
		rc = lxc_items_build(spec, &place, &instance->items, err);
	if (rc)
		return rc;
	*ret = take_ptr(instance);
	return 0;
}

static void look_for_init(pid_t pid, void *data)
{
	struct instance *instance = data;
	struct process process;

	if (!process_read(pid, &process) && process.parent == instance->monitor)
		instance->init = pid;
}

/* The monitor serves the container: it belongs where no work is timed. */
static void pin_monitor(const struct instance *instance)
{
	cpu_set_t set;

	if (instance->spec->service_cpu >= CPU_SETSIZE)
		return;
	CPU_ZERO(&set);
	CPU_SET(instance->spec->service_cpu, &set);
	(void)sched_setaffinity(instance->monitor, sizeof(set), &set);
}

int lxc_launch(struct instance *instance, struct start *ret, struct err *err)
{
	struct start start;
	int rc = lxc_start(instance, &start, err);
	cleanup(fd) int channel = rc ? -1 : start.channel;

	if (rc)
		return rc;
	cgroup_each(&instance->groups, instance->payload, look_for_init, instance);
	if (instance->init)
		instance->init_fd = (int)syscall(SYS_pidfd_open, instance->init, 0);
	if (instance->init_fd < 0)
		return err_fail(err, ESRCH,
				"cannot find the container's first process in "
				"group '%s'",
				instance->payload);
	pin_monitor(instance);
	start.pid = instance->init;
	start.channel = take_fd(&channel);
	*ret = start;
	return 0;
}

static int freeze(struct instance *instance, bool frozen, struct err *err)
{
	int rc = cgroup_freeze(&instance->groups, instance->payload, frozen, err);

	if (!rc)
		instance->paused = frozen;
	return rc;
}

static int lxc_pause(struct instance *instance, struct err *err)
{
	return freeze(instance, true, err);
}

static int lxc_resume(struct instance *instance, struct err *err)
{
	return freeze(instance, false, err);
}

static const char *lxc_target(const struct instance *instance, size_t path)
{
	(void)instance;
	(void)path;
	return LXC_SCRATCH;
}

static void close_fds(struct instance *instance)
{
	cleanup_fd(&instance->monitor_fd);
	cleanup_fd(&instance->init_fd);
	cleanup_fd(&instance->errors);
	instance->monitor_fd = instance->init_fd = instance->errors = -1;
	instance->init = 0;
}

int lxc_stop(struct instance *instance, struct err *err)
{
	struct err ignored = {0};
	int ended, swept;

	if (instance->paused)
		(void)freeze(instance, false, &ignored);
	ended = lxc_end_processes(instance, err);
	phase_log_note(instance->spec->ending, "stop");
	/* with what is still inside, if need be by force */
	swept = lxc_sweep(&instance->groups, instance->id, instance->lxcpath, err);
	phase_log_note(instance->spec->ending, "cgroup removal");
	if (ended || swept < 0)
		return -err->code;
	close_fds(instance);
	return 0;
}

void lxc_close(struct instance *instance)
{
	struct err ignored = {0};

	if (!instance)
		return;
	if (instance->monitor)
		(void)lxc_stop(instance, &ignored);
	if (instance->above[0]) /* of a start that failed */
		(void)cgroup_remove(&instance->groups, instance->above, &ignored);
	close_fds(instance);
	lxc_items_release(&instance->items);
	(void)unlink(instance->log);
	if (instance->config[0])
		(void)unlink(instance->config);
	(void)rmdir(instance->lxcpath);
	free(instance);
}

const struct driver driver_lxc = {
	.name = "lxc",
	.summary = "LXC container by liblxc, privileged or with an id map",
	.settings = settings,
	.paths = lxc_paths,
	.min_instances = 4,
	.probe = lxc_probe,
	.open = lxc_open,
	.start = lxc_launch,
	.pause = lxc_pause,
	.resume = lxc_resume,
	.observe = lxc_observe,
	.account = lxc_account,
	.target = lxc_target,
	.stop = lxc_stop,
	.close = lxc_close,
	.reap = lxc_reap,
	.tool = &driver_lxc_tool,
	.tool_goal = 1.1,
};
