/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same container by lxc-start: the configuration that liblxc would get goes into a
 * file, and the distribution's program is executed where the monitor would be.
 */
#include <errno.h>
#include <stdio.h>

#include "bench/base/cleanup.h"
#include "bench/base/clock.h"
#include "drivers/lxc_instance.h"

static int write_config(struct instance *instance, struct err *err)
{
	FILE *to;

	(void)snprintf(instance->config, sizeof(instance->config), "%.400s/%.60s.conf",
		       instance->lxcpath, instance->id);
	to = fopen(instance->config, "wex");
	if (!to)
		return err_fail(err, errno, "cannot make '%s': %m", instance->config);
	for (size_t i = 0; i < instance->items.nr; i++)
		fprintf(to, "%s = %s\n", instance->items.list[i].key,
			instance->items.list[i].value);
	return fclose(to)
		       ? err_fail(err, errno, "cannot write '%s': %m", instance->config)
		       : 0;
}

CLEANUP_DEFINE(instance, struct instance *, lxc_close)

static int tool_open(const struct spec *spec, struct instance **ret, struct err *err)
{
	cleanup(instance) struct instance *instance = NULL;
	int rc = lxc_open(spec, &instance, err);

	if (!rc)
		rc = write_config(instance, err);
	if (!rc)
		*ret = take_ptr(instance);
	return rc;
}

static int tool_start(struct instance *instance, struct start *ret, struct err *err)
{
	uint64_t begin_ns = clock_now_ns();
	int rc = lxc_launch(instance, ret, err);

	if (!rc) {
		ret->phases[0].name = "preparation";
		ret->phases[0].end_ns = begin_ns;
	}
	return rc;
}

const struct driver driver_lxc_tool = {
	.name = "lxc-start",
	.summary = "the same container by the distribution's lxc-start",
	.paths = lxc_paths,
	.open = tool_open,
	.start = tool_start,
	.observe = lxc_observe,
	.account = lxc_account,
	.stop = lxc_stop,
	.close = lxc_close,
};
