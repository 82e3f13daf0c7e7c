/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Can a container run here?  Proved by starting one and reading its agent's hello; when
 * that fails the reason is the first thing missing, with the mend.
 */
#include "drivers/lxc_instance.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/host/channel.h"
#include "bench/base/clock.h"

#define HELLO_TIMEOUT_NS (5 * NS_PER_S)

static int need_root(const struct spec *spec, struct err *err)
{
	(void)spec;
	if (geteuid() == 0)
		return 0;
	return err_fail(err, EPERM, "starting containers needs root; run with sudo");
}

static int need_namespaces(const struct spec *spec, struct err *err)
{
	static const char *const kinds[] = {"mnt", "pid", "ipc", "uts", "net", "user"};
	bool mapped = strcmp(platform_setting(spec->platform, "idmap"), "none");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		if ((mapped || strcmp(kinds[i], "user")) && access(path, F_OK))
			return err_fail(err, ENOTSUP,
					"this kernel has no %s namespaces; "
					"boot one with them",
					kinds[i]);
	}
	return 0;
}

/* A read-only root must bring its mount points along. */
static int need_mount_points(const struct spec *spec, struct err *err)
{
	static const char *const points[] = {"dev", "proc", "sys", "tmp", "run", "data"};

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		char path[LXC_PATH_MAX];
		struct stat info;

		(void)snprintf(path, sizeof(path), "%s/%s", spec->image->root, points[i]);
		if (stat(path, &info) || !S_ISDIR(info.st_mode))
			return err_fail(err, ENOENT,
					"the image has no folder '%s'; "
					"run 'make image'",
					path);
	}
	return 0;
}

static int hear_hello(int fd, struct err *err)
{
	struct channel channel = {.fd = fd};
	struct proto_hello hello;
	int rc = channel_hello(&channel, HELLO_TIMEOUT_NS, &hello, err);

	if (!rc)
		channel_bye(&channel);
	return rc;
}

static int try_container(const struct spec *spec, struct err *err)
{
	struct instance *instance = NULL;
	struct start start = {.channel = -1};
	int rc = driver_lxc.open(spec, &instance, err);

	if (!rc)
		rc = driver_lxc.start(instance, &start, err);
	if (!rc)
		rc = hear_hello(start.channel, err);
	if (start.channel >= 0)
		(void)close(start.channel);
	if (!rc)
		rc = driver_lxc.stop(instance, err);
	driver_lxc.close(instance);
	return rc;
}

int lxc_probe(const struct spec *spec, struct probe *ret, struct err *err)
{
	static int (*const needs[])(const struct spec *spec, struct err *err) = {
		need_root, need_namespaces, need_mount_points, try_container};
	struct probe probe = {.state = READY};
	struct err why = {0};
	int rc = 0;

	(void)err;
	for (size_t i = 0; !rc && i < sizeof(needs) / sizeof(needs[0]); i++)
		rc = needs[i](spec, &why);
	if (rc)
		probe.state = UNAVAILABLE;
	(void)snprintf(probe.reason, sizeof(probe.reason), "%.*s",
		       (int)sizeof(probe.reason) - 1,
		       rc ? why.text : "a container was started and its agent answered");
	probe.paths[0].state = probe.state;
	(void)snprintf(probe.paths[0].reason, sizeof(probe.paths[0].reason), "%.*s",
		       (int)sizeof(probe.paths[0].reason) - 1,
		       rc ? why.text : "a folder of the host, bind mounted");
	*ret = probe;
	return 0;
}
